"""From effects to the store's mutators, one row of a table per kind of effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.cards.card import Attachment, dump
from bot.effects import (
    Acted,
    AddressNotice,
    Announce,
    AskCover,
    AskHandOver,
    ChangeKey,
    Decide,
    DecideRelease,
    Dispose,
    DropDraft,
    Effect,
    EndHandOver,
    HandOver,
    MoveCover,
    MoveOrder,
    MoveReport,
    MoveRequest,
    Note,
    Nudged,
    Order,
    Pause,
    ProposeRelease,
    RaiseFindings,
    ReceiveNotice,
    Request,
    ResendNotice,
    ReturnReport,
    SaveDraft,
    SaveFigures,
    SaveNotice,
    SaveReportDraft,
    Send,
    SendBack,
    StandIn,
    Track,
    WithdrawNotice,
)
from bot.ports import Reports, Tx
from regulation.filing import next_state
from regulation.reporting import KeyChange, next_report_state
from regulation.rounds import parse_round


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who makes the changes and when, and how tokens are minted."""

    by: str
    at: datetime
    mint: Callable[[], str]
    reports: Reports | None = None


def apply(
    tx: Tx,
    effects: Iterable[Effect],
    *,
    by: str,
    at: datetime,
    mint: Callable[[], str],
    reports: Reports | None = None,
) -> int:
    """Carry out every effect in order inside the open transaction; how many new messages were queued. ``reports``
    draws what is frozen as it is drawn now (a package for publication)."""
    acting = _Acting(by, at, mint, reports)
    return sum(_APPLY[type(effect)](tx, effect, acting) for effect in effects)


def _save_draft(tx: Tx, effect: SaveDraft, acting: _Acting) -> int:
    tx.save_draft(effect.draft, acting.at, acting.by)
    return 0


def _drop_draft(tx: Tx, effect: DropDraft, acting: _Acting) -> int:
    tx.drop_draft(effect.project_id, effect.round, effect.person_id)
    return 0


def _save_figures(tx: Tx, effect: SaveFigures, acting: _Acting) -> int:
    """The table of regulation.filing decides the state; an action it does not allow is our mistake."""
    present = tx.filing(effect.project_id, effect.round)
    state = next_state(present.state, effect.action)
    if state is None:
        raise ValueError(f"{effect.action} is not allowed in {present.state}")
    tx.save_figures(
        effect.project_id,
        effect.round,
        base_version=effect.base_version,
        entries=effect.entries,
        action=effect.action,
        state=state,
        late=effect.late,
        at=acting.at,
        by=effect.person_id,
    )
    return 0


def _raise_findings(tx: Tx, effect: RaiseFindings, acting: _Acting) -> int:
    tx.raise_findings(effect.project_id, effect.round, effect.version, effect.findings, acting.at, acting.by)
    return 0


def _hand_over(tx: Tx, effect: HandOver, acting: _Acting) -> int:
    tx.hand_over(effect.project_id, effect.from_person, effect.to_person, acting.at, acting.by)
    tx.drop_hand_overs(effect.project_id)
    return 0


def _pause(tx: Tx, effect: Pause, acting: _Acting) -> int:
    tx.pause(effect.person_id, effect.round, acting.at)
    return 0


def _send(tx: Tx, effect: Send, acting: _Acting) -> int:
    """Queue the card once per (key, person), bind its token, and remember which findings it tells of."""
    token = acting.mint()
    card = effect.card
    text = json.dumps(dump(card) | {"data": ""}, ensure_ascii=False)
    if not tx.enqueue(effect.key, effect.to, text, token, effect.replaces, effect.due or acting.at):
        return 0
    if card.actions:
        tx.bind_card(
            token, effect.to, card.name, card.subject, card.version, card.actions, card.data, acting.at
        )
    told = list(effect.told) + _open_findings(tx, effect)
    if told:
        tx.tell(told, effect.to, acting.at)
    return 1


