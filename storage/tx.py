"""The transaction everybody works with: every Thing's part in one object (bot.ports.Tx, bot.turn.Records)."""

from __future__ import annotations

from storage.audit import Audit
from storage.cards import Cards
from storage.drafts import Drafts
from storage.duties import Duties
from storage.filings import Filings
from storage.findings import Findings
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.overrides import Overrides
from storage.reminders import Reminders
from storage.roster import Rosters
from storage.sessions import Sessions
from storage.shelf import Shelves


class Tx(
    Inbox,
    Outbox,
    Sessions,
    Cards,
    Rosters,
    Filings,
    Duties,
    Drafts,
    Findings,
    Reminders,
    Overrides,
    Shelves,
    Audit,
):
    """One open transaction: ask and change; the store commits or rolls back."""
