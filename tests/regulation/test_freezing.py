"""What a department files is frozen whole: made again from it, the tables say the same."""

from dataclasses import replace

from regulation.annex1 import Entry
from regulation.consolidation import Tables, consolidate
from regulation.freezing import CARRIED, effective, freeze
from regulation.narratives import draft, edited, sentence_entries
from regulation.provenance import Passage
from tests.regulation.sample_department import MEALS_HQ, MEALS_MIDDLE, TYPED, basis, entries, filed
from tests.regulation.sample_projects import RULES


def said(passage: Passage) -> Passage:
    """Without who edited what: only what is printed and where it came from."""
    return Passage(
        tuple(
            replace(s, edited=False, source=replace(s.source, value="", message="") if s.source else None)
            for s in passage.sentences
        )
    )


def printed(made: Tables) -> object:
    return (
        replace(
            made.annex2,
            work=said(made.annex2.work),
            deviation=said(made.annex2.deviation),
            plan=said(made.annex2.plan),
            execution=tuple(r for r in made.annex2.execution),
        ),
        [
            replace(a, situation=said(a.situation), deviation=said(a.deviation), plan=said(a.plan))
            for a in made.annex3
        ],
    )


def test_f04_a_frozen_report_is_made_again_exactly():
    of = basis()
    passage = draft(of.forms, "deviation")
    own = dict(sentence_entries("deviation", edited(passage, passage.text + "已开会督办。", {}), "m7"))
    typed = entries(TYPED) | own | {"target.execution": Entry("≥95%", "≥95%", "m8")}
    whole = effective(of, typed)
    before = consolidate(of, whole, RULES)
    kept = dict(freeze(of, whole, before))
    assert printed(consolidate(of, kept, RULES, frozen=True)) == printed(before)
    assert before.annex2.deviation.text.endswith("已开会督办。")
    assert kept["deviation.2"] == Entry("已开会督办。", "", "m7")


def test_a_frozen_report_suggests_nothing_anew():
    of = basis(filed(MEALS_HQ), filed(MEALS_MIDDLE))
    bare = consolidate(of, {}, RULES, frozen=True)
    assert bare.annex2.work == Passage()
    assert {row.likelihood for row in bare.annex2.rows} == {""}


def test_what_the_last_round_settled_is_carried_over():
    before = entries({"total": "4800", "assets.plan": "120", "assets.done": "30"})
    found = effective(basis(), {}, before)
    assert (found["assets.plan"].value, found["assets.plan"].text) == ("120", CARRIED)
    assert found["total"].value == "4800"
    assert "assets.done" not in found
    assert "total" not in effective(basis(total="5000"), {}, before)


def test_rows_are_proposed_until_somebody_picks_or_says_there_are_none():
    assert [e.value for k, e in effective(basis(), {}).items() if k.startswith("works.")] == ["p1:1", "p2:1"]
    none = {"works.none": Entry("无", "无", "m1")}
    assert not [k for k in effective(basis(), none) if k.startswith("works.1")]


def test_counts_said_to_be_the_same_last_round_are_so_until_somebody_says_otherwise() -> None:
    before = entries({"p1.once": "补助学生数量", "plan.1": "别的"})
    found = effective(basis(), {}, before)
    assert (found["p1.once"].value, found["p1.once"].text) == ("补助学生数量", CARRIED)
    assert "plan.1" not in found
    assert effective(basis(), entries({"p1.once": "无"}), before)["p1.once"].value == "无"
