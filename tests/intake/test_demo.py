"""The demonstration district tells the story it is for, and its second quarter is valid through and through."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from intake.demo import demo_q2, demo_roster
from regulation import annexes
from regulation.actuals import parse_actual
from regulation.amounts import parse_amount
from regulation.annexes import Entry, Field, FieldKind
from regulation.deviation import Reported, judge, parse_thresholds, thresholds_on
from regulation.roster import LIKELIHOOD_LABELS, Project, Role
from regulation.rounds import MonitoringRound
from regulation.targets import Kind, parse_target
from regulation.texts import parse_text

ROSTER = demo_roster()
PROJECTS = {project.id: project for project in ROSTER.projects}
PEOPLE = {person.id: person for person in ROSTER.people}
UNITS = {unit.id: unit for unit in ROSTER.units}
TYPED = dict(demo_q2())
Q2 = MonitoringRound(2026, 2)
FILED = date(2026, 7, 8)
THRESHOLDS = parse_thresholds(
    resources.files("regulation.parameters").joinpath("thresholds.toml").read_text(encoding="utf-8")
)


def test_size() -> None:
    indicators = [indicator for project in ROSTER.projects for indicator in project.indicators]
    counted = (len(ROSTER.departments), len(ROSTER.units), len(ROSTER.projects), len(indicators))
    assert counted == (9, 31, 67, 449)
    assert {project.year for project in ROSTER.projects} == {2026}


def test_every_department_has_one_headquarters() -> None:
    held = Counter(unit.department_id for unit in ROSTER.units if unit.is_headquarters)
    assert held == {department.id: 1 for department in ROSTER.departments}


def test_the_first_project_of_the_story() -> None:
    project = PROJECTS["p001"]
    assert (project.name, project.filler_id, UNITS[project.unit_id].name) == (
        "新桥小学校舍安全改造",
        "zhangmin",
        "新桥小学",
    )
    assert (project.budget_current, project.source_labels) == (Decimal("320.00"), "中央、区级")
    assert [(one.name, one.target_text) for one in project.indicators] == [
        ("改造教室数量", "48间"),
        ("采购课桌椅", "≥2160套"),
        ("工程验收合格率", "100%"),
        ("课桌椅验收合格率", "≥98%"),
        ("按期完工率", "≥90%"),
        ("资金拨付及时率", "100%"),
        ("单间改造成本", "≤6.5万元"),
        ("受益学生人数", "≥1200人"),
        ("学生满意度", "≥95%"),
        ("家长投诉件数", "≤5件"),
    ]
    assert [field.key for field in annexes.fields(project)].count("spent") == 1
    typed = TYPED["p001"]
    assert [typed[key] for key in ("arrived", "spent", "actual.1", "actual.2")] == [
        "192.00",
        "118.40",
        "20",
        "900",
    ]


def test_the_second_project_is_key_and_spends_by_source() -> None:
    project = PROJECTS["p002"]
    assert (project.filler_id, project.is_key, len(project.indicators)) == ("zhangmin", True, 7)
    keys = [field.key for field in annexes.fields(project)]
    assert {"spent.municipal", "spent.district"} <= set(keys)


@pytest.mark.parametrize(
    ("person", "name", "role", "scope"),
    [
        ("zhangmin", "张敏", Role.FILLER, "新桥小学"),
        ("wufang", "吴芳", Role.FILLER, "新桥小学"),
        ("sunxiao", "孙国华", Role.UNIT_HEAD, "新桥小学"),
        ("zhoulei", "周蕾", Role.FILLER, "实验幼儿园"),
        ("liqiang", "李强", Role.BUDGET_OFFICE, "区教育局"),
        ("wangju", "王志远", Role.DEPARTMENT_HEAD, "区教育局"),
        ("chenjing", "陈静", Role.PERFORMANCE_OFFICE, "*"),
        ("admin", "何工", Role.ADMIN, "*"),
    ],
)
def test_cast(person: str, name: str, role: Role, scope: str) -> None:
    named = {one.id: one.name for one in (*ROSTER.units, *ROSTER.departments)}
    found = PEOPLE[person]
    assert found.name == name
    assert dict(found.identities)["simulator"] == person
    assert (role, scope) in [(duty.role, named.get(duty.scope_id, duty.scope_id)) for duty in found.duties]


def _one_person_units() -> set[str]:
    duties = [(person.id, duty) for person in ROSTER.people for duty in person.duties]
    heads = {(who, duty.scope_id) for who, duty in duties if duty.role is Role.UNIT_HEAD}
    return {unit for who, unit in heads if PEOPLE[who].has(Role.FILLER, unit)}


def test_unusual_offices() -> None:
    with_projects = {project.unit_id for project in ROSTER.projects}
    assert {UNITS[unit].name for unit in _one_person_units()} == {"水文监测站"}
    assert {unit.name for unit in ROSTER.units if unit.id not in with_projects} == {"森林防火大队"}
    assert {project.filler_id for project in ROSTER.projects}.isdisjoint({"wufang"})
    shared = PEOPLE["hewenbo"]
    assert {duty.scope_id for duty in shared.duties} == {"d03", "d07"}
    assert [name for name, count in Counter(one.name for one in ROSTER.people).items() if count > 1] == [
        "王丽"
    ]
    assert dict(ROSTER.offline) == {"u0501": 1}


def test_unusual_projects() -> None:
    assert max(len(project.indicators) for project in ROSTER.projects) >= 20
    assert [project.id for project in ROSTER.projects if project.starts == date(2026, 7, 1)] == ["p005"]
    several = [p for p in ROSTER.projects if p.is_key and len(p.sources) > 1]
    assert len(several) >= 8
    assert max(len(project.sources) for project in several) == 5


def test_every_form_of_target_is_there() -> None:
    read = [
        parse_target(one.target_text, one.level2, one.name)
        for project in ROSTER.projects
        for one in project.indicators
    ]
    assert {target.kind for target in read} == set(Kind)
    signs = {one.target_text[0] for project in ROSTER.projects for one in project.indicators}
    assert set("≥≤≧═=><不大") <= signs


def _value(project: Project, field: Field, text: str) -> str:
    """The canonical value; anything asked about or refused fails the test by its type."""
    if field.kind is FieldKind.MONEY:
        read: object = parse_amount(text)
        assert isinstance(read, Decimal), (project.id, field.key, read)
        return str(read)
    if field.kind is FieldKind.LIKELIHOOD:
        return next(level.value for level, label in LIKELIHOOD_LABELS.items() if label == text)
    if field.indicator:
        target = parse_target(field.indicator.target_text, field.indicator.level2, field.indicator.name)
        read = parse_actual(text, target, year=2026)
    else:
        read = parse_text(text, label=field.label, least=2)
    assert isinstance(read, str), (project.id, field.key, read)
    return read


def _entries(project: Project) -> dict[str, Entry]:
    known = {field.key: field for field in annexes.fields(project)}
    return {
        key: Entry(_value(project, known[key], text), text, "") for key, text in TYPED[project.id].items()
    }


def _figures(project: Project) -> Reported:
    return annexes.reported(project, _entries(project))


@pytest.mark.parametrize("project", ROSTER.projects, ids=lambda project: project.id)
def test_second_quarter_is_complete_and_valid(project: Project) -> None:
    figures = _figures(project)
    asked = {field.key for field in annexes.fields(project)} - {"note"}
    assert asked <= set(TYPED[project.id])
    assert figures.arrived is not None
    assert figures.spent is not None
    assert figures.spent <= figures.arrived <= project.budget_current
    rules = thresholds_on(THRESHOLDS, Q2.last_day)
    findings = judge(project, Q2, figures, rules, FILED)
    required = annexes.required_texts(figures, findings, annexes.checks(project, figures, None))
    assert required <= set(TYPED[project.id])
    if required:
        assert TYPED[project.id]["reason"] != "无偏离。"
