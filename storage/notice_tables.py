"""The tables of notices to many: the text, and whom each was meant for."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text

from storage.columns import column, optional, table
from storage.types import Instant

notice = table(
    "notice",
    column("id"),
    column("author_id"),
    column("role"),
    column("scope_id"),
    column("title"),
    column("text"),
    column("audience"),  # JSON: [[role, …], condition, [scope id, …]]
    column("state"),
    optional("due", Instant),
    column("any_hour", Boolean),
    column("agreed_by"),
    optional("wake", Instant),  # when the clock must look at it next
    column("at", Instant),
    PrimaryKeyConstraint("id"),
    Index(None, "author_id", "at"),
    Index(None, "wake"),
)
notice_recipient = table(
    "notice_recipient",
    column("notice_id", Text, ForeignKey("notice.id")),
    column("person_id", Text, ForeignKey("person.id")),
    column("position", Integer),
    optional("received_at", Instant),
    PrimaryKeyConstraint("notice_id", "person_id"),
    Index(None, "person_id"),
    clustered=True,
)