def _open_findings(tx: Tx, effect: Send) -> list[int]:
    if not effect.tells:
        return []
    code, _, project_id = effect.tells.partition(":")
    return [raised.id for raised in tx.findings(parse_round(code), project_id=project_id)]


def _announce(tx: Tx, effect: Announce, acting: _Acting) -> int:
    """One token for all: a platform can then show the same card to many in one call."""
    token, card = acting.mint(), effect.card
    text = json.dumps(dump(card) | {"data": ""}, ensure_ascii=False)
    due = effect.due or acting.at
    queued = sum(tx.enqueue(effect.key, person, text, token, "", due) for person in effect.to)
    if card.actions and queued:
        tx.bind_card(token, "", card.name, card.subject, card.version, card.actions, card.data, acting.at)
    return queued


def _save_notice(tx: Tx, effect: SaveNotice, acting: _Acting) -> int:
    tx.save_notice(effect.notice, effect.action, acting.at, acting.by)
    return 0


def _address_notice(tx: Tx, effect: AddressNotice, acting: _Acting) -> int:
    tx.address_notice(effect.notice_id, effect.people, acting.at, acting.by)
    return 0


def _receive_notice(tx: Tx, effect: ReceiveNotice, acting: _Acting) -> int:
    tx.receive_notice(effect.notice_id, effect.person_id, acting.at)
    return 0


def _resend_notice(tx: Tx, effect: ResendNotice, acting: _Acting) -> int:
    return tx.resend_notice(effect.notice_id, acting.at, acting.by)


def _withdraw_notice(tx: Tx, effect: WithdrawNotice, acting: _Acting) -> int:
    tx.withdraw_notice(effect.notice_id, acting.at, acting.by)
    return 0


def _acted(tx: Tx, effect: Acted, acting: _Acting) -> int:
    tx.act(effect.key, acting.at)
    return 0


def _note(tx: Tx, effect: Note, acting: _Acting) -> int:
    tx.note(effect.person_id, effect.action, effect.subject, effect.detail, acting.at)
    return 0


def _send_back(tx: Tx, effect: SendBack, acting: _Acting) -> int:
    tx.return_form(effect.sent_back)
    return 0


def _stand_in(tx: Tx, effect: StandIn, acting: _Acting) -> int:
    tx.stand_in(effect.project_id, effect.round, effect.person_id, effect.reason, acting.at)
    return 0


def _nudged(tx: Tx, effect: Nudged, acting: _Acting) -> int:
    tx.nudge(effect.round, effect.scope_id, effect.people, acting.at, acting.by)
    return 0


def _ask_hand_over(tx: Tx, effect: AskHandOver, acting: _Acting) -> int:
    tx.ask_hand_over(effect.ask)
    return 0


def _end_hand_over(tx: Tx, effect: EndHandOver, acting: _Acting) -> int:
    tx.end_hand_over(effect.ask, effect.end, acting.at, acting.by)
    return 0


def _ask_cover(tx: Tx, effect: AskCover, acting: _Acting) -> int:
    """The number of what is asked is known only now: the card that asks remembers it."""
    number = tx.ask_cover(effect.person_id, effect.cover_id, effect.first, effect.last, acting.at)
    card = replace(effect.ask.card, data=json.dumps({"cover": number}))
    return _send(tx, replace(effect.ask, card=card), acting)


def _move_cover(tx: Tx, effect: MoveCover, acting: _Acting) -> int:
    tx.move_cover(effect.number, effect.was, effect.now, acting.at, acting.by)
    return 0


def _decide(tx: Tx, effect: Decide, acting: _Acting) -> int:
    tx.decide_proposal(effect.key, effect.state, acting.at, acting.by)
    return 0


def _save_report_draft(tx: Tx, effect: SaveReportDraft, acting: _Acting) -> int:
    tx.save_report_draft(effect.draft, acting.at, acting.by)
    return 0


