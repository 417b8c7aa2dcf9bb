"""Every table, column and constraint. A change here needs a migration beside it (a test compares the two)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from storage.columns import column, form_columns, optional, table
from storage.types import Day, Instant, Money, Serial

meta = table("meta", column("key"), column("value"), PrimaryKeyConstraint("key"), clustered=True)

# -- the district ----------------------------------------------------------------------------------------------
division = table(
    "division", column("id"), column("name"), column("position", Integer), PrimaryKeyConstraint("id")
)
department = table(
    "department",
    column("id"),
    column("name"),
    column("division_id"),
    column("position", Integer),
    optional("budget_total", Money),
    PrimaryKeyConstraint("id"),
)
unit = table(
    "unit",
    column("id"),
    column("department_id", Text, ForeignKey("department.id")),
    column("name"),
    column("is_headquarters", Boolean),
    column("offline", Integer),  # classified projects refused at import: a count, nothing else (第十七条)
    column("removed", Boolean),
    column("position", Integer),
    PrimaryKeyConstraint("id"),
    Index(None, "department_id"),
)
person = table(
    "person",
    column("id"),
    column("name"),
    column("active", Boolean),
    column("position", Integer),
    PrimaryKeyConstraint("id"),
)
duty = table(
    "duty",
    column("person_id", Text, ForeignKey("person.id")),
    column("role"),
    column("scope_id"),
    column("position", Integer),
    PrimaryKeyConstraint("person_id", "role", "scope_id"),
    Index(None, "scope_id", "role"),
    clustered=True,
)
identity = table(
    "identity",
    column("platform"),
    column("user_id"),
    column("person_id", Text, ForeignKey("person.id")),
    PrimaryKeyConstraint("platform", "user_id"),
    UniqueConstraint("person_id", "platform"),
    clustered=True,
)
other_account = table(
    "other_account",
    column("platform"),
    column("other_id"),  # another id of the same account there: unionid
    column("user_id"),
    PrimaryKeyConstraint("platform", "other_id"),
    clustered=True,
)
project = table(
    "project",
    column("id"),
    column("year", Integer),
    column("unit_id", Text, ForeignKey("unit.id")),
    column("filler_id"),
    column("name"),
    column("budget_initial", Money),
    column("budget_current", Money),
    column("sources"),  # JSON: [[source, "amount"], …]
    column("indicators"),  # JSON: one object per indicator, amounts as strings
    column("code"),
    column("is_key", Boolean),
    optional("key_basis", Text),
    optional("starts", Day),
    optional("ends", Day),
    column("has_ongoing_procurement", Boolean),
    column("removed", Boolean),
    column("position", Integer),
    PrimaryKeyConstraint("id"),
    Index(None, "year", "unit_id"),
    Index(None, "filler_id", "year"),
)

# -- 附表1: state, drafts, filed versions -----------------------------------------------------------------------
filing = table(
    "filing",
    *form_columns(),
    column("state"),
    column("version", Integer),
    optional("filed_at", Instant),
    column("filed_by"),
    column("late", Boolean),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("project_id", "year", "quarter"),
    clustered=True,
)
filing_revision = table(
    "filing_revision",
    *form_columns(),
    column("version", Integer),
    column("at", Instant),
    column("by"),
    column("action"),
    column("late", Boolean),
    column("base_version", Integer),
    column("definition"),  # the project as it was defined then (F09)
    ForeignKeyConstraint(
        ["project_id", "year", "quarter"], ["filing.project_id", "filing.year", "filing.quarter"]
    ),
    PrimaryKeyConstraint("project_id", "year", "quarter", "version"),
    clustered=True,
)
figure = table(
    "figure",
    *form_columns(),
    column("version", Integer),
    column("position", Integer),
    column("key"),
    column("value"),
    column("text"),
    column("message"),
    ForeignKeyConstraint(
        ["project_id", "year", "quarter", "version"],
        [f"filing_revision.{name}" for name in ("project_id", "year", "quarter", "version")],
    ),
    PrimaryKeyConstraint("project_id", "year", "quarter", "version", "position"),
    UniqueConstraint("project_id", "year", "quarter", "version", "key", name="uq_figure_key"),
    clustered=True,
)
draft = table(
    "draft",
    *form_columns(),
    column("person_id"),
    column("base_version", Integer),
    column("entries"),
    column("proposals"),
    column("answered", Integer),
    column("revision", Integer),
    column("updated_at", Instant),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("project_id", "year", "quarter", "person_id"),
    clustered=True,
)

# -- deviations --------------------------------------------------------------------------------------------------
finding = table(
    "finding",
    column("id", Serial),
    *form_columns(),
    column("field"),
    column("code"),
    column("rank", Integer),  # 0 info, 1 yellow, 2 red
    column("version", Integer),
    column("content"),
    column("raised_at", Instant),
    optional("closed_at", Instant),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("id"),
)
Index(
    "uq_finding_open",
    *(finding.c[name] for name in ("year", "quarter", "project_id", "field", "code")),
    unique=True,
    sqlite_where=finding.c.closed_at.is_(None),
    postgresql_where=finding.c.closed_at.is_(None),
)
told = table(
    "told",
    column("finding_id", Serial, ForeignKey("finding.id")),
    column("person_id"),
    column("at", Instant),
    PrimaryKeyConstraint("finding_id", "person_id"),
    clustered=True,
)

# -- the conversation --------------------------------------------------------------------------------------------
session = table(
    "session",
    column("person_id"),
    column("text"),
    column("turn", Integer),
    PrimaryKeyConstraint("person_id"),
    clustered=True,
)
card = table(
    "card",
    column("token"),
    column("person_id"),
    column("name"),
    column("subject"),
    column("version", Integer),
    column("actions"),
    column("data"),
    column("at", Instant),
    PrimaryKeyConstraint("token"),
    clustered=True,
)
inbox = table(
    "inbox",
    column("id", Serial),
    column("source"),
    column("key"),
    column("payload"),
    column("at", Instant),
    column("state"),  # new, done, failed, dead
    column("tries", Integer),
    column("error"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("source", "key"),
)
Index(
    "ix_inbox_open",
    inbox.c.id,
    sqlite_where=inbox.c.state.in_(("new", "failed")),
    postgresql_where=inbox.c.state.in_(("new", "failed")),
)
outbox = table(
    "outbox",
    column("id", Serial),
    column("key"),
    column("recipient"),
    column("address"),
    column("card"),
    column("token"),
    column("replaces"),
    column("created_at", Instant),
    column("due", Instant),
    column("state"),  # waiting, sent, parked, held, withdrawn
    optional("lease_until", Instant),  # somebody is sending it until then
    column("tries", Integer),
    column("error"),
    optional("sent_at", Instant),
    column("reference"),  # what the platform calls it; one call to many people has one
    optional("read_at", Instant),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("recipient", "key", "address"),
)
Index(
    "ix_outbox_waiting",
    outbox.c.due,
    outbox.c.id,
    sqlite_where=outbox.c.state == "waiting",
    postgresql_where=outbox.c.state == "waiting",
)
Index(
    "ix_outbox_reference",
    outbox.c.reference,
    sqlite_where=outbox.c.reference != "",
    postgresql_where=outbox.c.reference != "",
)

# -- what a platform remembers ----------------------------------------------------------------------------------
shelf = table(
    "shelf",
    column("platform"),
    column("key"),
    column("value"),
    optional("until", Instant),
    PrimaryKeyConstraint("platform", "key"),
    clustered=True,
)
tally = table(
    "tally",
    column("platform"),
    column("key"),
    column("total", Integer),
    PrimaryKeyConstraint("platform", "key"),
    clustered=True,
)

# -- reminders, round dates --------------------------------------------------------------------------------------
marker = table("marker", column("key"), column("at", Instant), PrimaryKeyConstraint("key"), clustered=True)
pause = table(
    "pause",
    column("person_id"),
    column("year", Integer),
    column("quarter", Integer),
    column("at", Instant),
    PrimaryKeyConstraint("person_id", "year", "quarter"),
    clustered=True,
)
override = table(
    "round_override",
    column("year", Integer),
    column("quarter", Integer),
    column("annex"),
    column("due", Day),
    column("notice_no"),
    PrimaryKeyConstraint("year", "quarter", "annex"),
    clustered=True,
)

# -- between the unit and its department ---------------------------------------------------------------------------
form_return = table(
    "form_return",
    *form_columns(),
    column("version", Integer),  # a version is sent back at most once
    column("at", Instant),
    column("by"),
    column("field"),
    column("reason"),
    optional("due", Day),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("year", "quarter", "project_id", "version"),
    clustered=True,
)
stand_in = table(
    "stand_in",  # the budget office fills for a unit, with the sentence why
    *form_columns(),
    column("person_id"),
    column("reason"),
    column("at", Instant),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("year", "quarter", "project_id", "person_id"),
    clustered=True,
)
nudge = table(
    "nudge",
    column("id", Serial),
    column("year", Integer),
    column("quarter", Integer),
    column("person_id"),
    column("scope_id"),
    column("by"),
    column("at", Instant),
    PrimaryKeyConstraint("id"),
    Index(None, "year", "quarter"),
)
cover = table(
    "cover",
    column("id", Serial),
    column("person_id", Text, ForeignKey("person.id")),
    column("cover_id", Text, ForeignKey("person.id")),
    column("first_day", Day),
    column("last_day", Day),
    column("state"),
    column("asked_at", Instant),
    optional("answered_at", Instant),
    PrimaryKeyConstraint("id"),
    Index(None, "state", "last_day"),
)
proposal = table(
    "proposal",
    column("key"),
    column("platform"),
    column("kind"),
    column("person_id"),
    column("user_id"),
    column("value"),
    column("said"),
    column("state"),
    column("found_at", Instant),
    optional("decided_at", Instant),
    column("decided_by"),
    PrimaryKeyConstraint("key"),
    Index(None, "state"),
    clustered=True,
)

# -- audit -------------------------------------------------------------------------------------------------------
audit = table(
    "audit",
    Column("id", Serial, primary_key=True, autoincrement=False),  # given by the chain: a gap is a deleted row
    column("at", Instant),
    column("by"),
    column("action"),
    column("subject"),
    column("detail"),
    column("prev"),
    column("hash"),
)
audit_head = table(
    "audit_head",
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    column("last_id", Serial),
    column("hash"),
)
