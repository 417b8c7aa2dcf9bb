"""A batch of execution figures comes in through one door: all or nothing, once, audited."""

from dataclasses import replace
from datetime import date

from bot.importing import Taken, take_batch
from regulation.execution import Batch, Line
from tests.bot.office import Q3, Office, moment

AT = moment("10-08 09:30")
BATCH = Batch(
    "T1", Q3, date(2026, 9, 30), "预算管理一体化", (Line(2, "p001", "256", "201.345"), Line(3, "p002", "1"))
)


def known(office: Office) -> dict[str, str]:
    with office.stage.store.read() as tx:
        return {project: each.batch for project, each in tx.round_execution(Q3).items()}


def test_a_batch_is_taken_and_the_same_one_again_changes_nothing(office: Office) -> None:
    before = office.audited()
    assert take_batch(office.stage.store, BATCH, AT, "api:一体化") == Taken(2, True)
    assert known(office) == {"p001": "T1", "p002": "T1"}
    assert office.audited() == before + 1
    shuffled = replace(BATCH, lines=BATCH.lines[::-1])
    assert take_batch(office.stage.store, shuffled, AT, "api:一体化") == Taken(2, False)
    assert office.audited() == before + 1


def test_another_content_under_a_taken_name_is_refused(office: Office) -> None:
    take_batch(office.stage.store, BATCH, AT, "a")
    other = replace(BATCH, lines=(Line(2, "p001", "256", "201.346"),))
    taken = take_batch(office.stage.store, other, AT, "a")
    assert [fault.problem.code for fault in taken.faults] == ["execution.changed"]
    assert known(office) == {"p001": "T1", "p002": "T1"}


def test_one_wrong_row_and_nothing_of_the_batch_is_kept(office: Office) -> None:
    before = office.audited()
    wrong = replace(BATCH, lines=(*BATCH.lines, Line(4, "p999", "1")))
    taken = take_batch(office.stage.store, wrong, AT, "a")
    assert [(fault.number, fault.problem.code) for fault in taken.faults] == [(4, "execution.unknown")]
    assert known(office) == {}
    assert office.audited() == before
