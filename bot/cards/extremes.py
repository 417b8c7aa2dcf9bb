"""The extreme cards: 60 indicators, 2,000 characters, 40-character names, nothing at all (F07, F10, N19, N20)."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import alerts, collect, handing, remind, status, tables, tracing
from bot.cards import gallery as usual
from bot.cards import gallery_tracing as tracing_samples
from bot.cards.card import Card, Row
from regulation.deviation import Level
from regulation.reminders import Occasion
from regulation.roster import Indicator, Person

ROUND, SUBJECT, DUE, OVERDUE = usual.ROUND, usual.SUBJECT, usual.DUE, usual.OVERDUE

LONG_NAME = "江北新区实验学校及附属幼儿园校舍安全与抗震加固改造提升工程（二期）𠮷䶮标段的项目"
LONG_TEXT = ("设备分三批到货，第一批已安装调试，" * 125)[:2000]
HOSTILE_NAME = '<b>校舍</b>"><img onerror=x>{{7*7}}[点](javascript:1)@所有人'
_MANY = tuple(
    Indicator(n, "产出", "数量指标", f"第{n}类设备购置安装与调试完成数量", f"≥{n * 10}台")
    for n in range(1, 61)
)
BIG = replace(usual.SCHOOL, name=LONG_NAME, indicators=_MANY)


def _biggest() -> tuple[Card, ...]:
    inputs = tuple(usual.number_input(i.position, i.name, i.target_text, "台", "5") for i in _MANY)
    rows = tuple(Row(f"{i.position} {i.name}", f"{i.position}台　10.0%　可能性小", "✕") for i in _MANY)
    findings = tuple(usual.finding(Level.RED, position=i.position, title=f"{i.name} 10%") for i in _MANY[:40])
    return (
        collect.form(
            BIG,
            ROUND,
            due=DUE,
            inputs=(*usual.money_inputs(), *inputs),
            subject=SUBJECT,
            revision=0,
            others=9,
            correcting=True,
        ),
        collect.echo(
            BIG,
            ROUND,
            rows=(*usual.ECHOED[:2], *rows),
            inputs=usual.text_inputs(LONG_TEXT, LONG_TEXT, LONG_TEXT),
            subject=SUBJECT,
            revision=1,
            asks=(),
            complete=True,
            warnings=tuple(f"✕ {f.sentence}" for f in findings),
            proposals=(),
            choose_reason=False,
        ),
        collect.conflict(BIG, SUBJECT, 1, who="张敏", at="10月8日 09:10", rows=rows, version=12),
        tracing.words(
            LONG_NAME,
            "新桥小学",
            tracing_samples.STOOD_IN,
            tuple(
                replace(tracing_samples.SAID, label=LONG_NAME, said=LONG_TEXT, message=LONG_TEXT, at=at)
                for at in (usual.AT, None)
            ),
            1,
            again=f"figures:{SUBJECT}",
            subject=SUBJECT,
        ),
        alerts.deviation(
            LONG_NAME,
            "新桥小学",
            ROUND,
            findings=findings,
            reason=LONG_TEXT,
            plan=LONG_TEXT,
            by="张敏 10月9日 14:32",
            subject=SUBJECT,
            version=1,
        ),
        remind.head(
            LONG_NAME[:20],
            OVERDUE,
            late=tuple(remind.Overdue(f"{LONG_NAME[:38]}{n}", "张敏", 2) for n in range(30)),
            deviating=tuple(remind.Deviating(LONG_NAME, f) for f in findings),
            days_late=30,
            department_id="d01",
            days_to_finance=0,
        ),
        remind.filler(usual.reminder(Occasion.OPEN, left=4), DUE, remind.Owed((LONG_NAME,) * 30, 0)),
        collect.pick(
            tuple(collect.Choice(f"2026Q3:p{n:03}", LONG_NAME, "未填") for n in range(40)),
            ROUND,
            "填",
            "fill",
        ),
        tables.annex1(BIG, ROUND, SUBJECT, 12, late=False),
        handing.choose(LONG_NAME, SUBJECT, tuple(Person(f"a{n}", "欧阳" * 20) for n in range(9))),
    )


def _emptiest() -> tuple[Card, ...]:
    return (
        collect.nothing_to_fill(ROUND, 0, "2027年7月1日（周四）"),
        status.mine(ROUND, DUE, ()),
        status.many(ROUND, "全区", DUE, ()),
        tracing.words(usual.SCHOOL.name, "", None, (), 1, again=f"figures:{SUBJECT}", subject=SUBJECT),
        handing.choose(usual.SCHOOL.name, SUBJECT, ()),
        handing.nudged((), usual.AT, skipped=0),
        remind.office(
            "区教育局附表1 收齐 0/0",
            DUE,
            late=(),
            missing=(),
            deviating=(),
            department_id="d01",
            can_nudge=False,
        ),
        alerts.cleared(HOSTILE_NAME, HOSTILE_NAME, ROUND, 2, HOSTILE_NAME),
        handing.moved(HOSTILE_NAME, HOSTILE_NAME, HOSTILE_NAME),
    )


EXTREMES = (*_biggest(), *_emptiest())
