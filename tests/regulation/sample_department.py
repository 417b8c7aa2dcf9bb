"""An invented department with three units, a key project two of them run together, and its filed 附表1."""

from dataclasses import replace
from decimal import Decimal

from regulation.annexes import Entry
from regulation.basis import Basis, UnitForm, unit_form
from regulation.consolidation import Tables, consolidate
from regulation.roster import Department, FundSource, Indicator, KeyBasis, Project, ResponsibleUnit
from tests.regulation.sample_projects import Q3, RULES, SCHOOL

D = Decimal
EDUCATION = Department("d01", "区教育局", "f01")
UNITS = {
    "u0": ResponsibleUnit("u0", "d01", "区教育局本级", True),
    "u1": ResponsibleUnit("u1", "d01", "新桥小学"),
    "u2": ResponsibleUnit("u2", "d01", "滨河中学"),
}
MEALS = (
    Indicator(1, "产出指标", "数量指标", "补助学生数量", "≥{n}人"),
    Indicator(2, "产出指标", "质量指标", "食材抽检合格率", "≥98%"),
    Indicator(3, "效益指标", "社会效益指标", "学生家庭负担", "有所减轻"),
)


def meals(project_id: str, unit: str, count: int, central: str, district: str) -> Project:
    """One unit's part of 营养改善."""
    first = replace(MEALS[0], target_text=f"≥{count}人")
    total = D(central) + D(district)
    return replace(
        SCHOOL,
        id=project_id,
        unit_id=unit,
        name="学生营养改善",
        code="2026-07",
        budget_initial=total,
        budget_current=total,
        sources=((FundSource.CENTRAL, D(central)), (FundSource.DISTRICT, D(district))),
        indicators=(first, *MEALS[1:]),
        is_key=True,
        key_basis=KeyBasis.MAJOR_DECISION,
    )


MEALS_HQ = meals("p1", "u0", 3000, "300", "200")
MEALS_MIDDLE = meals("p2", "u2", 1200, "100", "60")
REPAIR = replace(SCHOOL, id="p3", unit_id="u1", budget_initial=D("300"), budget_current=D("320"))
PROJECTS = (MEALS_HQ, MEALS_MIDDLE, REPAIR)
#: answers by project: what each unit's 附表1 says at the end of September.
FILED = {
    "p1": {
        "arrived": "400",
        "spent.central": "250",
        "spent.district": "110.5",
        "actual.1": "2400",
        "likely.1": "certain",
        "actual.2": "99",
        "likely.2": "certain",
        "actual.3": "达成",
        "likely.3": "likely",
        "situation": "补助按月发放，供餐正常。",
        "reason": "无偏离",
        "plan": "按计划推进",
    },
    "p2": {
        "arrived": "160",
        "spent.central": "90",
        "spent.district": "49.5",
        "actual.1": "800",
        "likely.1": "unlikely",
        "actual.2": "98.5",
        "likely.2": "certain",
        "actual.3": "达成",
        "likely.3": "certain",
        "situation": "新校区食堂9月才启用。",
        "reason": "食堂启用晚了两个月",
        "plan": "10月起全员供餐",
    },
    "p3": {
        "arrived": "256",
        "spent": "201.35",
        "actual.1": "36",
        "likely.1": "certain",
        "situation": "教室改造完成36间。",
        "reason": "无偏离",
        "plan": "无",
    },
}
TYPED = {
    "total": "5000",
    "assets.plan": "120",
    "assets.done": "90",
    "procurement.plan": "400",
    "procurement.done": "310.5",
}


def entries(answers: dict[str, str], message: str = "m1") -> dict[str, Entry]:
    """Answers as entries."""
    return {key: Entry(value, value, message) for key, value in answers.items()}


def filed(project: Project, version: int = 1, **changes: str) -> UnitForm:
    """One filed form; ``changes`` with ``_`` for the dot."""
    said = FILED[project.id] | {key.replace("_", "."): value for key, value in changes.items()}
    return unit_form(project, UNITS[project.unit_id], version, entries(said, f"{project.id}-v{version}"))


def basis(*forms: UnitForm, projects: tuple[Project, ...] = PROJECTS, total: str | None = None) -> Basis:
    """What the department's tables rest on; every form filed by default."""
    made = forms or tuple(filed(project) for project in projects)
    return Basis(EDUCATION, Q3, projects, made, UNITS, D(total) if total else None)


def tables(of: Basis | None = None, typed: dict[str, str] | None = None) -> Tables:
    """附表2 and 附表3 under the shipped rules."""
    return consolidate(of or basis(), entries(TYPED if typed is None else typed, "typed"), RULES)
