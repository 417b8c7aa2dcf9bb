"""Answers in figures, for whoever may see them: slowest, worst, why, one place at a glance, tables to keep."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.cards import answers as cards
from bot.cards import tables
from bot.cards.card import Attachment, Button, Card, Row, Style
from bot.cards.plain import refusal
from bot.cards.words import short, wan
from bot.handlers import common, table
from bot.handlers.inquiry import (
    EXECUTION,
    Asked,
    duties_in,
    is_finance,
    left_out,
    mark,
    name_of,
    no_figures,
    overdue,
    project_name,
    raised_in,
    reds,
    sees_any,
)
from bot.scopes import WITH_FINANCE, Sight, counts_in, money_in
from bot.turn import Case, Duty, Raised, Turn
from regulation.basis import key_projects, moved_budgets
from regulation.deadlines import Annex
from regulation.deviation import Level
from regulation.filing import STATE_LABELS
from regulation.problems import problem
from regulation.rates import execution_rate, pace_of, percent
from regulation.roster import Project
from regulation.summing import execution
from regulation.tallies import KnownName, ProjectMoney

#: so many files on one card.
FILES = 10


def slowest(case: Case, asked: Asked) -> Turn:
    """支出最慢: by 执行率, lowest first."""
    seen, hidden = money_in(case, asked.round, asked.scope)
    if not seen:
        return case.say(no_figures(asked, hidden))
    known = [each for each in seen if each.execution.value is not None]
    slow = sorted(known, key=lambda each: each.execution.value or Decimal(0))[: asked.question.count]
    rows = [Row(f"{n}", _slow_words(each)) for n, each in enumerate(slow, 1)]
    progress = percent(asked.round.time_progress, 0)
    return case.say(
        cards.table(
            f"{asked.scope.label}支出最慢的 {len(slow)} 个项目",
            f"{asked.round.label} · 时间进度 {progress} · 已报 {len(seen)} 个项目里排",
            rows,
            asked.noted(EXECUTION) + left_out(hidden),
        )
    )


def _slow_words(each: ProjectMoney) -> str:
    spent = f"支出 {wan(each.spent)}，预算 {wan(each.budget)}"
    return f"{percent(each.execution.value)}　{short(each.project_name, 24)}　{spent}"


def worst(case: Case, asked: Asked) -> Turn:
    """偏离最大: red before yellow, then by how many a project has."""
    raised, hidden = raised_in(case, asked)
    if not raised and hidden:
        return case.say(no_figures(asked, hidden))
    by_project: dict[str, list[Raised]] = {}
    for each in raised:
        by_project.setdefault(each.project_id, []).append(each)
    ordered = sorted(by_project.items(), key=lambda item: (-reds(item[1]), -len(item[1])))
    rows = [
        Row(
            f"{n}",
            f"{project_name(case, pid)}　{reds(found)} 红 {len(found) - reds(found)} 黄　{found[0].finding.title}",
            mark(found),
        )
        for n, (pid, found) in enumerate(ordered[: asked.question.count], 1)
    ]
    title = f"{asked.scope.label}偏离最大的 {len(rows)} 个项目" if rows else f"{asked.scope.label}没有偏离"
    definition = "先看红的处数，再看总处数；界线见每处偏离的说明"
    return case.say(
        cards.table(title, asked.round.label, rows, asked.noted(definition) + left_out(hidden), good=not rows)
    )


def why(case: Case, asked: Asked) -> Turn:
    """为什么红: every deviation with its sum, its limit and its article; what is overdue stands first."""
    raised, hidden = raised_in(case, asked)
    if not raised and hidden:
        return case.say(no_figures(asked, hidden))
    late = overdue(case, asked)
    found = [(project_name(case, each.project_id), each.finding) for each in raised]
    red = sum(f.level is Level.RED for _, f in found)
    title = (
        f"{asked.scope.label}：{red} 处红，{len(found) - red} 处黄"
        if found
        else f"{asked.scope.label}没有偏离"
    )
    return case.say(cards.why(title, asked.round.label, found, late, asked.noted("各单位已报送的最新版本")))


def how(case: Case, asked: Asked) -> Turn:
    """怎么样: one project's money, pace and deviations, or the same of a unit or department."""
    if asked.place and asked.place.kind == "project":
        return _one_project(case, asked, asked.place)
    counts = counts_in(case, asked.round, asked.scope)
    seen, hidden = money_in(case, asked.round, asked.scope)
    if not seen and hidden:
        return case.say(no_figures(asked, hidden))
    raised, _ = raised_in(case, asked)
    forms, filed = sum(c.forms for c in counts), sum(c.filed for c in counts)
    rows = [
        Row("附表1", f"已报 {filed}/{forms}", "✓" if filed == forms else "△"),
        _spent(case, asked, seen) if seen else Row("支出", "还没有已报送的数"),
        *_as_filed(case, asked),
        _deviations(raised),
    ]
    lead = f"{asked.round.label} · 时间进度 {percent(asked.round.time_progress, 0)}"
    return case.say(
        cards.table(
            asked.scope.label,
            lead,
            rows,
            asked.noted(EXECUTION) + left_out(hidden),
            good=not raised,
            buttons=_sources(asked) if seen else (),
        )
    )


