"""The wrapped SDK against a gateway that misbehaves: every frame has its answer, nothing hangs, nothing storms."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import structlog
from aiohttp import web
from structlog.testing import capture_logs

from bot.ports import LinkState
from platforms.dingtalk.frames import Ack
from tests.platforms.dingtalk.gate import (
    CARD,
    ROBOT,
    SECRET,
    TICKET,
    Gate,
    aborting,
    closing,
    frame,
    listen,
    saying,
    streaming,
    well,
)

SAID = {"senderStaffId": "zhangmin", "msgtype": "text", "text": {"content": "支出201.35机密"}}


def play(told: Callable[..., Coroutine[Any, Any, None]], gate: Gate, **given: Any) -> None:
    async def all_of_it() -> None:
        async with gate.serving(), streaming(gate, **given) as stream:
            await told(gate, stream)

    asyncio.run(all_of_it())


async def failing(_frame: Any) -> Ack:
    raise RuntimeError("支出201.35机密")


def test_it_asks_for_what_it_can_answer():
    async def told(gate, _stream):
        await gate.until(lambda: gate.connected)
        assert gate.asked[0]["subscriptions"] == [
            {"type": "EVENT", "topic": "*"},
            {"type": "CALLBACK", "topic": ROBOT},
            {"type": "CALLBACK", "topic": CARD},
        ]

    play(told, Gate(listen))


def test_w6_what_fails_is_answered_500_so_that_it_comes_again():
    async def told(gate, _stream):
        ack = await gate.ack()
        assert (ack["code"], ack["headers"]["messageId"]) == (500, "m1")
        again = await gate.ack()
        assert again["code"] == 500, "a failure is not remembered as done"

    play(told, Gate(saying(frame(CARD), frame(CARD))), answer=failing)


def test_w6_t09_a_robot_message_that_was_not_kept_has_no_answer(capfd):
    """DingTalk delivers again what nobody answered; what it does after a bad answer nobody knows."""

    async def told(gate, _stream):
        assert (await gate.ack())["headers"]["messageId"] == "m2", "the tap after it"

    play(told, Gate(saying(frame(ROBOT), frame(CARD, "m2"))), answer=failing)


@pytest.mark.parametrize(
    "raw",
    [
        "{broken",
        "[]",
        '"text"',
        "7",
        '{"type": "CALLBACK", "headers": [1]}',
        '{"type": "CALLBACK", "headers": {"messageId": ["m"], "topic": 7, "time": "x"}, "data": 7}',
    ],
)
def test_w8_m01_a_broken_frame_ends_nothing(raw):
    async def told(gate, _stream):
        while (await gate.ack())["headers"]["messageId"] != "good":
            pass
        assert gate.connected == 1

    play(told, Gate(saying(raw, frame(ROBOT, "good", SAID))))


def test_w1_l02_a_page_instead_of_json_is_tried_again():
    pages = iter([web.Response(text="<html>", content_type="text/html")])

    async def told(gate, _stream):
        await gate.until(lambda: gate.connected)
        assert len(gate.opened) == 2

    play(told, Gate(listen, opening=lambda: next(pages, None)))


def test_gateway_401_and_503_are_tried_again():
    answers = iter(
        [
            web.json_response({"code": "authFailed", "message": SECRET}, status=401),
            web.Response(status=503, text="Service Unavailable"),
        ]
    )

    async def told(gate, _stream):
        await gate.until(lambda: gate.connected)
        assert len(gate.opened) == 3

    play(told, Gate(listen, opening=lambda: next(answers, None)))


def test_k08_a_wrong_secret_is_said_once_in_words_and_asked_about_rarely():
    wrong = {"code": "authFailed", "message": SECRET}

    async def told(gate, stream):
        assert stream.link().state is LinkState.DOWN, "one stumble is none"
        with capture_logs() as logs:
            await gate.until(lambda: stream.link().state is LinkState.REFUSED)
            await asyncio.sleep(1.5)
        assert len(gate.opened) == 2
        assert stream._reconnect_delay(5) == 300
        (said,) = [line for line in logs if line["event"] == "dingtalk.wrong_secret"]
        assert "JIXIAO_DINGTALK_CLIENT_SECRET" in said["todo"]
        assert said["log_level"] == "error"
        assert SECRET not in repr(logs)

    play(told, Gate(listen, opening=lambda: web.json_response(wrong, status=401)))


def test_the_link_says_how_the_line_is():
    async def told(gate, stream):
        await gate.until(lambda: stream.link().state is LinkState.UP)

    play(told, Gate(listen))


@pytest.mark.parametrize("endpoint", ["", "ftp://127.0.0.1/x", "javascript:1"])
def test_an_endpoint_that_is_none_is_not_connected_to(endpoint):
    answers = iter([web.json_response({"endpoint": endpoint, "ticket": TICKET})])

    async def told(gate, _stream):
        await gate.until(lambda: gate.connected)
        assert len(gate.opened) == 2

    play(told, Gate(listen, opening=lambda: next(answers, None)))


def test_w2_w5_a_hanging_gateway_holds_nothing_up_and_can_be_left():
    async def told(gate, _stream):
        await asyncio.wait_for(gate.hanging.wait(), 10)
        for _ in range(100):
            await asyncio.sleep(0)  # the loop goes round while the question hangs

    gate = Gate(listen)
    gate.hang = True
    play(told, gate, seconds=30.0)  # streaming() itself must be left within three seconds


def test_w2_it_is_left_while_a_frame_is_being_answered():
    begun = asyncio.Event()

    async def slowly(found):
        begun.set()
        await asyncio.sleep(60)
        return await well(found)

    async def told(_gate, _stream):
        await asyncio.wait_for(begun.wait(), 10)

    play(told, Gate(saying(frame(ROBOT))), answer=slowly)


def test_w3_t25_a_clean_close_loop_is_no_storm():
    async def told(gate, _stream):
        await gate.until(lambda: len(gate.opened) >= 4)
        await asyncio.sleep(0.8)  # the next one is more than a second away
        assert len(gate.opened) <= 5

    play(told, Gate(closing))


def test_t25_disconnect_over_and_over_is_no_storm_either():
    leave = frame("disconnect", "d", {"reason": "connection is expired"}, kind="SYSTEM")

    async def told(gate, _stream):
        await gate.until(lambda: len(gate.opened) >= 4)
        await asyncio.sleep(0.8)
        assert len(gate.opened) <= 5

    play(told, Gate(saying(leave)))


def test_w4_a_broken_line_is_opened_again_at_once():
    async def told(gate, _stream):
        await gate.until(lambda: gate.connected == 2)
        assert gate.opened[1] - gate.opened[0] < 2  # the vendor's own pause was ten seconds
        assert (await gate.ack())["headers"]["messageId"] == "after"

    play(told, Gate(aborting, saying(frame(ROBOT, "after", SAID))))


def test_w10_an_answer_goes_where_its_frame_came_from_or_nowhere():
    release = asyncio.Event()

    async def slowly(found):
        if found.message_id == "old":
            await release.wait()
        return await well(found)

    async def leaving(gate, socket):
        await socket.send_str(frame(ROBOT, "old", SAID))
        await asyncio.sleep(0)
        await socket.close(code=1000)

    async def told(gate, _stream):
        assert (await gate.ack())["headers"]["messageId"] == "new"
        release.set()
        assert gate.acks.empty()

    play(told, Gate(leaving, saying(frame(ROBOT, "new", SAID))), answer=slowly)


def test_the_same_frame_again_is_answered_alike_and_decided_once():
    seen = []

    async def counting(found):
        seen.append(found.message_id)
        return await well(found)

    async def told(gate, _stream):
        assert await gate.ack() == await gate.ack()
        assert seen == ["m1"]

    play(told, Gate(saying(frame(ROBOT), frame(ROBOT))), answer=counting)


def test_ping_is_echoed_and_keepalive_answered():
    async def echo(found):
        return Ack(found.message_id, data=json.loads(found.data))

    async def told(gate, _stream):
        assert (await gate.ack())["data"] == {"opaque": "o1"}

    play(told, Gate(saying(frame("ping", "p", {"opaque": "o1"}, kind="SYSTEM"))), answer=echo)


def test_w9_no_ticket_secret_or_payload_is_logged(capfd):
    leave = frame("disconnect", "d", {"reason": "支出201.35机密"}, kind="SYSTEM")
    strange = frame("/unheard/of", "u", SAID)
    script = saying("支出201.35机密", frame(ROBOT, "m1", SAID), strange, leave)

    async def told(gate, _stream):
        await gate.until(lambda: gate.connected >= 2)

    structlog.reset_defaults()
    with capture_logs() as logs:
        play(told, Gate(script), answer=failing)
    lines = repr([{k: v for k, v in line.items() if k != "exc_info"} for line in logs]) + "".join(
        capfd.readouterr()
    )
    assert "dingtalk.sdk" in lines
    for secret in (TICKET, SECRET, "201.35", "机密", "zhangmin"):
        assert secret not in lines
