"""Answers not yet filed: one draft per form and person, with its own counter against two devices at once (F02)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select, update

from regulation.filing import Draft, FilingState
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.definitions import entries_text, proposals_text, read_entries, read_proposals
from storage.errors import VersionConflict
from storage.filings import form, form_columns, subject
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import draft, filing
from storage.transaction import Transaction

_KEY = ("project_id", "year", "quarter", "person_id")
_CONTENT = ("base_version", "entries", "proposals", "answered", "updated_at")
_of_form = and_(
    draft.c.project_id == bindparam("form"),
    draft.c.year == bindparam("in_year"),
    draft.c.quarter == bindparam("in_quarter"),
)
_own = and_(_of_form, draft.c.person_id == bindparam("who"))
_SHOWN = (
    draft.c.person_id,
    draft.c.base_version,
    draft.c.entries,
    draft.c.proposals,
    draft.c.revision,
    draft.c.updated_at,
)
_READ = Statement(select(*_SHOWN).where(_own))
_OTHERS = Statement(
    select(*_SHOWN).where(_of_form, draft.c.person_id != bindparam("who")).order_by(draft.c.updated_at)
)
_ADD = Statement(
    into(draft)
    .values(**binds(*_KEY, *_CONTENT), revision=1)
    .on_conflict_do_nothing(index_elements=list(_KEY))
)
_CHANGE = Statement(
    update(draft)
    .where(_own, draft.c.revision == bindparam("revision_was"))
    .values(**binds(*_CONTENT), revision=draft.c.revision + 1)
)
_DROP = Statement(delete(draft).where(_own).returning(draft.c.updated_at))
_BEGUN = Statement(
    into(filing)
    .values(
        **binds("project_id", "year", "quarter"),
        state=FilingState.DRAFT.value,
        version=0,
        filed_by="",
        late=False,
    )
    .on_conflict_do_update(
        index_elements=["project_id", "year", "quarter"],
        set_={"state": FilingState.DRAFT.value},
        where=filing.c.state == constant(FilingState.NOT_STARTED.value),
    )
)


def _draft(project_id: str, round: MonitoringRound, row: Row) -> Draft:
    who, base, entries, proposals, revision, updated = row
    return Draft(
        project_id, round, who, base, read_entries(entries), read_proposals(proposals), revision, updated
    )


class Drafts(Transaction):
    """The drafts' part of a transaction."""

    def draft(self, project_id: str, round: MonitoringRound, person_id: str) -> Draft | None:
        """The person's own draft."""
        row = self.first(_READ, who=person_id, **form(project_id, round))
        return _draft(project_id, round, row) if row else None

    def other_drafts(self, project_id: str, round: MonitoringRound, person_id: str) -> list[Draft]:
        """Everybody else's drafts of the same form, oldest change first."""
        rows = self.all(_OTHERS, who=person_id, **form(project_id, round))
        return [_draft(project_id, round, row) for row in rows]

    def save_draft(self, draft: Draft, at: datetime, by: str) -> None:
        """Keep the answers; 未开始 becomes 草稿. ``draft.revision`` is the one read (0 for a new draft), the stored
        one is the next. Raises VersionConflict when the draft was changed elsewhere meanwhile."""
        content = {
            "base_version": draft.base_version,
            "entries": entries_text(draft.entries),
            "proposals": proposals_text(draft.proposals),
            "answered": len(draft.entries),
            "updated_at": at,
        }
        columns = form_columns(draft.project_id, draft.round)
        if draft.revision:
            where = form(draft.project_id, draft.round)
            saved = self.run(_CHANGE, who=draft.person_id, revision_was=draft.revision, **content, **where)
        else:
            self.run(_BEGUN, **columns)
            saved = self.run(_ADD, person_id=draft.person_id, **content, **columns)
        if not saved:
            present = self.draft(draft.project_id, draft.round, draft.person_id)
            raise VersionConflict(present.revision if present else 0)
        detail = detail_text(of=draft.person_id, answered=len(draft.entries), revision=draft.revision + 1)
        self.record(by, "draft.saved", subject(draft.project_id, draft.round), detail, at)

    def drop_draft(self, project_id: str, round: MonitoringRound, person_id: str) -> None:
        """The draft is no longer needed; dropping none is no error."""
        for row in self.all(_DROP, who=person_id, **form(project_id, round)):
            at = self.waiting_audit[-1][0] if self.waiting_audit else row[0]
            self.record(person_id, "draft.dropped", subject(project_id, round), detail_text(), at)
