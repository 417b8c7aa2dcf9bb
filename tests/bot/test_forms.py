"""The form machine: any order gives the same form, nothing is stored as said that was only suggested."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import forms
from bot.law import shipped_law
from intake.demo import demo_roster
from regulation.annexes import Entry
from regulation.filing import Draft
from regulation.problems import Problem
from regulation.roster import Indicator
from regulation.thresholds import thresholds_on
from tests.bot.office import Q2, Q3, SLOW, Office, moment, open_office, titles, with_person, words

ROSTER = demo_roster()
PROJECTS = {project.id: project for project in ROSTER.projects}
RULES = thresholds_on(shipped_law().thresholds, Q3.last_day)
AT = moment("10-08 09:10")
ON = date(2026, 10, 8)
PREVIOUS = {
    "arrived": "192",
    "spent": "118.4",
    "actual.1": "20",
    "actual.2": "900",
    "actual.3": "100",
    "likely.1": "likely",
}
ANSWERS = [
    ("arrived", "256"),
    ("spent", "201.35"),
    ("actual.1", "36"),
    ("actual.2", "930套"),
    ("actual.3", "同"),
    ("actual.4", "99%"),
    ("actual.5", "99"),
    ("actual.6", "100"),
    ("actual.7", "6.4万元"),
    ("actual.8", "1260"),
    ("actual.9", "96"),
    ("actual.10", "2"),
    ("likely.2", "可能性大"),
    ("reason", "招标晚，设备未到"),
    ("plan", "11月底前到货安装"),
    ("note", "合同已签"),
]


def said(value: str, text: str = "") -> Entry:
    return Entry(value, text or value, "m0")


def form(project: str = "p001", round=Q3, previous=None, filed=None) -> forms.Form:
    before = {k: said(v) for k, v in (PREVIOUS if previous is None else previous).items()}
    draft = forms.open_draft(
        PROJECTS[project], round, "zhangmin", base_version=0, filed=filed or {}, previous=before
    )
    return forms.Form(PROJECTS[project], "新桥小学", round, draft, before, filed or {})


def fill(answers, blank=None) -> tuple[forms.Form, dict[str, Problem]]:
    return forms.take(blank or form(), answers, "m1", AT)


def seen(of: forms.Form) -> forms.Review:
    return forms.review(of, RULES, ON)


# -- order ------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_any_order_in_any_portions_gives_the_same_form(chance: Random, portions: int):
    shuffled = list(ANSWERS)
    chance.shuffle(shuffled)
    filling = form()
    for n in range(portions):
        filling, problems = forms.take(filling, shuffled[n::portions], f"m{n}", AT)
        assert problems == {}
    straight, _ = fill(ANSWERS)
    assert judged(filling) == judged(straight)
    assert seen(filling).complete


def judged(of: forms.Form):
    """What a form amounts to, without which message carried what."""
    review = seen(of)
    values = {key: (entry.value, entry.text) for key, entry in review.entries.items()}
    return values, review.figures, review.findings, review.checks, review.required, review.missing


@given(st.permutations([("actual.2", "930"), ("actual.2", "960"), ("actual.2", "约1000")]))
def test_the_last_readable_answer_counts(answers):
    filling, problems = fill(answers)
    readable = [text for _, text in answers if text != "约1000"]
    assert filling.entries["actual.2"].value == readable[-1]
    assert set(problems) == {"actual.2"}


def test_what_cannot_be_used_touches_nothing_else():
    filling, problems = fill([("spent", "NaN"), ("actual.1", "36"), ("actual.99", "1"), ("no", "1")])
    assert {k: p.code for k, p in problems.items()} == {
        "spent": "amount.unreadable",
        "actual.99": "form.no_such_field",
        "no": "form.no_such_field",
    }
    assert set(filling.entries) == {"actual.1"}


def test_spending_of_a_key_project_is_asked_source_by_source():
    filling, problems = fill([("spent", "100"), ("spent.municipal", "48")], form("p002", previous={}))
    assert problems["spent"].code == "form.spending_by_source"
    assert problems["spent"].text == "这张表的支出请这样写：支出（市级）、支出（区级），后面跟万元数。"
    assert filling.entries["spent.municipal"].value == "48"


# -- 同 ---------------------------------------------------------------------------------------------

SAME = ["同", "同上", "同上季", "一样", " 同 ", "　同", "同\u200b"]


@pytest.mark.parametrize("word", SAME, ids=ascii)
def test_same_takes_last_rounds_value(word):
    filling, problems = fill([("actual.3", word), ("spent", word), ("likely.1", word)])
    assert problems == {}
    values = {k: e.value for k, e in filling.entries.items()}
    assert values == {"actual.3": "100", "spent": "118.4", "likely.1": "likely"}
    assert filling.entries["actual.3"].text == "同" if word.strip(" 　\u200b") == "同" else True


def test_same_without_a_last_round_is_refused():
    _, problems = fill([("actual.9", "同"), ("spent", "同")], form(round=Q2, previous={}))
    assert {p.code for p in problems.values()} == {"form.no_previous"}
    assert problems["spent"].text == "“已支出资金”没有上季的数可以沿用，请写具体的数。"


# -- proposals --------------------------------------------------------------------------------------


def test_a_question_waits_for_a_yes_and_changes_nothing_before():
    filling, problems = fill([("spent", "201.35")])
    asked, problems = forms.take(filling, [("spent", "2013500元")], "m2", AT)
    assert problems == {}
    assert asked.entries["spent"].value == "201.35"
    assert asked.proposals == {"spent": ("201.35", "2013500元 = 201.35 万元，对吗？")}
    agreed = forms.accept(asked, "m3", AT)
    assert agreed.proposals == {}
    assert agreed.entries["spent"].message == "m3"


def test_a_plain_answer_takes_the_question_back():
    asked, _ = fill([("spent", "2013500元")])
    plain, _ = forms.take(asked, [("spent", "210")], "m2", AT)
    assert plain.proposals == {}
    assert plain.entries["spent"].value == "210"


def test_yes_to_nothing_changes_nothing():
    filling, _ = fill(ANSWERS)
    assert forms.accept(filling, "m2", AT).entries == filling.entries


# -- what a form starts from ------------------------------------------------------------------------


def test_money_fully_arrived_and_dates_met_are_carried_over():
    previous = {"arrived": "180", "actual.4": "2026-08-20", "actual.5": "225", "spent.municipal": "60"}
    assert set(form("p002", previous=previous).entries) == {"arrived", "actual.4"}


NOT_SETTLED = [{"arrived": "179.99"}, {"actual.4": "未完成"}, {"actual.1": "4200"}, {}]


@pytest.mark.parametrize("previous", NOT_SETTLED, ids=str)
def test_what_can_still_change_is_asked_again(previous):
    assert form("p002", previous=previous).entries == {}


def test_the_second_quarter_starts_empty_even_after_a_year():
    assert form(round=Q2, previous={}).entries == {}


def test_a_correction_starts_from_what_people_said():
    filed = dict(seen(fill(ANSWERS)[0]).entries)
    again = form(filed=filed)
    assert again.entries["actual.2"].value == "930"
    assert {k for k, e in again.entries.items() if e.text in forms.MADE} == set()
    assert "likely.1" not in again.entries  # it was suggested
    assert again.entries["likely.2"].value == "likely"  # it was chosen
    assert "situation" not in again.entries  # it was drafted


def test_a_correction_suggests_anew_from_the_new_number():
    answers = [pair for pair in ANSWERS if pair[0] != "likely.2"]
    filed = dict(seen(fill(answers)[0]).entries)
    assert filed["likely.2"] == Entry("unlikely", forms.SUGGESTED, "m1")
    again, _ = forms.take(form(filed=filed), [("actual.2", "2100")], "m2", AT)
    assert seen(again).entries["likely.2"] == Entry("certain", forms.SUGGESTED, "m2")
    assert "2100" in seen(again).entries["situation"].value


def test_f01_a_rebased_draft_takes_over_what_only_the_other_has():
    theirs = {
        "spent": said("210"),
        "actual.9": said("97"),
        "likely.9": Entry("certain", forms.SUGGESTED, "m"),
    }
    mine = form()
    mine, _ = forms.take(replace(mine, filed=theirs), [("spent", "201.35")], "m1", AT)
    based = forms.rebase(mine, 1, AT)
    assert based.draft.base_version == 1
    assert {k: e.value for k, e in based.entries.items()} == {"spent": "201.35", "actual.9": "97"}


# -- suggestions ------------------------------------------------------------------------------------


def test_suggestions_are_not_stored_as_said():
    filling, _ = fill(ANSWERS)
    review = seen(filling)
    made = {k for k, e in review.entries.items() if e.text in forms.MADE}
    assert made == {f"likely.{n}" for n in range(1, 11) if n != 2} | {"situation"}
    assert made.isdisjoint(filling.entries)


def test_the_persons_own_likelihood_is_never_replaced():
    filling, _ = fill([*ANSWERS, ("likely.2", "确定能")])
    assert seen(filling).entries["likely.2"] == Entry("certain", "确定能", "m1")


def test_nothing_is_suggested_without_a_number():
    assert not [k for k in seen(form()).entries if k.startswith("likely")]


def test_an_indicator_nobody_can_judge_needs_its_own_likelihood_or_last_rounds():
    words_only = Indicator(1, "效益", "社会效益", "学生家庭负担", "有所减轻")
    project = replace(PROJECTS["p001"], indicators=(words_only,))
    answer = [("actual.1", "资助面扩大到三个年级")]

    def reviewed(previous):
        blank = forms.Form(project, "", Q3, Draft("p001", Q3, "z", 0, ()), previous)
        return seen(forms.take(blank, answer, "m1", AT)[0])

    assert "likely.1" in {f.key for f in reviewed({}).missing}
    same = {"actual.1": said("资助面扩大到三个年级"), "likely.1": said("likely")}
    assert reviewed(same).entries["likely.1"] == Entry("likely", forms.SAME_AS_LAST, "m1")
    changed = {**same, "actual.1": said("资助面扩大到两个年级")}
    assert "likely.1" in {f.key for f in reviewed(changed).missing}


# -- what is required -------------------------------------------------------------------------------


def test_texts_are_asked_only_when_something_stands_out():
    calm = dict(ANSWERS) | {"spent": "240", "actual.1": "46", "actual.2": "2100", "actual.7": "6.1"}
    for key in ("reason", "plan", "note", "likely.2"):
        del calm[key]
    review = seen(fill(list(calm.items()))[0])
    assert review.complete
    assert review.required == frozenset()
    slow = seen(fill([pair for pair in ANSWERS if pair[0] not in ("reason", "plan", "note")])[0])
    assert [f.key for f in slow.missing] == ["reason", "plan"]
    too_sure = seen(fill([*ANSWERS[:12], ("likely.2", "确定能")])[0])
    assert [f.key for f in too_sure.missing] == ["reason", "plan", "note"]


LENGTHS = {
    "reason": [("招", "text.short"), ("招标", ""), ("甲" * 2000, ""), ("甲" * 2001, "text.long")],
    "situation": [
        ("九个字的实施情况呢", "text.short"),
        ("这里写满了十个字整整", ""),
        ("甲" * 2001, "text.long"),
    ],
    "plan": [("x", "text.short"), ("机密★1年 11月底前", "text.classified")],
}
TEXTS = [(key, text, code) for key, cases in LENGTHS.items() for text, code in cases]


@pytest.mark.parametrize(("key", "text", "code"), TEXTS, ids=lambda v: str(v)[:12])
def test_n20_a_text_is_whole_or_refused_never_cut(key, text, code):
    filling, problems = fill([(key, text)])
    assert [p.code for p in problems.values()] == ([code] if code else [])
    assert [e.value for e in filling.entries.values()] == ([] if code else [text])


CLEANED = {
    "N11 direction marks": ("招标\u202e晚\u200b了", "招标晚了"),
    "N11 byte order mark": ("\ufeff招标晚", "招标晚"),
    "N21 control characters": ("招标\x00\x0b晚", "招标晚"),
    "N22 lone surrogate": ("招标\ud800晚", "招标晚"),
    "N19 four-byte hanzi and emoji stay": ("𠮷䶮👨\u200d👩\u200d👧", "𠮷䶮👨\u200d👩\u200d👧"),
    "N12 a formula is words": ("=1+1", "=1+1"),
    "M11 line breaks": ("招标晚\r\nX-Header: 1", "招标晚\nX-Header: 1"),
}


@pytest.mark.parametrize(("text", "kept"), CLEANED.values(), ids=CLEANED)
def test_texts_are_cleaned_in_value_and_in_words(text, kept):
    filling, problems = fill([("reason", text)])
    assert problems == {}
    assert filling.entries["reason"] == Entry(kept, kept, "m1")


@given(
    st.text(max_size=80),
    st.sampled_from(["arrived", "actual.2", "actual.4", "likely.1", "reason", "situation"]),
)
def test_any_text_to_any_field_is_taken_or_explained(text, key):
    filling, problems = fill([(key, text)])
    assert len(filling.entries) + len(filling.proposals) + len(problems) <= 1
    for entry in filling.entries.values():
        (entry.value + entry.text).encode()
    for found in problems.values():
        assert found.text.encode()
        assert len(found.text) < 160


# -- through the whole path -------------------------------------------------------------------------


def test_n20_n21_long_and_dirty_texts_through_the_whole_path(office: Office):
    office.say("zhangmin", "填报 校舍")
    answer = office.say(
        "zhangmin", f"{SLOW.split('原因')[0]} 原因：{'因' * 2001} 改进：\u202e11月底前\x0b到货"
    )
    assert "有 2001 个字，最多 2000 个字。没有替您截短" in words(answer)
    assert titles(office.say("zhangmin", f"原因：{'因' * 2000}")) == ["请核对 新桥小学校舍安全改造"]
    office.say("zhangmin", "确认提交")
    assert office.entries()["reason"].value == "因" * 2000
    assert office.entries()["plan"].value == "11月底前到货"
    assert office.say("zhangmin", "出表")[0].files


def test_n20_a_line_longer_than_a_phone_sends_is_answered_not_dropped(office: Office):
    office.say("zhangmin", "填报 校舍")
    before = office.audited()
    answer = office.say("zhangmin", f"原因：{'因' * 9000}")
    assert "这条消息太长，或者格式不对，没有收下任何内容" in words(answer)
    assert office.audited() == before


def test_n22_a_lone_surrogate_is_answered_kindly_and_logged_without_error(office: Office):
    before = office.audited()
    answer = office.say("zhangmin", "原因：招标\ud800晚")
    assert "没有收下任何内容" in words(answer)
    assert office.audited() == before
    assert titles(office.say("zhangmin", "填报 校舍")) == ["新桥小学校舍安全改造"]


RARE = "𠮷䶮👩\u200d🏫"


def test_n19_names_outside_the_basic_plane_are_stored_and_shown(tmp_path):
    roster = with_person(ROSTER, replace(next(p for p in ROSTER.people if p.id == "zhangmin"), name=RARE))
    school = replace(PROJECTS["p001"], name=f"{RARE}校舍安全改造")
    others = tuple(p for p in roster.projects if p.id != "p001")
    office = open_office(tmp_path / "rare", replace(roster, projects=(school, *others)))
    try:
        receipt = office.file("zhangmin", SLOW.replace("同", "=100"))
        assert titles(receipt) == ["✓ 已报送 三季度 附表1"]
        assert receipt[0].card["lead"] == f"{RARE}校舍安全改造"
        assert {"label": "报送", "value": RARE, "mark": ""} in receipt[0].card["rows"]
        (table,) = office.say("zhangmin", "出表")
        names = [name for name, _ in table.files]
        assert sorted(n.rpartition(".")[2] for n in names) == ["png", "xlsx"]
        assert all("𠮷䶮" in n for n in names)
        assert RARE in words(office.heard("liqiang"))
    finally:
        office.close()


def test_second_round_asks_only_what_can_have_changed(office: Office):
    """p002's date was not met in the second quarter and its money had not all arrived: everything is asked; a round
    later nothing that is settled is."""
    (card,) = office.say("zhangmin", "填报 操场")
    values = {i["key"]: i.get("value", "") for i in card.card["inputs"]}
    assert set(values.values()) == {""}
    lasts = {i["key"]: i["last"] for i in card.card["inputs"]}
    assert lasts["spent.municipal"] == "上季 20.00"
    assert lasts["actual.4"] == "上季 未完成"


def test_a_correction_by_chat_suggests_anew(office: Office):
    office.file("zhangmin", SLOW)
    office.say("zhangmin", "更正")
    office.say("zhangmin", "2=2100 7=6.1")
    (receipt, *_) = office.say("zhangmin", "确认提交")
    assert office.entries()["likely.2"].value == "certain"
    changes = [r["value"] for r in receipt.card["rows"] if r["label"] == "改动"]
    assert "采购课桌椅 930套 → 2100套" in changes