def overall(case: Case, asked: Asked) -> tuple[tuple[Row, ...], tuple[Button, ...]]:
    """What finance sees at a glance beside who owes: reports, money against time, deviations; and where it is from."""
    records, scope = case.world.records, asked.scope
    known = [d for d in records.departments() if scope.whole or d.id in scope.departments]
    states = {r.department_id: r.state for r in records.reports(asked.round)}
    filed = sum(states.get(d.id) in WITH_FINANCE for d in known)
    late = case.world.deadline(asked.round, Annex.DEPARTMENT).is_late(case.at) and filed < len(known)
    words = f"附表2、3 {filed}/{len(known)} 个部门" + (f"，{len(known) - filed} 个逾期" if late else "")
    reports = Row("报财政", words, "✕" if late else "△" if filed < len(known) else "✓")
    seen, _ = money_in(case, asked.round, scope)
    if not seen:
        return (reports,), ()
    raised, _ = raised_in(case, asked)
    return (reports, _spent(case, asked, seen), _deviations(raised)), _sources(asked)


def _spent(case: Case, asked: Asked, seen: Sequence[ProjectMoney]) -> Row:
    spent = sum((each.spent or Decimal(0) for each in seen), Decimal(0))
    rate = execution_rate(spent, sum((each.budget for each in seen), Decimal(0)))
    progress = percent(asked.round.time_progress, 0)
    words = f"{wan(spent)}，执行率 {percent(rate.value)}，时间进度 {progress}"
    return Row("支出", words, _pace_mark(case, asked, rate.value))


def _pace_mark(case: Case, asked: Asked, rate: Decimal | None) -> str:
    """By the lines in force for one project's spending against time."""
    pace, lines = (rate or Decimal(0)) / asked.round.time_progress, case.world.rules_of(asked.round).pace
    return "✕" if pace < lines.red else "△" if pace < lines.yellow else "✓"


def _deviations(raised: Sequence[Raised]) -> Row:
    return Row("偏离", f"{reds(raised)} 处红，{len(raised) - reds(raised)} 处黄", mark(raised))


def _as_filed(case: Case, asked: Asked) -> tuple[Row, ...]:
    """That the tables a department handed up stand on another budget than the figures here, and what they say."""
    department, records = asked.scope.one_department, case.world.records
    if department is None or asked.scope.units:
        return ()
    version = records.report(department, asked.round).version
    basis = records.basis_at(department, asked.round, version) if version else None
    moved = moved_budgets(basis.forms, records.basis(department, asked.round).projects) if basis else None
    if basis is None or moved is None:
        return ()
    rate = execution(basis.forms, case.world.rules_of(asked.round)).rate.text
    words = f"版本 {version} 按报送时的预算 {wan(moved[0])}，执行率 {rate}；上面按审定调整后的预算"
    return (Row("附表2", words, "△"),)


def _sources(asked: Asked) -> tuple[Button, ...]:
    """On into where the figures come from: a department's tables, or the rate of several departments."""
    if asked.scope.units:
        return ()
    one = asked.scope.one_department
    subject = f"{asked.round.code}:{one or '*'}"
    return (Button(f"report_sources:{subject}" if one else f"trace:{subject}/execution/1", "数字来源"),)


def _one_project(case: Case, asked: Asked, place: KnownName) -> Turn:
    project = case.world.records.project(place.id)
    if project is None or not Sight(case.world, asked.round).may_see(case.person, place):
        return case.say(no_figures(asked, 1))
    filing = case.world.records.filing(place.id, asked.round)
    subject = common.subject_of(asked.round, place.id)
    if not filing.version:
        lead = f"{asked.round.label} · 还没报送，{common.due_words(case, asked.round, place.department_id)}"
        rows = [Row("经办", name_of(case, place.filler_id)), Row("预算", wan(project.budget_current))]
        return case.say(cards.table(place.name, lead, rows, asked.noted("项目库")))
    found = [
        m
        for m in case.world.records.money(asked.round, department_id=place.department_id)
        if m.project_id == place.id
    ]
    raised = case.world.records.findings(asked.round, project_id=place.id)
    then = case.world.records.definition(place.id, asked.round, filing.version) or project
    pace = percent(pace_of(project, asked.round).share, 0)
    rows = [
        Row(
            "状态",
            f"{STATE_LABELS[filing.state]} 版本 {filing.version}" + ("（逾期）" if filing.late else ""),
        ),
        Row("预算", _budget_words(project, then)),
        *(row for money in found for row in _money_rows(money, pace)),
        _deviations(raised),
    ]
    opens = (Button(f"table:{subject}", "看表格", Style.PRIMARY),)
    buttons = opens if table.may_see(case, project, filing) else ()
    return case.say(
        cards.table(
            place.name,
            f"{asked.round.label} · {case.world.records.unit(place.unit_id).name}",
            rows,
            asked.noted(EXECUTION),
            good=not raised,
            buttons=(*buttons, Button(f"figures:{subject}", "数字来源")),
        )
    )


