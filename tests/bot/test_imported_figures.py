"""Imported execution figures in a form: newer ones replace older ones, never a person's, never what was filed."""

from datetime import date
from decimal import Decimal

import pytest

from bot import forms
from regulation.annexes import Entry
from regulation.execution import Execution
from regulation.filing import Draft
from rehearsal.treasury import import_figures
from tests.bot.office import Q3, Office, moment
from tests.regulation.test_execution import PARK, SCHOOL

D = Decimal


def known(arrived: str, spent: str, batch: str = "T1") -> Execution:
    return Execution("p1", Q3, D(arrived), D(spent), (), batch, date(2026, 9, 30), "预算管理一体化")


def opened(
    figures: Execution | None, previous: dict[str, Entry] | None = None, filed: dict[str, Entry] | None = None
) -> Draft:
    return forms.open_draft(
        SCHOOL,
        Q3,
        "zhang",
        base_version=1 if filed else 0,
        filed=filed or {},
        previous=previous or {},
        known=figures,
    )


def values(draft: Draft) -> dict[str, str]:
    return {key: entry.value for key, entry in draft.entries}


def test_a_first_filing_starts_from_the_imported_figures_and_they_go_before_last_rounds() -> None:
    arrived_in_full = {"arrived": Entry("320", "320", "m0")}
    assert values(opened(known("310", "200"), arrived_in_full)) == {"arrived": "310", "spent": "200"}
    assert values(opened(None, arrived_in_full)) == {"arrived": "320"}


def test_a_correction_starts_from_what_was_filed() -> None:
    filed = {"arrived": Entry("1", "1", "m1"), "spent": Entry("1", "1", "m1")}
    draft = opened(known("310", "200"), filed=filed)
    assert values(draft) == {"arrived": "1", "spent": "1"}
    assert forms.prefilled(draft, SCHOOL, known("999", "999")) is draft


def test_a_newer_batch_replaces_imported_figures_and_leaves_a_persons_alone() -> None:
    draft = opened(known("310", "200"))
    form, problems = forms.take(
        forms.Form(SCHOOL, "学校", Q3, draft), (("spent", "205"),), "m2", moment("10-08 09:00")
    )
    assert problems == {}
    newer = forms.prefilled(form.draft, SCHOOL, known("320", "201", "T2"))
    assert values(newer) == {"arrived": "320", "spent": "205"}


@pytest.mark.parametrize(("text", "message"), [("200", "execution:T1"), ("200.00", "m2"), ("200.01", "m2")])
def test_a_figure_sent_back_as_it_was_still_is_the_imported_one(text: str, message: str) -> None:
    form = forms.Form(SCHOOL, "学校", Q3, opened(known("310", "200")))
    taken, _ = forms.take(form, (("spent", text),), "m2", moment("10-08 09:00"))
    assert taken.entries["spent"].message == message


def test_a_key_project_is_prefilled_by_source() -> None:
    spent = tuple((source, D(n)) for n, (source, _) in enumerate(PARK.sources, 5))
    figures = Execution("p2", Q3, D(1), D(11), spent, "T1", date(2026, 9, 30), "一体化")
    draft = forms.open_draft(PARK, Q3, "z", base_version=0, filed={}, previous={}, known=figures)
    assert values(draft) == {"arrived": "1", "spent.central": "5", "spent.district": "6"}


def test_what_is_filed_remembers_the_batch_its_figures_came_from(office: Office) -> None:
    import_figures(office.stage.store, "p001 256 240", moment("10-08 08:00"))
    office.file(
        "zhangmin", "1=46 2=2100 3同 4同 5=99 6同 7=6.1 8=1260 9=96 10=2 原因：无偏离 改进：按计划推进"
    )
    entries = office.entries()
    assert {key: entries[key].message for key in ("arrived", "spent")} == {
        "arrived": "execution:T1",
        "spent": "execution:T1",
    }


@pytest.mark.parametrize("words", ["p001 1万 2", "p999 1 2", "p001 1"])
def test_a_rehearsal_refuses_what_a_treasury_system_could_not_send(office: Office, words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        import_figures(office.stage.store, words, moment("10-08 08:00"))