def _move_report(tx: Tx, effect: MoveReport, acting: _Acting) -> int:
    """The table of regulation.reporting decides the state; an action it does not allow is our mistake."""
    state = next_report_state(effect.was, effect.action)
    if state is None:
        raise ValueError(f"{effect.action} is not allowed in {effect.was}")
    tx.save_report(
        effect.department_id,
        effect.round,
        base_version=effect.base_version,
        was=effect.was,
        entries=effect.entries,
        basis=effect.basis,
        action=effect.action,
        state=state,
        late=effect.late,
        at=acting.at,
        by=acting.by,
    )
    return 0


def _change_key(tx: Tx, effect: ChangeKey, acting: _Acting) -> int:
    tx.set_key_project(
        KeyChange(effect.project_id, effect.is_key, effect.basis, effect.reason, acting.at, acting.by)
    )
    return 0


def _return_report(tx: Tx, effect: ReturnReport, acting: _Acting) -> int:
    tx.return_report(effect.back)
    return 0


def _order(tx: Tx, effect: Order, acting: _Acting) -> int:
    tx.order(effect.made, acting.at, acting.by)
    return 0


def _move_order(tx: Tx, effect: MoveOrder, acting: _Acting) -> int:
    tx.move_order(effect.now, acting.at, acting.by)
    return 0


def _request(tx: Tx, effect: Request, acting: _Acting) -> int:
    tx.request_adjustment(effect.made, acting.at, acting.by)
    return 0


def _move_request(tx: Tx, effect: MoveRequest, acting: _Acting) -> int:
    tx.move_adjustment(effect.now, effect.was, acting.at, acting.by)
    return 0


def _dispose(tx: Tx, effect: Dispose, acting: _Acting) -> int:
    tx.dispose(effect.made, acting.at, acting.by)
    return 0


def _track(tx: Tx, effect: Track, acting: _Acting) -> int:
    tx.track(effect.tracked, effect.subject, acting.at, acting.by)
    return 0


def _propose_release(tx: Tx, effect: ProposeRelease, acting: _Acting) -> int:
    """The bytes two people will have agreed to are drawn once, here."""
    if acting.reports is None:
        raise ValueError("nothing can be frozen without reports")
    subject = f"{effect.round.code}:{effect.department_id}"
    package = acting.reports.render(Attachment("disclosure.zip", subject, effect.version, ""), tx)
    tx.propose_release(effect.department_id, effect.round, effect.version, package, acting.at, acting.by)
    return 0


def _decide_release(tx: Tx, effect: DecideRelease, acting: _Acting) -> int:
    tx.decide_release(effect.department_id, effect.round, effect.digest, effect.state, acting.at, acting.by)
    return 0


_APPLY: dict[type, Callable[[Tx, Any, _Acting], int]] = {
    SaveDraft: _save_draft,
    DropDraft: _drop_draft,
    SaveFigures: _save_figures,
    RaiseFindings: _raise_findings,
    HandOver: _hand_over,
    AskHandOver: _ask_hand_over,
    EndHandOver: _end_hand_over,
    Pause: _pause,
    Send: _send,
    Announce: _announce,
    SaveNotice: _save_notice,
    AddressNotice: _address_notice,
    ReceiveNotice: _receive_notice,
    ResendNotice: _resend_notice,
    WithdrawNotice: _withdraw_notice,
    Acted: _acted,
    Note: _note,
    SendBack: _send_back,
    StandIn: _stand_in,
    Nudged: _nudged,
    AskCover: _ask_cover,
    MoveCover: _move_cover,
    Decide: _decide,
    SaveReportDraft: _save_report_draft,
    MoveReport: _move_report,
    ChangeKey: _change_key,
    ReturnReport: _return_report,
    Order: _order,
    MoveOrder: _move_order,
    Request: _request,
    MoveRequest: _move_request,
    Dispose: _dispose,
    Track: _track,
    ProposeRelease: _propose_release,
    DecideRelease: _decide_release,
}
