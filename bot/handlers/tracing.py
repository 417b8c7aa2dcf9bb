"""数字来源: from a figure of the district or a department to its projects, their cells, and the words behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import tracing as origins
from bot.cards import tracing as cards
from bot.cards.answers import which
from bot.cards.card import Button, Style
from bot.cards.plain import refusal
from bot.desk import Desk
from bot.effects import Note
from bot.handlers import common, desks, scopes, table
from bot.handlers.inquiry import Asked, is_finance, no_figures
from bot.naming import bare
from bot.people import Action, may
from bot.turn import Case, Handler, Turn
from regulation.basis import Basis, UnitForm
from regulation.consolidation import Tables
from regulation.problems import Problem, problem
from regulation.reportfields import report_fields
from regulation.reporting import ReportState
from regulation.roster import Project, Role
from regulation.rounds import MonitoringRound
from regulation.summing import Summed, adjustment, arrival, execution
from regulation.thresholds import Thresholds
from regulation.tracing import NAMES, Traced, called, cells_called, parts, traced, unit_figure

#: states in which the version handed up is what everybody looks at.
HANDED_UP = frozenset(ReportState) - {ReportState.NOT_STARTED, ReportState.DRAFT}
ROLES = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
RATES = ("arrival", "execution", "adjustment")


def shown(case: Case, desk: Desk) -> tuple[Tables, Basis, int]:
    """The tables of a department the person may look at: the version handed up, or their own draft (version 0)."""
    inside = desks.allowed(case, desk.subject, Action.CONSOLIDATE)
    version, draft = desk.report.version, desk.draft
    if not version or (inside and desk.report.state not in HANDED_UP):
        return desk.tables, desk.basis, 0
    tables, basis = origins.handed_up(
        case.world.records, desk.rules, draft.department_id, draft.round, version
    )
    return tables, basis, version


# -- the figures of a department -------------------------------------------------------------------


def listed(case: Case) -> Turn:
    """数字来源, with a department's name and perhaps a figure's behind it."""
    words, page, figure = case.argument, 1, ""
    if "/" in words:
        words, _, turned = words.partition("/")
        page = _number(turned)
    name, _, last = words.rpartition(" ")
    if name and not common.names_subject(words):
        words, figure = name.strip(), last
    subject = _meant(case, words) or desks.named(replace(case, argument=words), *ROLES)
    if not desks.allowed(case, subject, Action.TRACE):
        return case.say(refusal(why_not(case, subject)))
    return _about(case, subject, figure, page)


def _meant(case: Case, words: str) -> str:
    """The one department of that very name, whoever asks: never one's own in place of another's."""
    found = [each.id for each in case.world.records.departments() if bare(each.name) == bare(words)]
    return desks.subject_of(case.world.round, found[0]) if len(found) == 1 else ""


def why_not(case: Case, subject: str) -> Problem:
    """Finance may know that a report exists and how many forms are in, not what it says before it is filed."""
    if subject and desks.allowed(case, subject, Action.SEE_COUNTS):
        return problem("report.not_filed_yet")
    receives = case.person.has(Role.FINANCE_DIVISION) or case.person.has(Role.PERFORMANCE_OFFICE)
    return problem("report.which") if receives and not subject else problem("person.may_not")


def _about(case: Case, subject: str, figure: str, page: int) -> Turn:
    """One figure when the words name one of 附表2 or a single other one, else the list, or those that are meant."""
    desk = desks.load(case, subject)
    tables, basis, version = shown(case, desk)
    known = traced(tables, basis.department.name)
    found = called(known, figure) if figure else []
    second = [each for each in found if each.form == "附表2"]
    if len(second) == 1 or len(found) == 1:
        return _behind(case, subject, (second or found)[0], basis, version, page)
    lead = f"{basis.round.label} · {_of(version)}"
    again = f"report_sources:{subject}{f' {figure}' if found else ''}"
    card = cards.figures(basis.department.name, lead, found or known, page, subject, again)
    return Turn(case.session, (_note(case, subject, f"来源 版本{version}"), case.beside(card)))


def _of(version: int) -> str:
    return f"版本 {version}" if version else "还没报审的草稿"


def _note(case: Case, subject: str, what: str) -> Note:
    return Note(case.person.id, "trace.read", subject, what)


def trace(case: Case) -> Turn:
    """One figure was tapped: ``2026Q3:d01/2.execution/1``; the district's own is ``2026Q3:*``."""
    subject, key, page = (*case.argument.split("/"), "", "")[:3]
    found = scopes.parts(subject)
    if found and found[1] == "*":
        return _district(case, found[0], key, _number(page))
    if not common.names_subject(subject) or not desks.allowed(case, subject, Action.TRACE):
        return case.say(refusal(problem("person.may_not")))
    return _about(case, subject, key, _number(page))


