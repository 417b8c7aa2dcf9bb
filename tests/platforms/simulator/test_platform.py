"""Sending on the simulated platform, with every fault switched on once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sample_cards as samples
from structlog.testing import capture_logs

from bot.ports import Delivery, Platform, SendFailed
from platforms.simulator import Faults, Phones, SimulatorPlatform

AT = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DELIVERY = Delivery("zhangmin", samples.REMINDER, "tok", "k1", "", {}, AT)
SOON = AT + timedelta(seconds=30)


@pytest.fixture
def platform(tmp_path):
    return SimulatorPlatform(Phones(tmp_path / "phones.jsonl"))


def send(platform, delivery=DELIVERY):
    return asyncio.run(platform.send(delivery))


def shown(platform):
    return len(platform.phones.messages("zhangmin"))


def test_it_is_a_platform(platform):
    found: Platform = platform
    assert found.name == "simulator"
    assert found.read("m", {"type": "join", "user": "zhangmin"}, AT).who == "zhangmin"


def test_a_message_appears_in_both_skins(platform):
    assert send(platform) == "sim-k1"
    (message,) = platform.phones.messages("zhangmin")
    assert set(message.drawn) == {"dingtalk", "wecom"}
    assert (message.token, message.key, message.at) == ("tok", "k1", AT)


@pytest.mark.parametrize(
    ("faults", "code", "retryable", "pause"),
    [
        (Faults(rate_limited_until=SOON), "45009", True, 60),
        (Faults(offline_until=SOON), "offline", True, 0),
        (Faults(broken=frozenset({"zhangmin"})), "60111", False, 0),
    ],
    ids=["rate-limited", "offline", "broken-user"],
)
def test_refusals_show_nothing_and_say_whether_to_try_again(platform, faults, code, retryable, pause):
    platform.faults = faults
    with pytest.raises(SendFailed) as caught:
        send(platform)
    assert (caught.value.code, caught.value.retryable, caught.value.pause_seconds) == (code, retryable, pause)
    assert shown(platform) == 0


@pytest.mark.parametrize("faults", [Faults(rate_limited_until=SOON), Faults(offline_until=SOON)])
def test_a_passing_fault_passes(platform, faults):
    platform.faults = faults
    send(platform, replace(DELIVERY, at=SOON))
    assert shown(platform) == 1


def test_accepted_and_silently_dropped_once(platform):
    platform.faults = Faults(silent=1)
    assert send(platform) == "sim-k1"
    assert shown(platform) == 0
    send(platform, replace(DELIVERY, key="k2"))
    assert shown(platform) == 1


def test_shown_twice_once(platform):
    platform.faults = Faults(duplicate=1)
    send(platform)
    send(platform, replace(DELIVERY, key="k2"))
    assert shown(platform) == 3


def test_the_same_key_is_not_shown_again_for_four_hours(platform):
    send(platform)
    send(platform, replace(DELIVERY, at=AT + timedelta(hours=4)))
    assert shown(platform) == 1
    send(platform, replace(DELIVERY, at=AT + timedelta(hours=5)))
    assert shown(platform) == 2


def test_the_duplicate_check_can_be_switched_off(platform):
    platform.faults = Faults(duplicate_check=False)
    send(platform)
    send(platform)
    assert shown(platform) == 2


def test_n23_degradation_is_logged_by_name(platform):
    with capture_logs() as logs:
        send(platform, replace(DELIVERY, card=samples.LONG))
    assert [(e["card"], e["skin"]) for e in logs if e["event"] == "card.degraded"] == [("help.long", "wecom")]
