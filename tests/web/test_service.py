"""What a running installation serves beside the callbacks: health for a watchdog, numbers for a monitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from scheduler.clock import SHANGHAI
from web.service import Vitals, create_service

NOW = datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI)


def _queues() -> Mapping[tuple[str, str], int]:
    return {("outbox", "waiting"): 3, ("inbox", "done"): 7}


def _broken() -> Mapping[tuple[str, str], int]:
    raise OSError("disk")


ALIVE = Vitals(lambda: NOW, lambda: NOW - timedelta(minutes=1), _queues)


@pytest.mark.parametrize(
    ("vitals", "status"),
    [
        (ALIVE, 200),
        (replace(ALIVE, ticked=lambda: None), 503),
        (replace(ALIVE, ticked=lambda: NOW - timedelta(minutes=6)), 503),
        (replace(ALIVE, queues=_broken), 503),
    ],
    ids=["alive", "never ticked", "stopped ticking", "no database"],
)
def test_health(vitals: Vitals, status: int) -> None:
    assert TestClient(create_service(vitals, {})).get("/health").status_code == status


def test_health_says_how_each_platform_is_connected_and_stays_well() -> None:
    """A watchdog that starts the program anew would not bring a platform back."""
    links = {"dingtalk": ("refused", "钉钉不认这个应用"), "wecom": ("up", "")}
    client = TestClient(create_service(replace(ALIVE, links=lambda: links), {}))
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["platforms"] == {
        "dingtalk": {"state": "refused", "why": "钉钉不认这个应用"},
        "wecom": {"state": "up", "why": ""},
    }
    text = client.get("/metrics").text
    assert 'jixiao_platform_up{platform="dingtalk",state="refused"} 0.0' in text
    assert 'jixiao_platform_up{platform="wecom",state="up"} 1.0' in text


def test_metrics_are_text_a_monitor_reads() -> None:
    text = TestClient(create_service(ALIVE, {})).get("/metrics").text
    assert 'jixiao_queue_rows{queue="outbox",state="waiting"} 3.0' in text
    assert "jixiao_tick_age_seconds 60.0" in text


def test_callbacks_are_mounted_and_everything_else_is_not_there() -> None:
    client = TestClient(create_service(ALIVE, {"/callback/wecom": PlainTextResponse("here")}))
    assert client.get("/callback/wecom/").text == "here"
    assert client.get("/callback/wecom").text == "here"
    for path in ("/", "/callback/dingtalk", "/clock", "/api/clock"):
        assert client.get(path).status_code == 404, "C10: no simulator here"


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/api/v1/rounds/2026Q3", 404, "没有这个地址。"),
        ("POST", "/health", 405, "这个地址不能用这种方法。"),
    ],
)
def test_what_is_not_there_is_said_in_chinese(method: str, path: str, status: int, words: str) -> None:
    answer = TestClient(create_service(ALIVE, {})).request(method, path)
    assert (answer.status_code, answer.json()["message"].startswith(words)) == (status, True)
