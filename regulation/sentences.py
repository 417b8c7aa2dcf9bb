"""The words of a finding: what the numbers say, in one sentence a clerk understands, with the arithmetic beside it.

Nothing here decides; it is called only for what has already been found, so a district without deviations builds no
string at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from regulation.findings import Finding, Level
from regulation.grades import ZERO, Grade, Row, iso_day, reach
from regulation.rates import Pace, percent, plain, ratio, rounded
from regulation.roster import Indicator
from regulation.targets import Confidence, Kind, Operator
from regulation.thresholds import Band, Rule

GOALS = "第十条(二)"
WEEKDAYS = "一二三四五六日"
TITLE_LENGTH = 16
OPERATOR_WORDS = {
    Operator.GE: "不少于",
    Operator.LE: "不超过",
    Operator.EQ: "等于",
    Operator.GT: "大于",
    Operator.LT: "小于",
}
#: kind -> how a level is worded.
SLOW = {Level.YELLOW: "偏慢", Level.RED: "明显偏慢"}


def describe(row: Row, found: Grade) -> Finding:
    """The finding of an indicator that stands at OVER, YELLOW, RED or LOST."""
    if found is Grade.OVER:
        return _over(row)
    kind = row.target.kind if row.value is not None or row.target.kind is Kind.DATE else Kind.QUALITATIVE
    if kind is Kind.CUMULATIVE and not row.higher_better:
        kind = Kind.CAP
    elif kind is Kind.CUMULATIVE and (row.target.value or ZERO) <= 0:
        kind = Kind.LEVEL
    return _assumed(row, DESCRIBERS[kind](row, found.level or Level.INFO))


def named(indicator: Indicator) -> str:
    """The name inside a sentence: some offices end theirs with a full stop."""
    return indicator.name.rstrip("。；;，,.、 ") or indicator.name


def short(indicator: Indicator) -> str:
    """The name as it fits a title."""
    name = named(indicator)
    return name if len(name) <= TITLE_LENGTH else f"{name[: TITLE_LENGTH - 1]}…"


def amount(value: Decimal | None, unit: str) -> str:
    """``36间``, ``62.9%``."""
    return f"{plain(value or ZERO)}{unit}"


def spaced(text: str, unit: str) -> str:
    """``930/2160 套`` but ``45/95%``."""
    return f"{text}{'' if unit in ('', '%', '％') else ' '}{unit}"


def time_passed(pace: Pace) -> str:
    """How much of the time is gone; a plan inside the year says so."""
    share = plain(rounded(pace.share * 100, 1))
    return f"时间已过 {share}%" if pace.planned == 12 else f"计划期已过 {share}%"


def day_label(day: date, year: int) -> str:
    """``11月30日（周一）``, with the year when it is another one."""
    return f"{_day(day, year)}（周{WEEKDAYS[day.weekday()]}）"


def _day(day: date, year: int) -> str:
    return f"{'' if day.year == year else f'{day.year}年'}{day.month}月{day.day}日"


def lines(what: str, band: Band, word: str, of: str = "") -> str:
    """A band in words: ``完成进度低于应有进度的80%为黄，低于60%为红``."""
    yellow, red = (plain(line * 100) for line in (band.yellow, band.red))
    return f"{what}{word}{of}{yellow}%为黄，{word}{red}%为红"


def _finding(
    row: Row,
    code: str,
    level: Level,
    rule: Rule,
    *,
    title: str,
    sentence: str,
    formula: str,
    numbers: tuple[tuple[str, str], ...],
    threshold: str,
) -> Finding:
    return Finding(
        code=f"indicator.{code}",
        level=level,
        field=f"actual.{row.indicator.position}",
        title=f"{short(row.indicator)} {title}",
        sentence=sentence,
        formula=formula,
        numbers=numbers,
        threshold=threshold,
        version=rule.since,
        reference=rule.reference,
        article=GOALS,
    )


def _assumed(row: Row, found: Finding) -> Finding:
    """A reading nobody confirmed yet says how the target was read."""
    if row.target.confidence is not Confidence.ASSUMED or (
        row.value is None and row.target.kind is not Kind.DATE
    ):
        return found
    return Finding(
        found.code,
        found.level,
        found.field,
        found.title,
        f"{found.sentence.removesuffix('。')}（按“{_reading(row)}”理解）。",
        found.formula,
        found.numbers,
        found.threshold,
        found.version,
        found.reference,
        found.article,
    )


def _reading(row: Row) -> str:
    target = row.target
    if target.kind is Kind.DATE and row.due:
        return f"{_day(row.due, row.round.year)}前完成"
    word = OPERATOR_WORDS.get(target.operator) if target.operator else None
    return f"{word or ('不少于' if row.higher_better else '不超过')} {amount(target.value, target.unit)}"


def _counted(row: Row, level: Level) -> Finding:
    done, goal, unit = row.value or ZERO, row.target.value or ZERO, row.target.unit
    reached, expected = reach(row)
    share = ratio(done, goal)
    counted = spaced(f"{plain(done)}/{plain(goal)}", unit)
    against, formula, planned = _expected(row)
    pace = ratio(reached, expected)
    return _finding(
        row,
        "pace",
        level,
        row.rules.quantity,
        title=percent(share, 0),
        sentence=f"{named(row.indicator)}完成 {counted}（{percent(share, 1)}），{against}，{SLOW[level]}。",
        formula=f"{formula} = {percent(pace)}",
        numbers=(
            ("已完成", amount(done, unit)),
            ("年度目标", row.target.text),
            ("完成率", percent(share)),
            planned,
            ("偏离度", percent(None if pace is None else pace - 1)),
        ),
        threshold=lines("完成进度", row.rules.quantity, "低于", "应有进度的"),
    )


def _expected(row: Row) -> tuple[str, str, tuple[str, str]]:
    """What a count is held against: the words, the left side of the formula, and the number."""
    done, unit = plain(row.value or ZERO), row.target.unit
    if row.stage is None:
        share = percent(row.pace.share)
        formula = f"进度比 = ({done} ÷ {plain(row.target.value or ZERO)}) ÷ 序时进度 {share}"
        return time_passed(row.pace), formula, ("序时进度", share)
    stage = plain(row.stage)
    against = f"计划到{row.round.last_day.month}月底完成 {spaced(stage, unit)}"
    return against, f"进度比 = {done} ÷ 阶段计划 {stage}", ("阶段计划", amount(row.stage, unit))


def _compared(row: Row, level: Level) -> Finding:
    done, goal, unit = row.value or ZERO, row.target.value or ZERO, row.target.unit
    worse = "低于" if row.higher_better and done < goal else "高于"
    if done == goal:
        worse = "只是刚到，没有" + ("超过" if row.higher_better else "低于")
    gap = ratio(abs(done - goal), abs(goal))
    strong = "明显" if level is Level.RED else ""
    far = f"，相差 {percent(gap, 1)}" if gap else ""
    against = f"{strong}{worse}年度目标 {amount(goal, unit)}{far}"
    return _finding(
        row,
        "level",
        level,
        row.rules.level,
        title=amount(done, unit),
        sentence=f"{named(row.indicator)}目前 {amount(done, unit)}，{against}。",
        formula=f"差距 = |{plain(done)} − {plain(goal)}| ÷ |{plain(goal)}| = {percent(gap)}",
        numbers=(
            ("已完成", amount(done, unit)),
            ("年度目标", row.target.text),
            ("偏离度", "—" if gap is None else percent(-gap)),
        ),
        threshold=f"达不到年度目标为黄，相差超过目标的{plain(row.rules.level.red * 100)}%为红",
    )


def _capped(row: Row, level: Level) -> Finding:
    done, cap, unit = row.value or ZERO, row.target.value or ZERO, row.target.unit
    used = ratio(done, cap)
    now, limit = (spaced(plain(value), unit) for value in (done, cap))
    part = f"，已用 {percent(used, 1)}" if used is not None else ""
    over = f"，超过上限 {limit}" if done > cap else f"，上限 {limit}{part}"
    return _finding(
        row,
        "cap",
        level,
        row.rules.cap,
        title=amount(done, unit),
        sentence=f"{named(row.indicator)}已到 {now}{over}。",
        formula=f"已用比例 = {plain(done)} ÷ 上限 {plain(cap)} = {percent(used)}",
        numbers=(("已完成", amount(done, unit)), ("上限", row.target.text), ("已用比例", percent(used))),
        threshold=lines("已用比例", row.rules.cap, "超过", "上限的"),
    )


def _dated(row: Row, level: Level) -> Finding:
    due, year = row.due or row.on, row.round.year
    said, left = iso_day(row.actual), (due - row.on).days
    done = said if said is not None and said <= row.on else None  # a day to come is a plan
    if done is not None:
        late, tail = (done - due).days, f"实际{day_label(done, year)}完成"
        title, tail = f"晚 {late} 天", f"{tail}，晚了 {late} 天"
    elif left < 0:
        title, tail = f"过期 {-left} 天", f"已过期 {-left} 天，还没有完成"
    else:
        title = f"还剩 {left} 天" if left else "今天到期"
        tail = f"{title}，还没有完成"
    return _finding(
        row,
        "date",
        level,
        row.rules.due_days,
        title=title,
        sentence=f"{named(row.indicator)}应在{day_label(due, year)}前完成，{tail}。",
        formula=f"剩余天数 = {due.isoformat()} − {(done or row.on).isoformat()} = {(due - (done or row.on)).days} 天",
        numbers=(("已完成", row.actual), ("年度目标", row.target.text), ("到期日", due.isoformat())),
        threshold=f"到期前{plain(row.rules.due_days.value)}天内未完成为黄，过期未完成为红",
    )


def _said(row: Row, level: Level) -> Finding:
    word = "部分达成" if level is Level.YELLOW else "未达成"
    return _finding(
        row,
        "qualitative",
        level,
        row.rules.qualitative,
        title=word,
        sentence=f"{named(row.indicator)}自评为{word}，年度目标是“{row.target.text}”。",
        formula="定性比较：年度目标与已完成情况",
        numbers=(("已完成", row.actual), ("年度目标", row.target.text)),
        threshold="部分达成为黄，未达成为红",
    )


def _over(row: Row) -> Finding:
    done, goal, unit = row.value or ZERO, row.target.value or ZERO, row.target.unit
    share = ratio(done, goal)
    counted = spaced(f"{plain(done)}/{plain(goal)}", unit)
    line = plain(row.rules.over.value * 100)
    return _finding(
        row,
        "over",
        Level.INFO,
        row.rules.over,
        title=percent(share, 0),
        sentence=f"{named(row.indicator)}完成 {counted}（{percent(share, 1)}），超出年度目标较多，目标可能定低了。",
        formula=f"完成率 = {plain(done)} ÷ {plain(goal)} = {percent(share)}",
        numbers=(("已完成", amount(done, unit)), ("年度目标", row.target.text), ("完成率", percent(share))),
        threshold=f"达到年度目标的{line}%及以上，只作提醒",
    )


DESCRIBERS: Mapping[Kind, Callable[[Row, Level], Finding]] = {
    Kind.CUMULATIVE: _counted,
    Kind.LEVEL: _compared,
    Kind.CAP: _capped,
    Kind.DATE: _dated,
    Kind.FREQUENCY: _said,
    Kind.QUALITATIVE: _said,
    Kind.UNREADABLE: _said,
}
