"""The doctor against an application that lacks one thing at a time; the commands an operator types."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.forecasting import demand
from bot.law import shipped_law
from platforms.common.memory import MemoryShelf
from platforms.dingtalk.doctor import Doctor, Finding
from platforms.dingtalk.planning import Cost, cost, months, verdict
from platforms.dingtalk.platform import DingTalkPlatform
from regulation.reminders import plan
from regulation.rounds import MonitoringRound
from sandbox.dingtalk import serving
from sandbox.dingtalk.phones import Phone
from tests.platforms.dingtalk.house import APP, SECRET, configured


def examined(world, to="", **changed):
    async def all_of_it():
        async with serving(world) as base:
            own = configured(base, **changed)
            own = replace(own, api=changed.get("api", base))
            return await Doctor(DingTalkPlatform(own, MemoryShelf(), world.clock.now)).examine(to)

    return asyncio.run(all_of_it())


def wrong(findings):
    return {f.what: f.todo for f in findings if f.mark != "✓"}


def test_all_is_well(world):
    findings = examined(world, to="zhangmin")
    assert wrong(findings) == {}
    assert len(findings) == 9
    assert "接通了" in str(Phone(world, "zhangmin").screen())


def test_nobody_hears_of_it_unless_named(world):
    examined(world)
    assert all(Phone(world, user).screen() == [] for user in world.directory.people)


LACKS = [
    ("qyapi_robot_sendmsg", "机器人", "权限"),
    ("Card.Instance.Write", "互动卡片和模板", "权限"),
    ("qyapi_base", "工作通知", "权限"),
    ("qyapi_get_department_list", "通讯录：部门", "权限"),
    ("qyapi_get_department_member", "通讯录：人员", "权限"),
]


@pytest.mark.parametrize(("permission", "what", "todo"), LACKS, ids=[row[0] for row in LACKS])
def test_a_missing_permission_is_named_where_it_is_missed(world, permission, what, todo):
    world.apps[APP.client_id] = replace(APP, permissions=APP.permissions - {permission})
    found = wrong(examined(world))
    assert list(found) == [what]
    assert todo in found[what]


def test_a_wrong_secret_ends_the_questions(world):
    (only,) = examined(world, client_secret="wrong")
    assert (only.mark, only.what) == ("✕", "凭证")
    assert "Client Secret 不对" in only.todo


def test_a_template_that_is_not_there(world):
    world.templates.known.clear()
    assert "JIXIAO_DINGTALK_TEMPLATE_ID" in wrong(examined(world))["互动卡片和模板"]


def test_an_unpublished_template(world):
    next(iter(world.templates.known.values())).published = False
    assert "发布" in wrong(examined(world))["互动卡片和模板"]


def test_a_wrong_robot_code(world):
    assert "JIXIAO_DINGTALK_ROBOT_CODE" in wrong(examined(world, robot_code="dingother"))["机器人"]


def test_without_template_and_agent_it_works_with_less(world):
    findings = examined(world, template_id="", agent_id="")
    assert {f.what: f.mark for f in findings if f.mark != "✓"} == {"互动卡片和模板": "△", "工作通知": "△"}


def test_nobody_there(world):
    (only,) = examined(world, api="http://127.0.0.1:9")
    assert "443" in only.todo


def test_no_finding_shows_the_secret(world):
    assert SECRET not in repr(examined(world, robot_code="dingother"))
    assert str(Finding("✕", "机器人", "没有")) == "✕ 机器人：没有"


# -- what an operator types -------------------------------------------------------------------------


def typed(monkeypatch, tmp_path, *words, **settings):
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(f"JIXIAO_{name.upper()}", value)
    return CliRunner().invoke(app, list(words))


def test_the_check_without_settings_says_what_to_set(monkeypatch, tmp_path):
    done = typed(monkeypatch, tmp_path, "check", "dingtalk")
    assert done.exit_code == 1
    assert "JIXIAO_DINGTALK_CLIENT_ID" in done.output


def test_the_check_reads_the_named_file(monkeypatch, tmp_path):
    lines = (
        "JIXIAO_DINGTALK_CLIENT_ID=dingapp",
        f"JIXIAO_DINGTALK_CLIENT_SECRET={SECRET}",
        "JIXIAO_DINGTALK_API=http://127.0.0.1:9",
    )
    (tmp_path / "mine.env").write_text("\n".join(lines))
    done = typed(monkeypatch, tmp_path, "check", "dingtalk", "--settings", "mine.env")
    assert done.exit_code == 1
    assert "✕ 凭证" in done.output
    assert SECRET not in done.output


def test_half_of_the_credentials_is_refused(monkeypatch, tmp_path):
    done = typed(monkeypatch, tmp_path, "quota", dingtalk_client_id="dingapp")
    assert "要一起设" in str(done.exception)


def test_the_forecast_of_a_round(monkeypatch, tmp_path, database):
    given = {"database": f"sqlite:///{database}", "dingtalk_client_id": "a", "dingtalk_client_secret": "b"}
    done = typed(monkeypatch, tmp_path, "quota", "--plan", "2026Q3", **given)
    assert done.exit_code == 0, done.output
    assert "67 张附表1" in done.output
    assert "2026-10 合计" in done.output
    assert "✓ 够" in done.output
    tight = typed(monkeypatch, tmp_path, "quota", "--plan", "2026Q3", dingtalk_monthly_calls="50", **given)
    assert tight.exit_code == 1
    assert "✕ 不够" in tight.output
    now = typed(monkeypatch, tmp_path, "quota", **given)
    assert "接口调用 0/" in now.output


def test_by_hand_without_settings_says_what_to_set(monkeypatch, tmp_path):
    done = typed(monkeypatch, tmp_path, "dingtalk", "recall", "notice:7")
    assert done.exit_code == 1
    assert "JIXIAO_DINGTALK_CLIENT_ID" in done.output


def test_by_hand_a_refusal_is_said_in_words(monkeypatch, tmp_path, database):
    given = {"database": f"sqlite:///{database}", "dingtalk_client_id": "a", "dingtalk_client_secret": "b"}
    away = {"dingtalk_api": "http://127.0.0.1:9", "dingtalk_oapi": "http://127.0.0.1:9"}
    done = typed(monkeypatch, tmp_path, "dingtalk", "group", "cid", "明天截止", **given, **away)
    assert done.exit_code == 1
    assert "没有办成：连不上" in done.output


# -- the forecast -----------------------------------------------------------------------------------


class Told:
    month, what, same, taps = "2026-10", "提醒", True, 0

    def __init__(self, people, same=True):
        self.people, self.same = people, same


@pytest.mark.parametrize(
    ("people", "same", "agent", "calls"),
    [
        (100, True, "7", 5),
        (101, True, "7", 10),
        (100, True, "", 20),
        (100, False, "7", 100),
        (0, True, "7", 0),
    ],
)
def test_the_cheapest_way_is_what_is_counted(people, same, agent, calls):
    own = replace(configured("a"), agent_id=agent)
    assert cost(Told(people, same), own).calls == calls


def test_months_add_up():
    own = configured("a")
    assert months([Told(100), Told(100)], own)["2026-10"].calls == 10


@pytest.mark.parametrize(
    ("calls", "pushes", "mark"),
    [(10, 10, "✓"), (3500, 0, "△"), (0, 2100, "△"), (5001, 0, "✕"), (0, 3001, "✕")],
)
def test_the_verdict(calls, pushes, mark):
    assert verdict(Cost("", calls, pushes), configured("a")).startswith(mark)


def test_the_demand_of_the_demonstration(world):
    from intake.demo import demo_roster

    law = shipped_law()
    found = demand(demo_roster(), plan(MonitoringRound(2026, 3), law.workdays))
    first = found.moments[0]
    assert (found.forms, first.most) == (67, len({p.filler_id for p in demo_roster().projects}))
    assert all(m.likely <= m.most for m in found.moments)


def test_a_month_that_fills_up_is_told_once_at_each_mark(play, world):
    def told_of(user, *words):
        texts = [str(m) for m in Phone(world, user).screen()]
        return [t for t in texts if all(w in t for w in ("本月用量", *words))]

    async def told(house):
        month = f"{world.clock.now():%Y-%m}"
        await house.tick()
        assert told_of("admin") == []
        house.platform._shelf.count(f"calls:{month}:x", 720)
        for _ in range(3):
            await house.tick()
        await house.until(lambda: told_of("admin", "过了 70%"))
        assert len(told_of("admin")) == 1
        assert len(told_of("chenjing", "过了 70%")) == 1
        house.platform._shelf.count(f"calls:{month}:x", 400)
        await house.tick()
        await house.until(lambda: told_of("admin", "用完了"))

    play(told, monthly_calls=1000)
