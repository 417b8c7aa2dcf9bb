"""Which cell a difference most likely comes from: left out, counted twice, typed in 元, a digit slipped or swapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regulation.rates import plain

WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that takes part in a sum; ``before`` is what it held earlier, where that is known."""

    where: str
    value: Decimal
    before: Decimal | None = None


def _is_change(gap: Decimal, cell: Cell) -> bool:
    return cell.before is not None and cell.value != cell.before and abs(cell.value - cell.before) == gap


def _is_whole(gap: Decimal, cell: Cell) -> bool:
    return cell.value != 0 and abs(cell.value) == gap


def _is_half(gap: Decimal, cell: Cell) -> bool:
    return cell.value != 0 and abs(cell.value) * 2 == gap


def _is_yuan(gap: Decimal, cell: Cell) -> bool:
    """The cell holds 元 where 万元 belongs, or the other way round."""
    value = abs(cell.value)
    return value != 0 and gap in (value - value / WAN, value * WAN - value)


def _is_slip(gap: Decimal, cell: Cell) -> bool:
    """The decimal point one or two places off."""
    value = abs(cell.value)
    return value != 0 and gap in (value * 9, value * 99, value * 9 / 10, value * 99 / 100)


def _is_swap(gap: Decimal, cell: Cell) -> bool:
    """Two neighbouring digits exchanged."""
    digits = plain(abs(cell.value))
    for at in range(len(digits) - 1):
        left, right = digits[at], digits[at + 1]
        if left.isdigit() and right.isdigit() and left != right:
            other = Decimal(digits[:at] + right + left + digits[at + 2 :])
            if abs(other - abs(cell.value)) == gap:
                return True
    return False


#: what could have happened, the likeliest first, and how it is said.
_STORIES: tuple[tuple[Callable[[Decimal, Cell], bool], str], ...] = (
    (_is_change, "正好等于它调整前后的差"),
    (_is_whole, "正好等于它，可能漏计或多计一次"),
    (_is_yuan, "像是按元填了"),
    (_is_slip, "像是小数点错了位"),
    (_is_swap, "像是相邻两位数字写反了"),
    (_is_half, "正好是它的两倍，可能符号或方向反了"),
)


def suspect(difference: Decimal, cells: Sequence[Cell]) -> tuple[str, str] | None:
    """The cell to look at first and why; None when no single cell explains the difference."""
    gap = abs(difference)
    for fits, why in _STORIES:
        found = [cell for cell in cells if fits(gap, cell)]
        if found:
            return found[0].where, why
    return None
