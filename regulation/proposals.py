"""What a platform's directory says otherwise than the roster: proposals, applied only on an administrator's word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProposalKind(StrEnum):
    """What would change."""

    BIND = "bind"  # an account for somebody in the roster
    RENAME = "rename"
    GONE = "gone"  # no longer in the directory
    LEADS = "leads"  # the directory calls them leader of a unit


KIND_LABELS = {
    ProposalKind.BIND: "新账号",
    ProposalKind.RENAME: "姓名不同",
    ProposalKind.GONE: "通讯录里没有了",
    ProposalKind.LEADS: "新的负责人",
}


class ProposalState(StrEnum):
    """Whether somebody decided. ``VOID``: the directory no longer says so."""

    OPEN = "open"
    ADOPTED = "adopted"
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One difference. ``value`` is the directory's name of the person, or the id of the unit they lead; ``said`` are
    the directory's own department names, for a person to compare."""

    platform: str
    kind: ProposalKind
    person_id: str
    user_id: str
    value: str = ""
    said: str = ""
    state: ProposalState = ProposalState.OPEN

    @property
    def key(self) -> str:
        """Stable identity: what was refused is not proposed again until the directory says something else."""
        return f"{self.platform}:{self.kind}:{self.person_id}:{self.user_id}:{self.value}"
