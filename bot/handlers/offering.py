"""What somebody who has filed everything can do next, offered in the place of 填报."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.card import Button
from bot.effects import Effect, Send
from bot.handlers import common
from bot.handlers.confirming import WITHDRAWABLE
from bot.turn import Case, Turn
from regulation.roster import Role

TABLE, STATUS = Button("table", "看表格"), Button("status", "进度")
CORRECT, WITHDRAW = Button("correct", "更正"), Button("withdraw", "撤回")
#: cards that offer 填报 to everybody.
MENUS = ("plain.help", "plain.refusal")


def after_filing(case: Case) -> tuple[Button, ...]:
    """Nothing is owed and something was filed: look at it, and while the department has not taken it, change it or
    take it back. Empty for anybody else."""
    if common.fillable(case):
        return ()
    own = [d for d in common.mine(case) if d.filing.version]
    if any(d.filing.state in WITHDRAWABLE for d in own):
        return (TABLE, CORRECT, WITHDRAW)
    return (TABLE,) if own or _unit_filed(case) else ()


def _unit_filed(case: Case) -> bool:
    """Whether a unit this person heads has filed anything."""
    units = [duty.scope_id for duty in case.person.duties if duty.role is Role.UNIT_HEAD]
    filings = (d.filing for unit in units for d in case.world.records.duties(case.world.round, unit_id=unit))
    return any(filing.version for filing in filings)


def fitted(case: Case, turn: Turn) -> Turn:
    """The turn, its menus without 填报 for whom nothing is left to fill."""
    if not any(_is_menu(case, effect) for effect in turn.effects):
        return turn
    buttons = after_filing(case)
    if not buttons:
        return turn
    return replace(
        turn, effects=tuple(_offering(case, effect, (*buttons, STATUS)) for effect in turn.effects)
    )


def _is_menu(case: Case, effect: Effect) -> bool:
    return isinstance(effect, Send) and effect.to == case.person.id and effect.card.name in MENUS


def _offering(case: Case, effect: Effect, buttons: tuple[Button, ...]) -> Effect:
    if not isinstance(effect, Send) or not _is_menu(case, effect):
        return effect
    return replace(effect, card=replace(effect.card, buttons=buttons))