def _budget_words(project: Project, then: Project) -> str:
    """The budget every figure of the card uses, and what it was before."""
    if then.budget_current != project.budget_current:
        return f"{wan(project.budget_current)}（审定调整后，下面的率按它算；报送的附表按 {wan(then.budget_current)}）"
    changed = project.budget_current != project.budget_initial
    return wan(project.budget_current) + (
        f"（调整后；年初 {wan(project.budget_initial)}）" if changed else ""
    )


def _money_rows(money: ProjectMoney, pace: str) -> tuple[Row, Row]:
    return (
        Row("到位", f"{wan(money.arrived)}，到位率 {percent(money.arrival.value)}"),
        Row("支出", f"{wan(money.spent)}，执行率 {percent(money.execution.value)}，时间进度 {pace}"),
    )


def export_forms(case: Case, asked: Asked) -> Turn:
    """导出附表1: the workbooks of what is filed there, as far as the person may see the forms themselves."""
    filed = [d for d in duties_in(case, asked) if d.filing.version]
    if asked.place and asked.place.kind == "project":
        filed = [d for d in filed if d.project_id == asked.place.id]
    projects = [(d, case.world.records.project(d.project_id)) for d in filed]
    seen = [d for d, project in projects if project and table.may_see(case, project, d.filing)]
    if filed and not seen:
        return case.say(refusal(problem("table.not_for_finance" if is_finance(case) else "person.may_not")))
    if not seen:
        return case.say(no_figures(asked, 0))
    return case.say(_files_card(asked, [_annex1(asked, d) for d in seen], "附表1", "已报送的最新版本"))


def _annex1(asked: Asked, duty: Duty) -> Attachment:
    name = f"附表1_{tables.safe(duty.project_name)}_{asked.round.label}.xlsx"
    return Attachment(
        "annex1.xlsx", common.subject_of(asked.round, duty.project_id), duty.filing.version, name
    )


def _files_card(asked: Asked, files: list[Attachment], what: str, definition: str) -> Card:
    count = len(files)
    rest = (
        f"一次最多 {FILES} 个文件，还有 {count - FILES} 个没放上：写单位或项目名称再要。"
        if count > FILES
        else ""
    )
    return cards.table(
        f"{asked.scope.label}的{what}：{min(count, FILES)} 个文件",
        asked.round.label,
        (),
        asked.noted(definition),
        good=True,
        text=rest or "打开就能打印盖章。",
        files=files[:FILES],
    )


def export(case: Case, asked: Asked) -> Turn:
    """导出三张表: 附表2 of the department, 附表3 of its key projects, and 附表1 for whoever may open those."""
    department = asked.scope.one_department
    if department is None or asked.scope.units:
        return case.say(refusal(problem("question.which_department")))
    report = case.world.records.report(department, asked.round)
    outside = is_finance(case) and not sees_any(case, asked)
    if outside and report.state not in WITH_FINANCE:
        return case.say(no_figures(asked, 1))
    known = [
        (d, case.world.records.project(d.project_id)) for d in duties_in(case, asked) if d.filing.version
    ]
    forms = [d for d, project in known if project and table.may_see(case, project, d.filing)]
    files = [*_department_files(case, asked, department, report.version), *(_annex1(asked, d) for d in forms)]
    return case.say(_files_card(asked, files, "三张表", _drawn_from(report.version)))


def _drawn_from(version: int) -> str:
    if version:
        return f"附表2、3 是送审的版本 {version}，附表1 是已报送的最新版本"
    return "附表2、3 还没送审，是照已报送的附表1 排的草稿"


def _department_files(case: Case, asked: Asked, department: str, version: int) -> list[Attachment]:
    """附表2 and every 附表3 of that version of the report; version 0 as its draft stands now."""
    records, round = case.world.records, asked.round
    basis = records.basis_at(department, round, version) if version else records.basis(department, round)
    second = f"附表2_{tables.safe(asked.scope.label)}_{round.label}.xlsx"
    thirds = [
        Attachment(
            "annex3.xlsx",
            common.subject_of(round, key.id),
            version,
            f"附表3_{tables.safe(key.name)}_{round.label}.xlsx",
        )
        for key in key_projects(basis.projects)
    ]
    return [Attachment("annex2.xlsx", f"{round.code}:{department}", version, second), *thirds]
