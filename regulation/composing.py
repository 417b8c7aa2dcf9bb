"""附表1 filled from the entries: rows in printed order, texts as entered, 项目实施情况 drafted from the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regulation.annex1 import Annex1, Annex1Row, Entry, FieldKind
from regulation.deviation import Finding, Level, Reported, progress
from regulation.dimensions import Dimension, dimension_of
from regulation.fields import fields, reported
from regulation.grades import iso_day, number, target_of
from regulation.rates import execution_rate, money, percent, plain
from regulation.roster import AttainmentLikelihood, Indicator, Project
from regulation.rounds import MonitoringRound
from regulation.targets import Kind

DRAFT_LENGTH = 200  # two lines and a half of the printed cell
NO_DEVIATION = "无偏离"
FACTS = ("money.", "indicator.")  # finding codes that speak of figures
MOST_FACTS = 5
OUTPUT = Dimension.QUANTITY.level1  # 产出
_END = ("。", "！", "？", "；")


def draft_situation(project: Project, round: MonitoringRound, figures: Reported) -> str:
    """项目实施情况 drafted from the numbers, for the filler to accept or change; empty while there are none.

    Indicators come in printed order, 产出 first; those that do not fit are counted, never cut in the middle."""
    money_part = "，".join(_money_parts(project, figures))
    parts = [part for indicator in _sorted(project) if (part := _achieved(indicator, figures))]
    if not money_part and not parts:
        return ""
    head = f"截至{round.last_day.month}月底，{money_part}"
    text = head if money_part else head.removesuffix("，")
    for used, part in enumerate(parts):
        joint = "；" if used == 0 and money_part else "，"
        rest = f"，其余{len(parts) - used}项指标见下表"
        if len(text) + len(joint) + len(part) + len(rest) > DRAFT_LENGTH and used:
            return f"{text}{rest}。"
        text += joint + part
    return f"{text}。"


def draft_deviation(findings: tuple[Finding, ...]) -> str:
    """目标偏离情况 drafted from what was judged: the sentences about figures, the worst first; empty without any.

    Contradictions and the chosen likelihoods are not facts about the figures and stay out."""
    facts = [f.sentence for f in findings if f.level is not Level.INFO and f.code.startswith(FACTS)]
    more = f"另有{len(facts) - MOST_FACTS}处偏离，见下表。" if len(facts) > MOST_FACTS else ""
    return "".join(facts[:MOST_FACTS]) + more


def compose(
    project: Project,
    unit_name: str,
    round: MonitoringRound,
    entries: Mapping[str, Entry],
    *,
    required: frozenset[str] = frozenset(),
) -> Annex1:
    """The printed form: texts as entered, drafted where not, 目标偏离 from reason and note.

    Without entries it is the blank form of the project. 年度目标 is verbatim. 效果 rows stand apart because the
    official 附表1 prints 产出 only (DOMAIN §1.4-a). ``required`` (see :func:`required_texts`) keeps a form that still
    owes its reason from printing 无偏离."""
    figures = reported(project, entries)
    rows = [_row(i, figures) for i in _sorted(project)]
    return Annex1(
        round=round,
        unit_name=unit_name,
        project_name=project.name,
        budget=project.budget_current,
        sources=project.source_labels,
        arrived=figures.arrived,
        spent=figures.spent,
        situation=_text(entries, "situation") or draft_situation(project, round, figures),
        deviation=_deviation(project, entries, figures, required),
        plan=_text(entries, "plan"),
        rows=tuple(row for row in rows if row.level1 == OUTPUT),
        effects=tuple(row for row in rows if row.level1 != OUTPUT),
    )


def printed_actual(indicator: Indicator, actual: str) -> str:
    """已完成情况 as printed: ``36间``, ``62.9%``, ``2026年9月10日``, or the words as entered."""
    target = target_of(indicator)
    day = iso_day(actual)
    if day is not None and target.kind is Kind.DATE:
        return f"{day.year}年{day.month}月{day.day}日"
    value = number(actual) if target.value is not None else None
    return actual if value is None else f"{plain(value)}{target.unit}"


def _deviation(
    project: Project, entries: Mapping[str, Entry], figures: Reported, required: frozenset[str]
) -> str:
    """目标偏离情况及原因分析: reason and note; 无偏离 only once all is answered and nothing asks for a reason."""
    facts, reason, note = (_text(entries, key) for key in ("deviation", "reason", "note"))
    if not reason and "reason" not in required and _settled(project, entries, figures):
        reason = NO_DEVIATION
    said = f"原因：{reason}" if facts and reason else reason
    parts = [part for part in (facts, said, f"说明：{note}" if note else "") if part]
    return "".join(part if part.endswith(_END) else f"{part}。" for part in parts[:-1]) + "".join(parts[-1:])


def _settled(project: Project, entries: Mapping[str, Entry], figures: Reported) -> bool:
    unsure = {AttainmentLikelihood.UNLIKELY, AttainmentLikelihood.IMPOSSIBLE}
    answered = all(f.key in entries for f in fields(project) if f.kind is not FieldKind.TEXT)
    return answered and figures.spent != 0 and unsure.isdisjoint(figures.likelihoods.values())


def _text(entries: Mapping[str, Entry], key: str) -> str:
    entry = entries.get(key)
    return entry.value if entry else ""


def _dimension(indicator: Indicator) -> Dimension:
    return dimension_of(indicator.level1, indicator.level2)


def _sorted(project: Project) -> list[Indicator]:
    return sorted(project.indicators, key=lambda i: (_dimension(i).order, i.position))


def _row(indicator: Indicator, figures: Reported) -> Annex1Row:
    dimension = _dimension(indicator)
    actual = figures.actuals.get(indicator.position)
    said = figures.likelihoods.get(indicator.position)
    return Annex1Row(
        level1=dimension.level1,
        level2=dimension.label,
        name=indicator.name,
        target=indicator.target_text,
        actual="" if actual is None else printed_actual(indicator, actual),
        likelihood=said.label if said else "",
    )


def _money_parts(project: Project, figures: Reported) -> Iterator[str]:
    if figures.arrived is not None:
        yield f"到位资金{money(figures.arrived)}万元"
    if figures.spent is not None:
        yield f"支出{money(figures.spent)}万元"
        rate = execution_rate(figures.spent, project.budget_current)
        if rate.value is not None:
            yield f"预算执行率{rate.text}"


def _achieved(indicator: Indicator, figures: Reported) -> str:
    """``改造教室数量完成36间（75.0%）``, ``家长满意度96%``, ``竣工验收未完成``; empty when not answered."""
    actual = figures.actuals.get(indicator.position)
    if actual is None:
        return ""
    target = target_of(indicator)
    said, done = printed_actual(indicator, actual), progress(indicator, actual)
    if target.kind is Kind.CUMULATIVE and done is not None:
        return f"{indicator.name}完成{said}（{percent(done, 1)}）"
    if target.kind is Kind.DATE and iso_day(actual):
        return f"{indicator.name}于{said}完成"
    return f"{indicator.name}{said}"
