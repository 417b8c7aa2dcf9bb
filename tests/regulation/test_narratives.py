"""Narratives drafted from units' words: every sentence has its unit and cell, through edits, refilings and storage."""

from regulation.narratives import confirmed, draft, edited, read_passage, redrafted, sentence_entries
from regulation.provenance import Passage
from tests.regulation.sample_department import FILED, MEALS_HQ, MEALS_MIDDLE, REPAIR, basis, filed, tables

FORMS = (filed(MEALS_HQ), filed(MEALS_MIDDLE), filed(REPAIR))
LATE = "滨河中学《学生营养改善》：食堂启用晚了两个月。"
NOW = {form.project.id: form for form in FORMS}


def places(passage: Passage):
    return [
        (s.source and s.source.unit, s.source and s.source.cell, s.edited, s.stale) for s in passage.sentences
    ]


def test_every_sentence_names_its_unit_and_cell():
    made = tables().annex2
    for passage, cell in (
        (made.work, "项目实施情况"),
        (made.deviation, "目标偏离情况及原因分析"),
        (made.plan, "改进计划"),
    ):
        for sentence in passage.sentences:
            assert sentence.source
            assert sentence.source.cell == cell
            assert sentence.text.startswith(f"{sentence.source.unit}《{sentence.source.project}》：")
    assert made.deviation.text == LATE
    assert made.plan.text == "滨河中学《学生营养改善》：10月起全员供餐。"
    assert [s.source.project_id for s in made.work.sentences if s.source] == ["p1", "p2"]


def test_an_edited_sentence_keeps_its_source_and_the_others_stay_drafts():
    two = draft((filed(MEALS_HQ, reason="资金下达晚"), filed(MEALS_MIDDLE)), "deviation")
    text = two.text.replace("食堂启用晚了两个月", "新校区食堂晚启用，影响800人") + "另有两所学校同样偏慢。"
    assert places(edited(two, text, NOW)) == [
        ("滨河中学", "目标偏离情况及原因分析", True, False),
        ("区教育局本级", "目标偏离情况及原因分析", False, False),
        (None, None, True, False),
    ]


def test_a_unit_that_used_several_sentences_stays_one():
    passage = draft((filed(MEALS_MIDDLE, reason="食堂晚启用。设备未到！已催货"),), "deviation")
    assert len(passage.sentences) == 1
    assert edited(passage, passage.text, NOW) == passage


def test_f04_untouched_sentences_follow_their_source_and_edited_ones_turn_yellow():
    two = draft((filed(MEALS_HQ, reason="资金下达晚"), filed(MEALS_MIDDLE)), "deviation")
    kept = edited(two, two.text.replace("食堂启用晚了两个月", "食堂晚启用"), NOW)
    now = {
        "p1": filed(MEALS_HQ, 2, reason="资金9月才到"),
        "p2": filed(MEALS_MIDDLE, 2, reason="食堂已启用"),
    }
    after = redrafted(kept, now)
    assert [s.text for s in after.sentences] == [
        "滨河中学《学生营养改善》：食堂晚启用。",
        "区教育局本级《学生营养改善》：资金9月才到。",
    ]
    assert [s.stale for s in after.sentences] == [True, False]
    assert redrafted(after, {}).stale == tuple(redrafted(after, {}).sentences)


def test_what_somebody_looked_at_is_yellow_no_more():
    one = draft((filed(MEALS_MIDDLE),), "deviation")
    kept = edited(one, "滨河中学食堂晚启用。", NOW)
    now = {"p2": filed(MEALS_MIDDLE, 2, reason="食堂已启用")}
    yellow = redrafted(kept, now)
    assert [s.stale for s in yellow.sentences] == [True]
    assert [s.stale for s in redrafted(edited(yellow, "滨河中学食堂9月启用。", now), now).sentences] == [
        False
    ]
    stands = confirmed(yellow, now)
    assert stands.text == yellow.text
    assert [s.stale for s in redrafted(stands, now).sentences] == [False]
    assert confirmed(yellow, {}).stale == yellow.stale  # a form that is gone keeps its mark


def test_a_passage_survives_being_kept_as_entries():
    two = draft((filed(MEALS_HQ, reason="资金下达晚"), filed(MEALS_MIDDLE)), "deviation")
    kept = edited(two, two.text.replace("食堂启用晚了两个月", "食堂晚启用") + "自己加的一句。", NOW)
    entries = dict(sentence_entries("deviation", kept, "m9"))
    assert [entry.text for entry in entries.values()] == ["p2:1:reason", "p1:1:reason", ""]
    back = read_passage("deviation", entries, NOW)
    assert back
    assert [s.text for s in back.sentences] == [s.text for s in kept.sentences]
    assert places(back) == places(kept)


def test_a_large_department_quotes_twelve_and_counts_the_rest():
    forms = tuple(filed(MEALS_MIDDLE, reason=f"原因{n}") for n in range(300))
    passage = draft(forms, "deviation")
    assert len(passage.sentences) == 13
    assert passage.sentences[-1].text == "另有288个项目（滨河中学），见各单位附表1。"


def test_nothing_to_say_is_nothing():
    assert FILED["p3"]["reason"] == "无偏离"
    assert draft((filed(REPAIR),), "deviation") == Passage()
    assert basis().missing == ()
