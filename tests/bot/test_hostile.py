"""Hostile events against the real application: nothing changes that may not, and the answer is kind."""

from dataclasses import replace

import pytest

from bot import sessions
from bot.cards.tracing import behind
from intake.demo import demo_roster
from regulation.problems import CATALOGUE
from regulation.provenance import Source
from regulation.roster import Duty, Role
from regulation.tracing import parts, unit_figure
from tests.bot.office import SLOW, Office, moment, of, open_office, titles, with_person, words

ROSTER = demo_roster()


# -- tampered cards (S01–S03) -----------------------------------------------------------------------


def tap(user, token, action, **more):
    return {"type": "tap", "user": user, "token": token, "action": action, **more}


TAMPERED = {
    "S02 another form in the action": ("card.no_such_action", "zhangmin", "fill:2026Q3:p003"),
    "S02 an action the card has not": ("card.no_such_action", "zhangmin", "submit"),
    "S02 an action nobody has": ("card.no_such_action", "zhangmin", "drop_tables"),
    "S02 an empty verb": ("card.no_such_action", "zhangmin", ":"),
    "M11 a line break in the action": ("card.no_such_action", "zhangmin", "fill\r\nSet-Cookie: a=1"),
    "S01 somebody else's card": ("card.not_yours", "zhoulei", "fill"),
    "S01 the head of the department": ("card.not_yours", "wangju", "fill"),
}
TOKENS = {
    "S02 cut short": lambda token: token[:-1],
    "S02 made up": lambda token: "x" * 22,
    "M08 SQL": lambda token: "' OR 1=1 --",
    "M09 markup": lambda token: "<script>",
}


@pytest.mark.parametrize(("code", "user", "action"), TAMPERED.values(), ids=TAMPERED)
def test_a_tampered_tap_changes_nothing(office: Office, code, user, action):
    reminder, _ = office.button("zhangmin", "去填报")
    refused(office, tap(user, reminder.token, action), CATALOGUE[code].format(name="张敏"))


@pytest.mark.parametrize("change", TOKENS.values(), ids=TOKENS)
def test_a_tampered_token_changes_nothing(office: Office, change):
    reminder, _ = office.button("zhangmin", "去填报")
    refused(office, tap("zhangmin", change(reminder.token), "fill"), CATALOGUE["card.unknown"])


def refused(office: Office, payload, sentence: str) -> None:
    before = office.audited()
    (answer,) = office.send(payload)
    assert answer.card["text"] == sentence
    assert answer.card["buttons"]
    assert office.audited() == before
    assert refusals(office) == 1


def refusals(office: Office) -> int:
    with office.stage.store.read() as tx:
        return sum(row.action == "card.refused" for row in tx.audit_rows(50))


def test_s03_keys_the_form_did_not_ask_are_refused_by_name(office: Office):
    office.say("zhangmin", "填报 校舍")
    seen, action = office.button("zhangmin", "填好了")
    answers = {
        "actual.1": "36",
        "version": "9",
        "base_version": "7",
        "person_id": "liqiang",
        "actual.77": "1",
    }
    (answer,) = office.send({**tap("zhangmin", seen.token, action), "type": "fill", "answers": answers})
    assert "这张表没有第“version”项" in words([answer])
    draft = office.draft("zhangmin")
    assert (draft.person_id, draft.base_version, [k for k, _ in draft.entries]) == (
        "zhangmin",
        0,
        ["actual.1"],
    )


MALFORMED = {
    "M07 a number for a text": {"type": "text", "user": "zhangmin", "text": 5},
    "M07 an extra key": {"type": "text", "user": "zhangmin", "text": "填报", "admin": True},
    "M07 no text": {"type": "text", "user": "zhangmin"},
    "M07 null": {"type": "text", "user": "zhangmin", "text": None},
    "M07 a list of answers": {**tap("zhangmin", "t", "check"), "type": "fill", "answers": [1]},
    "M07 an unknown type": {"type": "root", "user": "zhangmin"},
    "N20 a text too long": {"type": "text", "user": "zhangmin", "text": "甲" * 100_000},
}


