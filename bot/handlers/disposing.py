"""处置: what people decided about a badly deviating project is put on record; we only name candidates (第十五条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.cards import rulings as cards
from bot.cards.card import InputKind, Row, Tone
from bot.cards.plain import refusal, told
from bot.cards.words import wan
from bot.effects import Dispose, Send
from bot.handlers import scopes
from bot.handlers.examining import order_id
from bot.people import Action
from bot.small_forms import Question, SmallForm, choice
from bot.turn import Case, Handler, Turn
from regulation.disposing import (
    ARTICLES,
    DISPOSAL_LABELS,
    Disposal,
    DisposalRecord,
    parse_basis,
    parse_cut,
    parse_decided_on,
    parse_decider,
)
from regulation.problems import Problem, problem
from regulation.roster import Project
from regulation.rounds import MonitoringRound

OPTIONS = tuple((each.value, label) for each, label in DISPOSAL_LABELS.items())


def start(case: Case) -> Turn:
    """What was decided in this round, and the projects 第十五条(二) may concern; a project's name narrows it down."""
    departments = {each.id: each for each in (*scopes.own(case), *scopes.overseen(case))}
    able = [d for d in departments if scopes.allowed(case, Action.DISPOSE, d, case.world.round)]
    if not departments:
        return case.say(refusal(problem("person.may_not")))
    records, round = case.world.records, case.world.round
    decided = [each for each in records.disposals(round) if _department(case, each.project_id) in able]
    said = "\n".join(_line(case, each) for each in decided[-5:]) or "本季还没有记录。"
    raised = [
        r for d in able for r in records.findings(round, department_id=d) if r.finding.is_disposal_candidate
    ]
    named = (
        [duty.project_id for d in able for duty in records.duties(round, department_id=d)]
        if case.argument
        else []
    )
    ids = dict.fromkeys((*(r.project_id for r in raised), *named))
    projects = [p for p in map(records.project, ids) if p and case.argument in p.name]
    if case.argument and not projects:
        return case.say(refusal(problem("question.unknown_name", text=case.argument[:20])))
    offers = [(f"dispose:{round.code}:{p.id}", p.name) for p in projects]
    card = cards.choose(
        f"{round.short}处置记录 {len(decided)} 件",
        "下面是建议研究是否适用第十五条(二)的项目" if offers and not case.argument else "",
        offers,
        note="软件只提建议，不会自动暂停或停拨；别的项目请回“处置 项目名”。",
    )
    return case.say(told(f"{round.short}已记录的处置", said), card)


def _line(case: Case, each: DisposalRecord) -> str:
    project = case.world.records.project(each.project_id)
    amount = f" {wan(each.amount)}" if each.amount else ""
    name = project.name if project else each.project_id
    return (
        f"{each.decided_on}　{name}　{DISPOSAL_LABELS[each.disposal]}{amount}（{each.decider}，{each.basis}）"
    )


def _department(case: Case, project_id: str) -> str:
    project = case.world.records.project(project_id)
    return case.world.records.unit(project.unit_id).department_id if project else ""


def _target(case: Case, subject: str) -> tuple[MonitoringRound, Project] | Problem:
    parts = scopes.parts(subject)
    project = case.world.records.project(parts[1]) if parts else None
    if parts is None or project is None:
        return problem("person.may_not")
    return scopes.refused(case, Action.DISPOSE, _department(case, project.id), parts[0]) or (
        parts[0],
        project,
    )


def _may(case: Case, subject: str) -> Problem | None:
    found = _target(case, subject)
    return found if isinstance(found, Problem) else None


def _about(case: Case, subject: str) -> str:
    found = _target(case, subject)
    if isinstance(found, Problem):
        return ""
    procurement = " · 政府采购已开始，按采购程序办理" if found[1].has_ongoing_procurement else ""
    return f"{found[1].name} · 预算总额 {wan(found[1].budget_current)}{procurement}"


def _cut(text: str, _case: Case, _subject: str) -> str:
    """Read together with the decision: only a cut has an amount."""
    return text


def _decider(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_decider(text)


def _basis(text: str, _case: Case, _subject: str) -> str | Problem:
    return parse_basis(text)


def _decided_on(text: str, case: Case, _subject: str) -> date | Problem:
    return parse_decided_on(text, case.at.date())


def _amount(case: Case, subject: str, read: Mapping[str, Any]) -> Decimal | Problem:
    found = _target(case, subject)
    return (
        found if isinstance(found, Problem) else parse_cut(read["cut"], Disposal(read["disposal"]), found[1])
    )


def _together(case: Case, subject: str, read: Mapping[str, Any]) -> dict[str, Problem]:
    """The decision says whether there is an amount."""
    amount = _amount(case, subject, read)
    return {"cut": amount} if isinstance(amount, Problem) else {}


def _shown(case: Case, subject: str, read: Mapping[str, Any]) -> tuple[Row, ...]:
    disposal, amount = Disposal(read["disposal"]), _amount(case, subject, read)
    cut = (Row("调减", wan(amount)),) if isinstance(amount, Decimal) and amount else ()
    return (
        Row("决定", f"{DISPOSAL_LABELS[disposal]}（{ARTICLES[disposal]}）"),
        *cut,
        Row("决定人", read["decider"]),
        Row("日期", case.world.workdays.label(read["day"])),
        Row("依据", read["basis"]),
    )


def _done(case: Case, subject: str, read: Mapping[str, Any]) -> Turn:
    found, amount = _target(case, subject), _amount(case, subject, read)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    if isinstance(amount, Problem):
        return case.say(refusal(amount))
    round, project = found
    made = DisposalRecord(
        order_id(case),
        project.id,
        round,
        Disposal(read["disposal"]),
        amount,
        read["decider"],
        read["day"],
        read["basis"],
        project.has_ongoing_procurement,
        case.person.id,
        case.at,
    )
    if any(each.id == made.id for each in case.world.records.disposals(round)):
        return case.say(told("已经记过了", "这条处置已经记下，没有重复记。"))
    department = case.world.records.department(_department(case, project.id))
    news = told(
        f"已记录处置：{DISPOSAL_LABELS[made.disposal]}",
        f"{_line(case, made)}\n由{case.person.name}登记。只是记录，停拨、调减按规定程序另办。",
        lead=department.name,
    )
    office = scopes.office_of(case, department.id, heads=True)
    finance = scopes.finance_of(case, department) if scopes.subject(case, department.id, round).filed else []
    people = [each for each in dict.fromkeys((*office, *finance)) if each != case.person.id]
    sends = tuple(Send(each, news, f"disposal:{made.id}") for each in people)
    done = told("✓ 已记录", _line(case, made), tone=Tone.GOOD)
    return Turn(case.session, (Dispose(made), *sends, case.reply(done)))


RECORD = SmallForm(
    "dispose",
    "登记处置决定",
    "确认登记",
    (
        Question("disposal", "决定", "怎样处置", choice(OPTIONS), InputKind.CHOICE, options=OPTIONS),
        Question("cut", "调减", "调减多少万元", _cut, InputKind.NUMBER, "只有调减要填", required=False),
        Question("decider", "决定人", "谁定的：会议或者人", _decider, InputKind.TEXT),
        Question("day", "日期", "哪天定的", _decided_on, InputKind.TEXT, "不写就是今天", required=False),
        Question("basis", "依据", "依据哪份文件、纪要", _basis, InputKind.TEXT),
    ),
    _may,
    _about,
    _shown,
    _done,
    together=_together,
    note="登记人的决定，不会自动暂停或停拨（办法第十五条）。",
)

HANDLER = Handler(name="disposing", words={"处置": start}, actions=RECORD.actions())
