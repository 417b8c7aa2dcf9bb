"""Card instances: created once, delivered to spaces, public and private values merged, updated by key or whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.dingtalk.refusals import Refused

#: the space model a card must have been given before it is delivered to that kind of space.
MODELS = {
    "IM_ROBOT": "imRobotOpenSpaceModel",
    "IM_GROUP": "imGroupOpenSpaceModel",
    "IM_SINGLE": "imSingleOpenSpaceModel",
}
PREFIX = "dtv1.card//"


@dataclass(slots=True)
class Card:
    """One instance. ``changes`` counts updates, by PUT and by answers."""

    id: str
    app: str
    template: str
    callback: str
    by_union: bool
    public: dict[str, str]
    private: dict[str, dict[str, str]]
    models: dict[str, Mapping[str, Any]]
    spaces: set[tuple[str, str]] = field(default_factory=set)
    changes: int = 0

    def seen_by(self, user_id: str) -> dict[str, str]:
        """The values one person sees: private before public."""
        return {**self.public, **self.private.get(user_id, {})}

    def forwardable(self, kind: str) -> bool:
        """Whether a client offers to forward it from that kind of space."""
        return bool(self.models.get(MODELS.get(kind, ""), {}).get("supportForward"))

    def update(self, change: Mapping[str, Any], private: Mapping[str, Mapping[str, str]]) -> None:
        """New values: whole unless the options say by key."""
        options = change.get("cardUpdateOptions") or {}
        public = (change.get("cardData") or {}).get("cardParamMap")
        if public is not None:
            self.public = {**(self.public if options.get("updateCardDataByKey") else {}), **public}
        for user, params in private.items():
            kept = self.private.get(user, {}) if options.get("updatePrivateDataByKey") else {}
            self.private[user] = {**kept, **params}
        self.changes += 1


@dataclass(slots=True)
class Cards:
    """All instances by outTrackId."""

    known: dict[str, Card] = field(default_factory=dict)

    def add(self, card: Card) -> None:
        """A new one. Raises Refused when the id was used before."""
        if card.id in self.known:
            raise Refused(400, "param.cardAlreadyExist")
        self.known[card.id] = card

    def get(self, out_track_id: str) -> Card:
        """Raises Refused when there is none."""
        if out_track_id not in self.known:
            raise Refused(400, "param.cardNotExist")
        return self.known[out_track_id]


def parse_spaces(open_space_id: str) -> list[tuple[str, str]]:
    """``dtv1.card//IM_ROBOT.u1;IM_GROUP.cid`` as pairs. Raises Refused."""
    if not open_space_id.startswith(PREFIX):
        raise Refused(400, "param.openSpaceIdInvalid")
    parts = [part.partition(".") for part in open_space_id.removeprefix(PREFIX).split(";")]
    spaces = [(kind.upper(), space) for kind, dot, space in parts if dot and space]
    if len(spaces) != len(parts) or any(kind not in MODELS for kind, _ in spaces):
        raise Refused(400, "param.openSpaceIdInvalid")
    return spaces