@pytest.mark.parametrize("payload", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_delivery_changes_nothing(office: Office, payload):
    before = office.audited()
    answer = office.send(payload)
    assert CATALOGUE["input.unreadable"] in words(answer)
    assert office.audited() == before


# -- hostile words ----------------------------------------------------------------------------------

HOSTILE = {
    "S05 a path": "填报 2026Q3:../../x",
    "S05 another unit's form": "填报 2026Q3:p003",
    "S05 another unit's table": "出表 2026Q3:p003",
    "S05 another unit's correction": "更正 2026Q3:p003",
    "S05 another unit's project given away": "不归我填 2026Q3:p003",
    "S05 no such project": "填报 2026Q3:nobody",
    "an impossible quarter": "更正 9999Q9:x",
    "a quarter the 办法 does not know": "填报 2026Q1:p001",
    "a round to come": "填报 2027Q2:p001",
    "a round long past": "更正 2001Q3:p001",
    "M08 a wildcard": "出表 %",
    "M08 an underscore": "填报 _",
    "M08 SQL": "填报 '; DROP TABLE figure; --",
    "M08 SQL without a word": "' OR '1'='1",
    "M09 markup": "填报 <script>alert(1)</script>",
    "M09 a template": "{{7*7}} ${7*7} %s %n",
    "M09 everybody called": "@所有人 填报",
    "M09 a link": "[点这里](javascript:alert(1))",
    "M11 line breaks": "填报\r\nSet-Cookie: a=1",
    "a very long name": "填报 " + "长" * 3000,
    "only blanks between": "　\t ",
    "a long word": "填" * 3900,
    "F14 abuse": "什么破系统",
    "F14 two thousand characters": "今天天气不错。" * 285,
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_change_nothing_and_are_answered(office: Office, line):
    before = office.audited()
    answer = office.say("zhangmin", line)
    assert answer
    assert office.audited() == before
    assert "p003" not in words(answer)
    assert "义务教育学生营养改善" not in words(answer)
    assert max(len(text) for s in answer for text in (s.card["title"], s.card.get("text", ""))) < 400
    assert office.unhandled() == 0


def test_m08_a_wildcard_is_a_character(office: Office):
    office.file("zhangmin", SLOW)
    answer = office.say("zhangmin", "出表 %")
    assert "没找到名字里带“%”、您能看的表" in words(answer)
    assert titles(answer) == ["没有办成", "要看哪一个？"]
    assert titles(office.say("zhangmin", "出表 校舍")) == ["附表1 新桥小学校舍安全改造"]


def test_words_of_no_form_offer_the_forms_there_are(office: Office):
    assert titles(office.say("zhangmin", "填报 图书馆")) == ["没有办成", "要填哪一个？"]
    assert "没找到名字里带“图书馆”、要您填的表" in words(office.say("zhangmin", "填报 图书馆"))
    assert "三季度您还没有已报送的表可以更正" in words(office.say("zhangmin", "更正 图书馆"))
    assert titles(office.tap("zhangmin", "新桥小学操场翻新")) == ["新桥小学操场翻新"]


def test_n01_a_full_width_blank_parts_the_word(office: Office):
    assert titles(office.say("zhangmin", "填报　操场")) == ["新桥小学操场翻新"]
    assert titles(office.say("zhangmin", "  填报\n操场 ")) == ["新桥小学操场翻新"]


UGLY = '<b>改</b>"><img onerror=x>{{7*7}}[点](javascript:1)@所有人\r\nX: 1'


def test_m09_m11_an_ugly_project_name_calls_nobody_and_files_well(tmp_path):
    school = replace(next(p for p in ROSTER.projects if p.id == "p001"), name=UGLY)
    others = tuple(p for p in ROSTER.projects if p.id != "p001")
    office = open_office(tmp_path / "ugly", replace(ROSTER, projects=(school, *others)))
    try:
        office.file("zhangmin", SLOW.replace("同", "=100"), "填报 2026Q3:p001")
        (table,) = office.say("zhangmin", "出表")
        assert table.files
        assert all(not set(name) & set('<>"/\\\r\n@[]') for name, _ in table.files)
        for seen in (*office.heard("zhangmin"), *office.heard("liqiang")):
            said = [m["text"] for m in seen.drawn["wecom"]["messages"] if m["kind"] == "text"]
            assert not any("@" in text or "<" in text for text in said)
    finally:
        office.close()


# -- who is asking ----------------------------------------------------------------------------------


def test_a_stranger_is_told_so_and_nothing_else_happens(office: Office):
    before = office.audited()
    for line in ("填报", "进度", "出表 2026Q3:p001", "1=36"):
        assert CATALOGUE["person.unknown"] in words(office.say("mallory", line))
    seen, action = office.button("zhangmin", "去填报")
    assert CATALOGUE["person.unknown"] in words(office.send(tap("mallory", seen.token, action)))
    assert office.audited() == before


def test_s13_somebody_who_left_is_a_stranger_and_hears_nothing_more(office: Office):
    office.say("zhangmin", "填报 校舍")
    with office.stage.store.begin() as tx:
        tx.import_roster(
            with_person(ROSTER, replace(of(ROSTER, "zhangmin"), active=False)), moment("10-08 09:20"), "it"
        )
    before = office.audited()
    assert CATALOGUE["person.unknown"] in words(office.say("zhangmin", "1=36"))
    seen, action = office.button("zhangmin", "填好了")
    assert CATALOGUE["person.unknown"] in words(office.send(tap("zhangmin", seen.token, action)))
    assert office.audited() == before
    shown = len(office.heard("zhangmin", "remind:"))
    office.clock("10-13 09:05")
    assert len(office.heard("zhangmin", "remind:")) == shown


@pytest.mark.parametrize(
    ("who", "line", "sees"),
    [
        ("zhangmin", "进度", {"新桥小学校舍安全改造", "新桥小学操场翻新"}),
        ("sunxiao", "进度", {"新桥小学校舍安全改造", "新桥小学操场翻新"}),
        ("sunxiao", "进度 实验幼儿园", {"新桥小学校舍安全改造", "新桥小学操场翻新"}),
        ("liqiang", "进度 d02", {"新桥小学", "实验幼儿园", "滨河中学", "区教育局本级", "区教师发展中心"}),
        ("wangju", "进度 u0201", {"新桥小学", "实验幼儿园", "滨河中学", "区教育局本级", "区教师发展中心"}),
    ],
)
def test_s05_s07_progress_shows_ones_own_scope_whatever_is_asked(office: Office, who, line, sees):
    assert {row["label"] for s in office.say(who, line) for row in s.card["rows"]} == sees


NOT_THEIRS = ["wangju", "liqiang", "zhoulei", "chenjing", "tenghui", "admin"]


@pytest.mark.parametrize("who", NOT_THEIRS)
def test_s06_only_the_filler_and_the_units_head_may_open_a_form(office: Office, who):
    assert CATALOGUE["person.may_not"] in words(office.say(who, "填报 2026Q3:p001"))
    assert CATALOGUE["person.may_not"] in words(office.say(who, "更正 2026Q3:p001"))


@pytest.mark.parametrize("who", ["zhoulei", "chenjing", "tenghui", "admin", "sunxiao"])
def test_s07_another_departments_table_is_not_shown(office: Office, who):
    """p004 belongs to 区教育局本级: to neither 周蕾, 孙国华 nor finance before it is theirs to see."""
    assert CATALOGUE["person.may_not"] in words(office.say(who, "出表 2026Q3:p004"))


def test_s14_somebody_in_two_departments_sees_both(tmp_path):
    both = replace(
        of(ROSTER, "liqiang"), duties=(Duty(Role.BUDGET_OFFICE, "d01"), Duty(Role.BUDGET_OFFICE, "d02"))
    )
    office = open_office(tmp_path / "both", with_person(ROSTER, both))
    try:
        assert len({t.split()[0] for t in titles(office.say("liqiang", "进度"))}) == 2
    finally:
        office.close()


def test_an_unknown_skin_shows_nothing_instead_of_failing(office: Office):
    shown = office.stage.messages("zhangmin", "feishu")
    assert shown
    assert all(line.payload == {} for line in shown if not line.mine)


@pytest.mark.parametrize("room", range(66, 80))
def test_a_phone_that_a_line_would_cut_is_taken_out_whole(room: int):
    """Ten digits of eleven are still somebody's phone."""
    cell = Source("新桥小学", "p001", "校舍安全改造", "plan", "改进计划", "货" * room + "13812345678", 1)
    figure = unit_figure("改进计划", "", "", (cell,))
    shown = behind(figure, "", parts(figure.sources, {"p001": 1}), 1, subject="2026Q3:d01", version=1)
    assert "138" not in shown.rows[0].value


def test_an_older_session_is_upgraded_and_a_newer_one_is_not_guessed():
    assert sessions.load(None) == sessions.EMPTY
    kept = sessions.Session("2026Q3:p001", "colleague")
    assert sessions.load(sessions.dump(kept)) == kept
    with pytest.raises(KeyError):
        sessions.load('{"v": 0, "s": "", "a": ""}')