def _behind(case: Case, subject: str, figure: Traced, basis: Basis, version: int, page: int) -> Turn:
    lead = f"{basis.department.name} · {basis.round.label}{figure.form} · {_of(version)}"
    card = cards.behind(
        figure, lead, parts(figure.sources, basis.versions), page, subject=subject, version=version
    )
    return Turn(case.session, (_note(case, subject, f"{figure.key} 版本{version}"), case.beside(card)))


# -- the whole district, and one unit --------------------------------------------------------------


def _rate(key: str, forms: Sequence[UnitForm], rules: Thresholds) -> Summed:
    made = {
        "arrival": lambda: arrival(forms),
        "execution": lambda: execution(forms, rules),
        "adjustment": lambda: adjustment(forms, rules),
    }
    return made[key]()


def _district(case: Case, round: MonitoringRound, key: str, page: int) -> Turn:
    """A rate of every department that has filed with finance, the largest budget first."""
    if key not in RATES:
        return case.say(refusal(problem("question.which_figure")))
    filed = [
        (each, shown(case, desks.load(case, desks.subject_of(round, each.id)))[1])
        for each, report in scopes.reports(case, scopes.overseen(case))
        if report.state in scopes.FILED
    ]
    if not filed:
        found = problem("question.before_filing", where="各部门")
        return case.say(refusal(found, title="现在还看不到数"))
    filed.sort(key=lambda pair: pair[1].projects_budget, reverse=True)
    whole = _rate(key, [form for _, basis in filed for form in basis.forms], case.world.rules_of(round)).rate
    rows = [
        (
            each.name,
            _rate(key, basis.forms, case.world.rules_of(round)).rate.formula.partition(" = ")[2],
            f"trace:{round.code}:{each.id}/2.{key}/1",
        )
        for each, basis in filed
    ]
    title = f"{_reach_name(case)}{whole.label} {whole.text}"
    lead = f"{round.label} · 已报财政的 {len(filed)} 个部门"
    card = cards.district(title, lead, rows, whole.formula, page, f"trace:{round.code}:*/{key}")
    return Turn(case.session, (_note(case, f"{round.code}:*", key), case.beside(card)))


def _reach_name(case: Case) -> str:
    return "全区" if case.person.has(Role.PERFORMANCE_OFFICE) else "归口部门"


def _unit(case: Case, asked: Asked) -> Turn:
    """A rate of one unit, over its filed forms as they stand now."""
    (department_id,), (unit_id,) = asked.scope.departments, asked.scope.units
    subject = desks.subject_of(asked.round, department_id)
    basis = case.world.records.basis(department_id, asked.round)
    forms = [form for form in basis.forms if form.unit.id == unit_id]
    if forms and not _may_trace(case, forms[0].project, asked.round):
        return case.say(refusal(why_not(case, subject)))
    key = _rate_called(asked.question.figure)
    if not forms:
        return case.say(no_figures(asked, 0))
    rate = _rate(key if key in RATES else "execution", forms, case.world.rules_of(asked.round))
    figure = unit_figure(rate.rate.label, rate.rate.text, rate.rate.formula, rate.sources)
    lead = f"{asked.scope.label} · {asked.round.label}各单位附表1"
    card = cards.behind(figure, lead, parts(figure.sources, basis.versions), 1, subject=subject, version=0)
    return Turn(case.session, (case.beside(card),))


# -- the words behind a cell -----------------------------------------------------------------------


def project(case: Case) -> Turn:
    """数字来源 of one form: every filed cell of its latest version; ``2026Q3:p001/2`` is the second page."""
    subject, _, turned = case.argument.partition("/")
    if not common.names_subject(subject):
        return case.say(refusal(problem("card.unknown")))
    round, project_id = common.split(subject)
    version = case.world.records.filing(project_id, round).version
    return _form(case, subject, ("*",), version, _number(turned), again=f"figures:{subject}")


def origin(case: Case) -> Turn:
    """看原话: ``2026Q3:p001/spent+budget_current/2/1``: a form, its cells, its version, the page."""
    subject, cells, version, page = (*case.argument.split("/"), "", "", "")[:4]
    if not common.names_subject(subject) or not cells:
        return case.say(refusal(problem("card.unknown")))
    keys, again = tuple(cells.split("+")), f"origin:{subject}/{cells}/{version}"
    if desks.is_department(case, common.split(subject)[1]):
        return _own(case, subject, keys, _number(version) if version != "0" else 0, _number(page), again)
    return _form(case, subject, keys, _number(version), _number(page), again=again)


