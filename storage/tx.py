"""The transaction everybody works with: every Thing's part in one object (bot.ports.Tx, bot.turn.Records)."""

from __future__ import annotations

from storage.audit import Audit
from storage.bases import Bases
from storage.cards import Cards
from storage.covers import Covers
from storage.drafts import Drafts
from storage.duties import Duties
from storage.execution import Executions
from storage.findings import Findings
from storage.handovers import HandOvers
from storage.inbox import Inbox
from storage.notices import Notices
from storage.nudges import Nudges
from storage.outbox import Outbox
from storage.overrides import Overrides
from storage.proposals import Proposals
from storage.releases import Releases
from storage.reminders import Reminders
from storage.returns import Returns
from storage.roster import Rosters
from storage.rulings import Rulings
from storage.sessions import Sessions
from storage.shelf import Shelves
from storage.tallies import Tallies
from storage.tracking import Tracking


class Tx(
    Inbox,
    Outbox,
    Sessions,
    Cards,
    Proposals,
    Rosters,
    Rulings,
    Returns,
    Bases,
    Duties,
    Drafts,
    Executions,
    Findings,
    Tracking,
    Releases,
    Reminders,
    Shelves,
    Nudges,
    Covers,
    HandOvers,
    Overrides,
    Notices,
    Tallies,
    Audit,
):
    """One open transaction: ask and change; the store commits or rolls back."""
