"""What finance orders and decides about departments and projects: rectification, adjusted targets, disposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from regulation.adjusting import Adjustment, AdjustmentState, Cause, adjusted
from regulation.disposing import Disposal, DisposalRecord
from regulation.rectifying import Rectification, RectificationState
from regulation.reporting import ReportReturn
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.definitions import indicators_text, sources_text
from storage.errors import LostRace
from storage.filings import subject
from storage.projects import Projects
from storage.ruling_tables import adjustment, disposal, rectification, report_return
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import project
from storage.types import money_text

_ORDER = (
    "id",
    "department_id",
    "demand",
    "due",
    "ordered_by",
    "ordered_at",
    "state",
    "answer",
    "answered_by",
    "answered_at",
    "conclusion",
    "version",
)
_ADD_ORDER = Statement(into(rectification).values(**binds(*_ORDER, "year", "quarter")))
_MOVE_ORDER = Statement(
    update(rectification)
    .where(rectification.c.id == bindparam("row"), rectification.c.version == bindparam("was"))
    .values(
        version=rectification.c.version + 1,
        **binds("due", "state", "answer", "answered_by", "answered_at", "conclusion"),
    )
)
_orders = select(*(rectification.c[n] for n in _ORDER), rectification.c.year, rectification.c.quarter)
_ONE_ORDER = Statement(_orders.where(rectification.c.id == bindparam("row")))
_ORDERS = Statement(
    _orders.where(
        rectification.c.year == bindparam("in_year"), rectification.c.quarter == bindparam("in_quarter")
    ).order_by(rectification.c.ordered_at, rectification.c.id)
)
_OPEN_ORDERS = Statement(
    _orders.where(rectification.c.state != constant(RectificationState.CLOSED.value)).order_by(
        rectification.c.due, rectification.c.id
    )
)
_WISH = (
    "id",
    "project_id",
    "position",
    "old_target",
    "new_target",
    "cause",
    "reason",
    "budget_change",
    "requested_by",
    "requested_at",
    "state",
    "decided_by",
    "decided_at",
    "words",
)
_ADD_WISH = Statement(into(adjustment).values(**binds(*_WISH, "year", "quarter")))
_DECIDE_WISH = Statement(
    update(adjustment)
    .where(adjustment.c.id == bindparam("row"), adjustment.c.state == bindparam("was"))
    .values(**binds("state", "decided_by", "decided_at", "words", "year", "quarter"))
)
_wishes = select(*(adjustment.c[n] for n in _WISH), adjustment.c.year, adjustment.c.quarter)
_ONE_WISH = Statement(_wishes.where(adjustment.c.id == bindparam("row")))
_in_time = (adjustment.c.requested_at, adjustment.c.id)
_WISHES = Statement(
    _wishes.where(
        adjustment.c.year == bindparam("in_year"), adjustment.c.quarter == bindparam("in_quarter")
    ).order_by(*_in_time)
)
_APPROVED = Statement(
    _wishes.where(adjustment.c.state == constant(AdjustmentState.APPROVED.value)).order_by(*_in_time)
)
_RETARGET = Statement(
    update(project)
    .where(project.c.id == bindparam("row"))
    .values(**binds("indicators", "sources", "budget_current"))
)
_DONE = (
    "id",
    "project_id",
    "disposal",
    "amount",
    "decider",
    "decided_on",
    "basis",
    "has_ongoing_procurement",
    "by",
    "at",
)
_ADD_DISPOSAL = Statement(into(disposal).values(**binds(*_DONE, "year", "quarter")))
_disposals = select(*(disposal.c[n] for n in _DONE), disposal.c.year, disposal.c.quarter)
_DISPOSALS = Statement(
    _disposals.where(
        disposal.c.year == bindparam("in_year"), disposal.c.quarter == bindparam("in_quarter")
    ).order_by(disposal.c.at, disposal.c.id)
)


_RETURN = Statement(
    into(report_return)
    .values(**binds("department_id", "year", "quarter", "version", "due", "reason", "by", "at"))
    .on_conflict_do_nothing(index_elements=["department_id", "year", "quarter", "version"])
)
_RETURNS = Statement(
    select(*(report_return.c[n] for n in ("department_id", "version", "due", "reason", "by", "at")))
    .where(report_return.c.year == bindparam("in_year"), report_return.c.quarter == bindparam("in_quarter"))
    .order_by(report_return.c.version)
)


def _order(row: Row) -> Rectification:
    given = dict(zip(_ORDER, row, strict=False))
    given["state"] = RectificationState(given["state"])
    return Rectification(round=MonitoringRound(*row[-2:]), **given)


def _wish(row: Row) -> Adjustment:
    given = dict(zip(_WISH, row, strict=False))
    given |= {"cause": Cause(given["cause"]), "state": AdjustmentState(given["state"])}
    return Adjustment(round=MonitoringRound(*row[-2:]), **given)


def _disposal(row: Row) -> DisposalRecord:
    given = dict(zip(_DONE, row, strict=False))
    given["disposal"] = Disposal(given["disposal"])
    return DisposalRecord(round=MonitoringRound(*row[-2:]), **given)


def _columns(thing: Any, names: Sequence[str]) -> dict[str, Any]:
    """A value's fields as columns; words of an enumeration as their text."""
    return {
        **{name: getattr(value := getattr(thing, name), "value", value) for name in names},
        "year": thing.round.year,
        "quarter": thing.round.quarter,
    }


