"""Which bars the deviation picture of one project shows: spending and every indicator against its annual target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from regulation.amounts import format_wan
from regulation.annexes import printed_actual
from regulation.deviation import Finding, Level, Reported, progress
from regulation.rates import pace_of, ratio
from regulation.roster import Indicator, Project
from regulation.rounds import MonitoringRound
from regulation.targets import Kind, Target, parse_target


class Tone(StrEnum):
    """Colour and shape of one bar; the worst one colours the whole picture."""

    PLAIN = "plain"
    WARN = "warn"  # △
    BAD = "bad"  # ✕


UNFILLED = "未填"
_TONES = {Level.RED: Tone.BAD, Level.YELLOW: Tone.WARN}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture. ``ratio`` None draws no bar; ``tick`` is where time says it should be;
    in ``value_text`` what stands before `` / `` is the achievement."""

    label: str
    value_text: str
    ratio: Decimal | None = None
    tick: Decimal | None = None
    tone: Tone = Tone.PLAIN
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DeviationPicture:
    """Everything the picture says."""

    title: str
    subtitle: str
    headline: str
    bars: tuple[Bar, ...] = ()

    @property
    def tone(self) -> Tone:
        """The worst tone of the bars."""
        tones = {bar.tone for bar in self.bars}
        return next((tone for tone in (Tone.BAD, Tone.WARN) if tone in tones), Tone.PLAIN)


def deviation_picture(
    project: Project,
    round: MonitoringRound,
    figures: Reported,
    findings: Sequence[Finding],
    *,
    stamp: str = "",
) -> DeviationPicture:
    """The picture of one project's filed figures. Names nobody, so that it can stand in a group (A05)."""
    pace = pace_of(project, round).share
    bars = (
        *_money_bars(project, pace, figures, findings),
        *(_indicator_bar(indicator, round, pace, figures, findings) for indicator in project.indicators),
    )
    subtitle = " · ".join(part for part in (stamp, "附表1", round.label) if part)
    return DeviationPicture(project.name, subtitle, _headline(bars), bars)


def _headline(bars: Sequence[Bar]) -> str:
    bad = sum(bar.tone is Tone.BAD for bar in bars)
    both = bad + sum(bar.tone is Tone.WARN for bar in bars)
    if not both:
        return "没有发现偏离"
    return f"{both} 处偏离" + (f"，其中 {bad} 处严重" if bad else "")


def _money_bars(
    project: Project, tick: Decimal, figures: Reported, findings: Sequence[Finding]
) -> Iterator[Bar]:
    yield _money_bar("已支出资金", figures.spent, project, tick, _about(findings, "spent"))
    arrived = _about(findings, "arrived")
    if arrived:
        yield _money_bar("已到位资金", figures.arrived, project, None, arrived)


def _money_bar(
    label: str, amount: Decimal | None, project: Project, tick: Decimal | None, about: Sequence[Finding]
) -> Bar:
    said = UNFILLED if amount is None else format_wan(amount)
    text = f"{said} / {format_wan(project.budget_current)}万元"
    return Bar(label, text, ratio(amount, project.budget_current), tick, _tone(about), _remark(about))


def _indicator_bar(
    indicator: Indicator,
    round: MonitoringRound,
    pace: Decimal,
    figures: Reported,
    findings: Sequence[Finding],
) -> Bar:
    actual = figures.actuals.get(indicator.position, "")
    about = _about(findings, f"actual.{indicator.position}", f"likely.{indicator.position}")
    target = parse_target(indicator.target_text, indicator.level2, indicator.name)
    # 36 / 48间, not 36间 / 48间: the unit stands once.
    said = printed_actual(indicator, actual).removesuffix(target.unit) if actual else UNFILLED
    return Bar(
        indicator.name,
        f"{said} / {indicator.target_text}" if indicator.target_text else said,
        progress(indicator, actual) if actual else None,
        _tick(indicator, target, round, pace),
        _tone(about),
        _remark(about),
    )


def _tick(indicator: Indicator, target: Target, round: MonitoringRound, pace: Decimal) -> Decimal | None:
    """Only figures that grow over the year are compared with time; a planned stage value goes first (DOMAIN §3.5)."""
    if target.kind is not Kind.CUMULATIVE:
        return None
    planned = indicator.stage_q2 if round.quarter == 2 else indicator.stage_q3
    return ratio(planned, target.value) or pace


def _about(findings: Sequence[Finding], *fields: str) -> tuple[Finding, ...]:
    """The findings of these fields; ``spent`` also takes ``spent.<source>``."""
    return tuple(f for f in findings if f.field in fields or f.field.split(".")[0] in fields)


def _tone(about: Sequence[Finding]) -> Tone:
    levels = {finding.level for finding in about}
    return next((tone for level, tone in _TONES.items() if level in levels), Tone.PLAIN)


def _remark(about: Sequence[Finding]) -> str:
    return "".join(dict.fromkeys(finding.sentence for finding in about if finding.level in _TONES))