def _may_trace(case: Case, project: Project, round: MonitoringRound) -> bool:
    """Finance once the department has filed; whoever answers for the form always."""
    department_id = common.department_of(case, project)
    report = desks.permission(case, department_id, case.world.records.report(department_id, round))
    where = common.permission_subject(case, project, None, round)
    return may(case.person, Action.TRACE, replace(where, filed=report.filed, division_id=report.division_id))


def _form(case: Case, subject: str, keys: tuple[str, ...], version: int, page: int, *, again: str) -> Turn:
    round, project_id = common.split(subject)
    records = case.world.records
    present = records.project(project_id)
    if present is None or round > case.world.round or not _may_trace(case, present, round):
        early = present is not None and is_finance(case)
        found = problem("report.not_filed_yet") if early else problem("person.may_not")
        return case.say(refusal(found))
    defined = records.definition(project_id, round, version)
    if defined is None:
        return case.say(refusal(problem("card.unknown")))
    unit = records.unit(defined.unit_id)
    cells = origins.origins(records, case.world.heard, round, defined, version, keys)
    opens = table.may_see(case, present, records.filing(project_id, round))
    card = cards.words(
        f"数字来源 {defined.name}" if keys == ("*",) else defined.name,
        f"{unit.name} · {round.label}附表1 版本 {version}",
        origins.filed(records, round, project_id, version),
        cells,
        page,
        again=again,
        subject=subject,
        looks=(Button(f"table:{subject}", "看表格", Style.PRIMARY),) if opens else (),
    )
    return Turn(case.session, (_note(case, subject, f"{'+'.join(keys)} 版本{version}"), case.beside(card)))


def _own(case: Case, subject: str, keys: tuple[str, ...], version: int, page: int, again: str) -> Turn:
    """What the department itself typed, wrote or took over."""
    if not desks.allowed(case, subject, Action.TRACE):
        return case.say(refusal(why_not(case, subject)))
    round, department_id = common.split(subject)
    desk = desks.load(case, subject)
    entries = case.world.records.report_entries(department_id, round, version) if version else desk.entries
    labels = {each.key: each for each in report_fields(desk.basis)}
    found = [
        origins.origin(case.world.heard, origins.own_cell(labels, key), entries[key])
        for key in keys
        if key in entries
    ]
    card = cards.words(
        f"{desk.basis.department.name}自己填的",
        f"{round.label}附表2、3 · {_of(version)}",
        None,
        found,
        page,
        again=again,
        subject=subject,
    )
    return Turn(case.session, (_note(case, subject, f"{'+'.join(keys)} 版本{version}"), case.beside(card)))


# -- as a question ---------------------------------------------------------------------------------


def answer(case: Case, asked: Asked) -> Turn:
    """…的数从哪来: a rate of the district or a unit, a figure of a department, a cell of a project."""
    figure, place = asked.question.figure, asked.place
    if place and place.kind == "project":
        return _project(case, asked, place.id, figure)
    if asked.scope.filler:
        return _which(case, asked)
    if len(asked.scope.units) == 1:
        return _unit(case, asked)
    department = asked.scope.one_department
    if department is None or asked.scope.units:
        return _district(case, asked.round, _rate_called(figure), 1)
    subject = desks.subject_of(asked.round, department)
    if not desks.allowed(case, subject, Action.TRACE):
        return case.say(refusal(why_not(case, subject)))
    return _about(case, subject, figure, 1)


def _project(case: Case, asked: Asked, project_id: str, figure: str) -> Turn:
    found = case.world.records.project(project_id)
    version = case.world.records.filing(project_id, asked.round).version
    if found is None or not version:
        return case.say(no_figures(asked, 0))
    subject = common.subject_of(asked.round, project_id)
    keys = cells_called(found, figure) or ("*",)
    again = f"origin:{subject}/{'+'.join(keys)}/{version}"
    return _form(case, subject, keys, version, 1, again=again)


def _which(case: Case, asked: Asked) -> Turn:
    """Somebody who only fills forms is asked which of theirs is meant."""
    known = {each.id: each for each in case.world.records.names(asked.round, projects=True)}
    filed = [known[d.project_id] for d in common.mine(case) if d.filing.version and d.project_id in known]
    if not filed:
        return case.say(no_figures(asked, 0))
    action = f"question:{asked.question.ask}.{asked.question.figure}/{asked.question.quarter}/0"
    return case.say(which(asked.question.figure, filed, action))


def _rate_called(words: str) -> str:
    return NAMES.get(words, words)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) < 10_000 else 1


HANDLER = Handler(
    name="tracing",
    words={"数字来源": listed},
    actions={"report_sources": listed, "trace": trace, "origin": origin, "figures": project},
)