class Rulings(Projects):
    """The rulings' part of a transaction."""

    # -- 退回
    def return_report(self, back: ReportReturn) -> None:
        """Finance's reason and day, kept beside the report it sent back."""
        columns = {"year": back.round.year, "quarter": back.round.quarter}
        names = ("department_id", "version", "due", "reason", "by", "at")
        self.run(_RETURN, **columns, **{name: getattr(back, name) for name in names})
        detail = detail_text(version=back.version, due=back.due, reason=back.reason)
        self.record(back.by, "report.returned", f"{back.round.code}:{back.department_id}", detail, back.at)

    def report_returns(self, round: MonitoringRound) -> dict[str, ReportReturn]:
        """Department id -> the last time finance sent its report of that round back."""
        rows = self.all(_RETURNS, in_year=round.year, in_quarter=round.quarter)
        return {row[0]: ReportReturn(row[0], round, *row[1:]) for row in rows}

    # -- 整改
    def order(self, made: Rectification, at: datetime, by: str) -> None:
        """A new order to a department."""
        self.run(_ADD_ORDER, **_columns(made, _ORDER))
        detail = detail_text(id=made.id, due=made.due, demand=made.demand)
        self.record(by, "rectification.ordered", f"{made.round.code}:{made.department_id}", detail, at)

    def move_order(self, now: Rectification, at: datetime, by: str) -> None:
        """Its next step; ``now.version`` is the one that was read. Raises LostRace when it moved meanwhile."""
        steps = _columns(now, ("due", "state", "answer", "answered_by", "answered_at", "conclusion"))
        del steps["year"], steps["quarter"]
        if not self.run(_MOVE_ORDER, row=now.id, was=now.version, **steps):
            raise LostRace(f"rectification {now.id}")
        detail = detail_text(id=now.id, due=now.due, answer=now.answer, conclusion=now.conclusion)
        self.record(
            by, f"rectification.{now.state.value}", f"{now.round.code}:{now.department_id}", detail, at
        )

    def rectification(self, order_id: str) -> Rectification | None:
        """One order; None for an unknown id."""
        row = self.first(_ONE_ORDER, row=order_id)
        return _order(row) if row else None

    def rectifications(self, round: MonitoringRound) -> list[Rectification]:
        """Every order of a round, oldest first."""
        return [_order(row) for row in self.all(_ORDERS, in_year=round.year, in_quarter=round.quarter)]

    def open_rectifications(self) -> list[Rectification]:
        """Every order that is not closed, the most urgent first."""
        return [_order(row) for row in self.all(_OPEN_ORDERS)]

    # -- 目标调整
    def request_adjustment(self, made: Adjustment, at: datetime, by: str) -> None:
        """A new application, or a wish announced in the second quarter."""
        self.run(_ADD_WISH, **_columns(made, _WISH))
        detail = detail_text(id=made.id, position=made.position, old=made.old_target, new=made.new_target)
        self.record(by, f"adjustment.{made.state.value}", subject(made.project_id, made.round), detail, at)

    def move_adjustment(self, now: Adjustment, was: AdjustmentState, at: datetime, by: str) -> None:
        """Its next state; an approved one changes the project's target and budget in the same transaction. Raises
        LostRace when it moved meanwhile."""
        steps = _columns(now, ("state", "decided_by", "decided_at", "words"))
        if not self.run(_DECIDE_WISH, row=now.id, was=was.value, **steps):
            raise LostRace(f"adjustment {now.id}")
        detail = detail_text(id=now.id, words=now.words, change=money_text(now.budget_change))
        self.record(by, f"adjustment.{now.state.value}", subject(now.project_id, now.round), detail, at)
        if now.state is AdjustmentState.APPROVED:
            self._retarget([now])

    def _retarget(self, decided: Sequence[Adjustment]) -> None:
        for each in decided:
            before = self.project(each.project_id)
            after = adjusted(before, [each]) if before else None
            if after is not None and after != before:
                self.run(
                    _RETARGET,
                    row=after.id,
                    indicators=indicators_text(after.indicators),
                    sources=sources_text(after.sources),
                    budget_current=after.budget_current,
                )

    def restore_adjustments(self, project_ids: Sequence[str]) -> None:
        """After a roster was read again: what finance had decided holds for those projects still."""
        known = set(project_ids)
        self._retarget([w for w in map(_wish, self.all(_APPROVED)) if w.project_id in known])

    def adjustment(self, adjustment_id: str) -> Adjustment | None:
        """One application; None for an unknown id."""
        row = self.first(_ONE_WISH, row=adjustment_id)
        return _wish(row) if row else None

    def adjustments(self, round: MonitoringRound) -> list[Adjustment]:
        """Every application of a round, oldest first."""
        return [_wish(row) for row in self.all(_WISHES, in_year=round.year, in_quarter=round.quarter)]

    # -- 处置
    def dispose(self, made: DisposalRecord, at: datetime, by: str) -> None:
        """A decision is on record; it changes nothing else, payment is stopped elsewhere."""
        self.run(_ADD_DISPOSAL, **_columns(made, _DONE))
        detail = detail_text(
            id=made.id,
            disposal=made.disposal.value,
            amount=money_text(made.amount),
            decider=made.decider,
            basis=made.basis,
        )
        self.record(by, "disposal.recorded", subject(made.project_id, made.round), detail, at)

    def disposals(self, round: MonitoringRound) -> list[DisposalRecord]:
        """Every decision of a round, oldest first."""
        return [_disposal(row) for row in self.all(_DISPOSALS, in_year=round.year, in_quarter=round.quarter)]
