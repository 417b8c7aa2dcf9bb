"""Who is answered with what: counts before a department files with finance, figures after, every question on record."""

from __future__ import annotations

import pytest

from regulation.reporting import ReportAction, ReportState
from tests.bot.office import Q3, SLOW, Office, titles, words

#: asked of 区教育局 by people outside the unit that filed.
FIGURES = (
    "教育局为什么红",
    "校舍安全改造怎么样",
    "教育局怎么样",
    "教育局支出最慢的3个项目",
    "教育局偏离最大的项目",
)


def report_filed(office: Office) -> None:
    """区教育局 has handed its tables to its head, who has approved them."""
    moves = (
        (ReportState.NOT_STARTED, ReportAction.SUBMIT, ReportState.AWAITING_HEAD),
        (ReportState.AWAITING_HEAD, ReportAction.APPROVE, ReportState.FILED),
    )
    with office.stage.store.begin() as tx:
        for was, action, state in moves:
            tx.save_report(
                "d01",
                Q3,
                base_version=0,
                was=was,
                entries=(),
                basis=None,
                action=action,
                state=state,
                late=False,
                at=office.stage.now(),
                by="liqiang",
            )


def rows(office: Office, prefix: str) -> list[str]:
    """The subjects of the audit rows of that action, newest first."""
    with office.stage.store.read() as tx:
        return [f"{r.by} {r.subject}" for r in tx.audit_rows(50) if r.action.startswith(prefix)]


@pytest.mark.parametrize("line", FIGURES)
@pytest.mark.parametrize("who", ["chenjing", "tenghui"])
def test_finance_sees_figures_only_after_the_department_filed(office: Office, who: str, line: str) -> None:
    office.file("zhangmin", SLOW)
    assert titles(office.say(who, line)) == ["现在还看不到数"]
    assert "采购课桌椅" not in words(office.heard(who))
    assert "62.92%" not in words(office.heard(who))
    report_filed(office)
    (after,) = office.say(who, line)
    assert after.card["title"] != "现在还看不到数"
    assert "采购课桌椅" in words([after]) or "62.92%" in words([after])


@pytest.mark.parametrize("line", FIGURES)
def test_a_division_of_other_departments_is_refused_even_after_filing(office: Office, line: str) -> None:
    office.file("zhangmin", SLOW)
    report_filed(office)
    said = office.say("biyun", line)  # 农业农村科; 区教育局 files with 教科文科
    assert "62.92%" not in words(said)
    assert "采购课桌椅" not in words(said)


@pytest.mark.parametrize("who", ["zhoulei", "hewenbo", "lvcheng", "admin"])
@pytest.mark.parametrize("line", [*FIGURES, "教育局还有谁没交", "教育局谁没打开过", "导出三张表 教育局"])
def test_s07_other_units_and_departments_are_refused_and_it_is_noted(
    office: Office, who: str, line: str
) -> None:
    office.file("zhangmin", SLOW)
    report_filed(office)
    said = office.say(who, line)
    assert "62.92%" not in words(said)
    assert "采购课桌椅" not in words(said)
    assert not any(name.endswith(".xlsx") for s in said for name, _ in s.files)
    if line != "校舍安全改造怎么样":  # a project of others is as one that is not there
        assert rows(office, "question.refused")[0].startswith(f"{who} 2026Q3:")


def test_a01_every_answer_about_others_is_on_record_and_ones_own_is_not(office: Office) -> None:
    office.say("zhangmin", "还有谁没交")
    assert rows(office, "question.") == []
    office.say("liqiang", "还有谁没交")
    office.say("wangju", "新桥小学还有谁没交")
    assert rows(office, "question.asked") == ["wangju 2026Q3:u0102", "liqiang 2026Q3:d01"]


def test_the_left_out_departments_are_counted_in_the_answer(office: Office) -> None:
    office.file("zhangmin", SLOW)
    report_filed(office)
    (said,) = office.say("chenjing", "二季度支出最慢的3个项目")
    assert said.card["title"] == "现在还看不到数", "the second quarter's reports were never filed"
    (said,) = office.say("chenjing", "支出最慢的3个项目")
    assert titles([said]) == ["全区支出最慢的 1 个项目"]


def test_f06_somebody_else_s_similar_notice_is_pointed_out(office: Office) -> None:
    given = {"title": "三季度催报", "text": "请今天报送。", "whom": "经办人"}
    office.say("shenyi", "通知")
    office.tap("shenyi", "看样子", given)
    office.tap("shenyi", "确认发送")
    office.clock("10-08 09:05")
    office.say("chenjing", "群发")
    shown = office.tap("chenjing", "看样子", given)
    assert "5 分钟前沈怡发过《三季度催报》" in words(shown)


def test_a07_a_marked_text_is_neither_kept_nor_shown_again(office: Office) -> None:
    office.say("chenjing", "通知")
    shown = office.tap("chenjing", "看样子", {"title": "情况", "text": "机密★10年 内容", "whom": "经办人"})
    assert "正文里有涉密标志" in words(shown)
    assert "内容" not in [i.get("value") for s in shown for i in s.card["inputs"]]
    with office.stage.store.read() as tx:
        text, _ = tx.session("chenjing")
        assert "机密" not in (text or "")
        assert tx.notices_of("chenjing", 5) == []
