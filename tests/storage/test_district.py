"""Types, the roster, people, sessions, cards, reminders and round dates, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from regulation.deadlines import Annex, RoundOverride
from regulation.roster import Department, Duty, Person, ResponsibleUnit, Role
from storage.errors import IdentityTaken, LostRace, StorageRefused
from storage.store import Store
from storage.types import instant_text, money_text, read_instant
from tests.storage.district import (
    DESKS,
    ENTRIES,
    HUGE,
    LATER,
    NOW,
    PEOPLE,
    PROJECTS,
    Q2,
    Q3,
    ROSTER,
    draft,
    file,
)


# -- types
@pytest.mark.parametrize("amount", ["12345678901234567.89", "0.1", "0.30", "-5", "1E+3", "0.000001"])
def test_p6_money_keeps_every_digit(amount: str) -> None:
    text = money_text(Decimal(amount))
    assert Decimal(text) == Decimal(amount)
    assert "E" not in text


@pytest.mark.parametrize("amount", [0.1, 1, "1", None, Decimal("NaN"), Decimal("Infinity")])
def test_p6_what_is_no_decimal_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        money_text(amount)  # type: ignore[arg-type]


def test_p7_instants_are_utc_text_in_time_order() -> None:
    assert instant_text(NOW) == "2026-10-09T01:30:00.000000Z"
    assert read_instant(instant_text(NOW)) == NOW
    assert read_instant("2026-10-09T01:30:00.000000Z").utcoffset() == timedelta(hours=8)
    assert instant_text(NOW) < instant_text(NOW + timedelta(microseconds=1)) < instant_text(LATER)
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 10, 9))  # noqa: DTZ001


# -- roster
def test_roster_reads_back_as_imported(store: Store) -> None:
    with store.read() as tx:
        assert tx.roster() == ROSTER
        assert tx.project("p1") == DESKS
        assert tx.project("nothing") is None
        assert tx.projects(2027) == []
        assert (tx.department("d1"), tx.unit("u3")) == (ROSTER.departments[0], ROSTER.units[2])
        for ask in (tx.unit, tx.department):
            with pytest.raises(KeyError):
                ask("nothing")


def test_p6_money_of_seventeen_digits_survives(store: Store) -> None:
    with store.read() as tx:
        found = tx.project("p1")
    assert found is not None
    assert found.budget_initial == HUGE
    assert str(found.budget_initial) == "12345678901234567.89"
    assert sum(amount for _, amount in found.sources) == Decimal("300.10")


def test_second_import_updates_and_touches_no_figures(store: Store) -> None:
    cheaper = replace(DESKS, budget_current=Decimal("280"), indicators=())
    moved = replace(
        PEOPLE[0], name="张敏敏", duties=(Duty(Role.UNIT_HEAD, "u2"),), identities=(("wecom", "new"),)
    )
    with store.begin() as tx:
        file(tx)
        tx.import_roster(replace(ROSTER, people=(moved,), projects=(cheaper,)), LATER, "wang")
    with store.read() as tx:
        assert tx.project("p1") == cheaper
        assert tx.project("p2") == PROJECTS[1]
        person = tx.person("zhang")
        assert person is not None
        assert person.identities == (("dingtalk", "dt-zhang"), ("wecom", "new"))
        assert (person.name, person.duties) == ("张敏敏", moved.duties)
        assert tx.person_by_identity("wecom", "wx-zhang") is None
        assert tx.entries("p1", Q3) == dict(ENTRIES)
        assert tx.definition("p1", Q3, 1) == DESKS, "F09: the filed version keeps the definition of its time"


def test_complete_import_marks_what_is_missing(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        tx.import_roster(
            replace(ROSTER, units=ROSTER.units[:1], people=PEOPLE[1:3], projects=PROJECTS[2:3]),
            LATER,
            "wang",
            complete=True,
        )
    with store.read() as tx:
        assert [unit.id for unit in tx.units()] == ["u2"]
        assert [p.id for p in tx.people() if p.active] == ["li", "chen"]
        assert [duty.project_id for duty in tx.duties(Q3)] == ["p3"]
        assert tx.person_by_identity("wecom", "wx-zhang") is None
        assert tx.entries("p1", Q3) == dict(ENTRIES)
        assert tx.unit("u1").name == "新桥小学"


def test_import_moves_drafts_to_the_new_filler(store: Store) -> None:
    with store.begin() as tx:
        tx.save_draft(draft(spent="1"), NOW, "zhang")
        tx.import_roster(replace(ROSTER, projects=(replace(DESKS, filler_id="li"),)), LATER, "wang")
        assert tx.draft("p1", Q3, "zhang") is None
        assert tx.draft("p1", Q3, "li") is not None


def test_a_project_id_is_never_used_for_another_year(store: Store) -> None:
    with pytest.raises(StorageRefused, match="p1 已经用于2026年"), store.begin() as tx:
        tx.import_roster(
            replace(ROSTER, people=(), projects=(replace(DESKS, year=2027),)), NOW, "wang", complete=True
        )
    with store.read() as tx:
        assert tx.roster() == ROSTER


# -- people
@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.FILLER, "u1", ["zhang", "li"]),
        (Role.UNIT_HEAD, "u1", ["li"]),
        (Role.FILLER, "u2", []),  # the only one has left
        (Role.ADMIN, "*", ["wang"]),
        (Role.ADMIN, "u1", []),
    ],
)
def test_people_with_a_duty(store: Store, role: Role, scope: str, expected: list[str]) -> None:
    with store.read() as tx:
        assert [person.id for person in tx.people_with(role, scope)] == expected


def test_people_of_a_unit_and_by_account(store: Store) -> None:
    with store.read() as tx:
        assert tx.people_of_unit("u1") == list(PEOPLE[:2])
        assert tx.person_by_identity("wecom", "wx-zhang") == PEOPLE[0]
        assert tx.person_by_identity("dingtalk", "wx-zhang") is None
        assert tx.person_by_identity("wecom", "wx-gone") is None, "S13: somebody who left is nobody"
        assert tx.person("gone") == PEOPLE[4]
        assert tx.person("nobody") is None


def test_binding_an_account(store: Store) -> None:
    with store.begin() as tx:
        tx.bind_identity("wang", "wecom", "wx-wang", NOW, "wang")
        tx.bind_identity("wang", "wecom", "wx-wang2", NOW, "wang")
        tx.bind_identity("wang", "dingtalk", "dt-wang", NOW, "wang")
        tx.bind_identity("wang", "wecom", "wx-wang2", NOW, "wang")
        assert tx.person_by_identity("wecom", "wx-wang") is None
        with pytest.raises(IdentityTaken) as taken:
            tx.bind_identity("wang", "wecom", "wx-li", NOW, "wang")
        assert taken.value.person_id == "li"
        tx.bind_identity("wang", "wecom", "wx-gone", NOW, "wang")
        found = tx.person("wang")
    assert found is not None
    assert found.identities == (("dingtalk", "dt-wang"), ("wecom", "wx-gone"))


def test_another_id_of_an_account_finds_its_person_and_outlives_a_roster(store: Store) -> None:
    with store.begin() as tx:
        assert tx.know_accounts("wecom", {"un-zhang": "wx-zhang", "un-x": "nobody"}, NOW) == 2
        assert tx.know_accounts("wecom", {"un-zhang": "wx-zhang"}, NOW) == 0
        tx.import_roster(ROSTER, NOW, "wang")
        assert tx.person_by_identity("wecom", "~un-zhang") == PEOPLE[0]
        for unknown in ("~un-x", "~un-y", "un-zhang", "~", "~wx-zhang"):
            assert tx.person_by_identity("wecom", unknown) is None
        assert tx.person_by_identity("dingtalk", "~un-zhang") is None
        tx.know_accounts("wecom", {"un-zhang": "wx-li"}, NOW)
        assert tx.person_by_identity("wecom", "~un-zhang") == tx.person("li")


# -- sessions and cards
def test_session_turns(store: Store) -> None:
    with store.begin() as tx:
        assert tx.session("zhang") == (None, 0)
        tx.save_session("zhang", "一", 0)
        assert tx.session("zhang") == ("一", 1)
        tx.save_session("zhang", "二", 1)
        for stale in (0, 1, 3):
            with pytest.raises(LostRace):
                tx.save_session("zhang", "三", stale)
        assert tx.session("zhang") == ("二", 2)


def test_card_tokens(store: Store) -> None:
    with store.begin() as tx:
        tx.bind_card("t1", "zhang", "fill", "2026Q3:p1", 3, ("file", "later"), '{"k":1}', NOW)
        tx.bind_card("t2", "zhang", "fill", "2026Q3:p1", 3, (), "", NOW)
    with store.read() as tx:
        card = tx.card("t1")
        assert card is not None
        assert (card.person_id, card.name, card.subject, card.version) == ("zhang", "fill", "2026Q3:p1", 3)
        assert (card.actions, card.data) == (("file", "later"), '{"k":1}')
        assert tx.card("' OR 1=1 --") is None, "M08"


# -- reminders, overrides, kind
def test_moments_and_pauses(store: Store) -> None:
    with store.begin() as tx:
        assert not tx.acted("2026Q3:open")
        tx.act("2026Q3:open", NOW)
        tx.act("2026Q3:open", LATER)
        tx.pause("zhang", Q3, NOW)
        tx.pause("zhang", Q3, LATER)
    with store.read() as tx:
        assert tx.acted("2026Q3:open")
        assert not tx.acted("2026Q3:ope")
        assert tx.paused("zhang", Q3)
        assert not tx.paused("zhang", Q2)
        assert not tx.paused("li", Q3)
        assert [row.action for row in tx.audit_rows(2)] == ["reminder.paused", "reminder.acted"]


def test_overrides_replace_earlier_ones(store: Store) -> None:
    first = RoundOverride(Q3, Annex.UNIT, date(2026, 10, 12), "新北财绩〔2026〕9号")
    second = replace(first, due=date(2026, 10, 13), notice_no="新北财绩〔2026〕10号")
    other = replace(first, annex=Annex.DEPARTMENT)
    with store.begin() as tx:
        for override in (other, first, second):
            tx.set_override(override, NOW, "wang")
    with store.read() as tx:
        assert tx.overrides() == [second, other]


def test_c10_a12_a_database_has_one_kind_for_ever(store: Store) -> None:
    with store.begin() as tx:
        assert tx.kind() is None
        tx.set_kind("rehearsal", NOW, "wang")
        tx.set_kind("rehearsal", LATER, "wang")
        with pytest.raises(StorageRefused, match="这是演练数据库"):
            tx.set_kind("production", LATER, "wang")
        assert tx.kind() == "rehearsal"


# -- units asked in the wrong type
def test_values_are_those_of_the_law(store: Store) -> None:
    with store.read() as tx:
        assert isinstance(tx.department("d1"), Department)
        assert isinstance(tx.unit("u1"), ResponsibleUnit)
        assert isinstance(tx.people()[0], Person)
        assert tx.units()[0].is_headquarters is True
        assert tx.duties(Q3)[0].filing.late is False
