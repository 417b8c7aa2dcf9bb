"""Frozen packages for publication: the bytes one person proposed are the bytes another lets out (第十七条, A11)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, func, select, update

from regulation.releasing import Release, ReleaseState
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.errors import LostRace
from storage.ruling_tables import release
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import person
from storage.transaction import Transaction

_KEY = ("department_id", "year", "quarter", "digest")
_new = into(release).values(
    **binds(*_KEY, "version", "package", "proposed_by", "proposed_at", "state"), decided_by=""
)
_PROPOSE = Statement(
    _new.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={
            **{name: _new.excluded[name] for name in ("proposed_by", "proposed_at", "state", "decided_by")},
            "decided_at": None,
        },
        where=release.c.state == constant(ReleaseState.REFUSED.value),
    )
)
_one = (
    release.c.department_id == bindparam("of_department"),
    release.c.year == bindparam("in_year"),
    release.c.quarter == bindparam("in_quarter"),
    release.c.digest == bindparam("of_digest"),
)
_SHOWN = (
    release.c.version,
    release.c.digest,
    func.length(release.c.package),
    release.c.proposed_by,
    release.c.proposed_at,
    release.c.state,
    release.c.decided_by,
    release.c.decided_at,
)
_ALL = Statement(select(*_SHOWN).where(*_one[:3]).order_by(release.c.proposed_at, release.c.digest))
_NAMES = Statement(select(person.c.name).order_by(person.c.position, person.c.id))
_PACKAGE = Statement(select(release.c.package).where(*_one))
_DECIDE = Statement(
    update(release)
    .where(*_one, release.c.state == constant(ReleaseState.PROPOSED.value))
    .values(**binds("state", "decided_by", "decided_at"))
)


def _where(department_id: str, round: MonitoringRound) -> dict[str, object]:
    return {"of_department": department_id, "in_year": round.year, "in_quarter": round.quarter}


def _release(department_id: str, round: MonitoringRound, row: Row) -> Release:
    version, digest, size, proposed_by, proposed_at, state, decided_by, decided_at = row
    return Release(
        department_id,
        round,
        version,
        digest,
        size,
        proposed_by,
        proposed_at,
        ReleaseState(state),
        decided_by,
        decided_at,
    )


class Releases(Transaction):
    """The releases' part of a transaction."""

    def propose_release(
        self, department_id: str, round: MonitoringRound, version: int, package: bytes, at: datetime, by: str
    ) -> str:
        """Freeze these bytes; their digest. The same bytes again are asked about anew once they were refused, and
        change nothing while they wait or after they were let out."""
        digest = sha256(package).hexdigest()
        made = self.run(
            _PROPOSE,
            department_id=department_id,
            year=round.year,
            quarter=round.quarter,
            digest=digest,
            version=version,
            package=package,
            proposed_by=by,
            proposed_at=at,
            state=ReleaseState.PROPOSED.value,
        )
        if made:
            detail = detail_text(digest=digest, version=version)
            self.record(by, "release.proposed", f"{round.code}:{department_id}", detail, at)
        return digest

    def decide_release(
        self,
        department_id: str,
        round: MonitoringRound,
        digest: str,
        state: ReleaseState,
        at: datetime,
        by: str,
    ) -> None:
        """Let it out, or not. Raises LostRace when that was decided before."""
        where = _where(department_id, round)
        given = {"state": state.value, "decided_by": by, "decided_at": at}
        if not self.run(_DECIDE, of_digest=digest, **given, **where):
            raise LostRace(f"release {digest[:12]}")
        detail = detail_text(digest=digest)
        self.record(by, f"release.{state.value}", f"{round.code}:{department_id}", detail, at)

    def releases(self, department_id: str, round: MonitoringRound) -> list[Release]:
        """Every package of a department and round, oldest first."""
        return [_release(department_id, round, row) for row in self.all(_ALL, **_where(department_id, round))]

    def known_names(self) -> list[str]:
        """The names of everybody in the roster, gone or not."""
        return [row[0] for row in self.all(_NAMES)]

    def release_package(self, department_id: str, round: MonitoringRound, digest: str) -> bytes | None:
        """The frozen bytes; None for an unknown digest."""
        row = self.first(_PACKAGE, of_digest=digest, **_where(department_id, round))
        return bytes(row[0]) if row else None
