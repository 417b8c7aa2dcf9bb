"""What finance sees of a whole round at one glance: a square per project, a bar per department's spending (UX §4.4).

The same value is drawn twice: as a tall picture with a line per department, and as a strip of 1.8:1 for a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from regulation.filing import Filing, FilingState
from regulation.rates import percent
from regulation.rounds import MonitoringRound


class Square(StrEnum):
    """How far one project's 附表1 is, in the order the squares of a line stand."""

    DONE = "done"  # 已报
    FILLING = "filling"  # 填写中、退回待改
    UNTOUCHED = "untouched"  # 未开始
    OVERDUE = "overdue"  # 逾期未报


SQUARE_LABELS = {
    Square.DONE: "已报",
    Square.FILLING: "填写中",
    Square.UNTOUCHED: "未开始",
    Square.OVERDUE: "逾期",
}
_DONE = frozenset({FilingState.AWAITING_UNIT, FilingState.FILED, FilingState.ACCEPTED})
_FILLING = frozenset({FilingState.DRAFT, FilingState.RETURNED})


@dataclass(frozen=True, slots=True)
class Line:
    """One department (or unit): how many projects stand at each square; ``spent`` is 执行率, None while it is not to
    be seen (财政 sees a department's figures only after it filed, DOMAIN §4)."""

    name: str
    squares: tuple[tuple[Square, int], ...]
    spent: Decimal | None = None

    def count(self, square: Square) -> int:
        """Projects at that square."""
        return dict(self.squares).get(square, 0)

    @property
    def owed(self) -> int:
        """All its projects of the round."""
        return sum(count for _, count in self.squares)


@dataclass(frozen=True, slots=True)
class DistrictPicture:
    """Everything both pictures say. ``slow``: a 执行率 below it is 偏慢; ``who`` is what a line is (部门 or 单位)."""

    title: str
    subtitle: str
    lines: tuple[Line, ...]
    progress: Decimal  # 序时进度
    slow: Decimal
    who: str = "部门"

    def count(self, square: Square) -> int:
        """Projects at that square in the whole district."""
        return sum(line.count(square) for line in self.lines)

    @property
    def owed(self) -> int:
        """Every project of the round."""
        return sum(line.owed for line in self.lines)

    @property
    def overdue(self) -> tuple[Line, ...]:
        """Lines with something overdue, in the picture's order."""
        return tuple(line for line in self.lines if line.count(Square.OVERDUE))

    @property
    def slow_lines(self) -> tuple[Line, ...]:
        """Lines whose spending is behind."""
        return tuple(line for line in self.lines if self.is_slow(line))

    def is_slow(self, line: Line) -> bool:
        """Whether its spending is known and behind."""
        return line.spent is not None and line.spent < self.slow


def district_picture(
    round: MonitoringRound,
    lines: Iterable[Line],
    *,
    said_at: str,
    due: str,
    pace_yellow: Decimal,
    stamp: str = "",
    who: str = "部门",
) -> DistrictPicture:
    """The picture of a round, trouble first. ``said_at`` and ``due`` are words (10月12日 09:00, 10月10日);
    ``pace_yellow`` is the 执行率 ÷ 序时进度 below which spending is slow (thresholds.toml, pace)."""
    subtitle = " · ".join(part for part in (stamp, f"截至 {said_at}", f"应于{due}前报部门") if part)
    return DistrictPicture(
        f"{round.label} 附表1 报送进度",
        subtitle,
        tuple(sorted(lines, key=_trouble)),
        round.time_progress,
        round.time_progress * pace_yellow,
        who,
    )


def line(
    name: str, filings: Sequence[tuple[Filing, int]], *, overdue: bool, spent: Decimal | None = None
) -> Line:
    """The line of these forms: each with how many answers its draft has. ``overdue``: the date has passed."""
    seen = [square(filing, answered, overdue=overdue) for filing, answered in filings]
    return Line(name, tuple((each, n) for each in Square if (n := seen.count(each))), spent)


def square(filing: Filing, answered: int, *, overdue: bool) -> Square:
    """Where one form stands."""
    if filing.state in _DONE:
        return Square.DONE
    if overdue and filing.state is not FilingState.RETURNED:  # what came back has a new date of its own
        return Square.OVERDUE
    return Square.FILLING if answered or filing.state in _FILLING else Square.UNTOUCHED


def slow_words(picture: DistrictPicture) -> str:
    """What the brown colour means: ``棕色：支出进度低于60%``."""
    return f"棕色：支出进度低于{percent(picture.slow, 0)}"


def _trouble(line: Line) -> tuple[int, int]:
    return -line.count(Square.OVERDUE), -(line.owed - line.count(Square.DONE))
