"""What of the monitoring may be published: everything filed, without names, phones or classified rows (办法 第十七条).

Finding personal data in free text is never certain: what was taken out is listed for those who decide (A11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from regulation.annex2 import Annex2
from regulation.basis import Basis, UnitForm
from regulation.composing import compose
from regulation.folding import UNSEEN
from regulation.rates import execution_rate
from regulation.rounds import MonitoringRound
from regulation.texts import looks_classified

#: what stands where something was taken out.
OMITTED = "（略）"
#: full-width digits and signs as ASCII, one for one, so that a place found in one text is the same in the other.
_NARROW = {ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９－＠（）：．ＸｘＡ"} | {
    0x3000: 0x20
}
_LABELLED = r"(?:联系人|联络人|经办人|填报人|负责人|责任人|承办人|项目经理)\s*:\s*"
#: kind -> how it looks; the group ``out`` is taken out where only a part is.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("姓名", re.compile(_LABELLED + r"(?P<out>[\u4e00-\u9fff]{2,4})(?=[\s，。；、,;()\d]|$)")),
    ("邮箱", re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("证件号", re.compile(r"(?<!\d)\d{6}([ -]?)\d{8}\1\d{3}[\dXx](?!\d)")),
    ("账号", re.compile(r"(?<![\d.])62\d{2}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,4})?(?!\d)")),
    ("账号", re.compile(r"(?<![\d.])\d{15,30}(?![\d.])")),
    ("电话", re.compile(r"(?<![\d.])(?:\+?86[ -]?)?\(?1[3-9]\d\)?[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("电话", re.compile(r"(?<![\d.])1[3-9]\d([.·•_/—–])\d{4}\1\d{4}(?!\d)")),
    ("电话", re.compile(r"(?<![\d.])\(?0\d{2,3}\)?[ —–-]{0,2}\d{7,8}(?![\d.])")),
    ("电话", re.compile(r"(?:电话|手机|热线|传真|座机)\s*(?:[:：]\s*)?(?P<out>\d[\d -]{5,18}\d)")),
)


@dataclass(frozen=True, slots=True)
class PublicIndicator:
    """One indicator as published."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    likelihood: str


@dataclass(frozen=True, slots=True)
class PublicProject:
    """One project as published; money in 万元. ``id`` stays inside."""

    id: str
    unit: str
    name: str
    budget: Decimal
    arrived: Decimal | None
    spent: Decimal | None
    situation: str
    deviation: str
    plan: str
    indicators: tuple[PublicIndicator, ...] = ()
    classified: bool = False

    @property
    def execution(self) -> str:
        """预算执行率 as printed."""
        return execution_rate(self.spent, self.budget).text


@dataclass(frozen=True, slots=True)
class PublicOverall:
    """The department as a whole, from its 附表2; ``rows`` are 监控内容, 监控指标, 年度目标, 已完成情况, 可能性."""

    total: Decimal | None
    work: str
    deviation: str
    plan: str
    rows: tuple[tuple[str, str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicReport:
    """What one department publishes of one round."""

    department: str
    round: MonitoringRound
    overall: PublicOverall | None
    projects: tuple[PublicProject, ...]


@dataclass(frozen=True, slots=True)
class Omission:
    """Something taken out: which project ('' for the department), in which text, what kind, the words. For the two
    people who decide, never for publication."""

    project: str
    where: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A report that may be published, what was taken out of it, and the projects left out whole, with the reason."""

    report: PublicReport
    omissions: tuple[Omission, ...]
    withheld: tuple[tuple[str, str], ...]  # project name, reason


def public_report(basis: Basis, annex2: Annex2 | None, *, classified: Iterable[str] = ()) -> PublicReport:
    """What was filed, before anything is taken out; ``classified`` are numbers of projects that must not appear."""
    hidden = frozenset(classified)
    projects = tuple(_project(form, basis.round, form.project.id in hidden) for form in basis.forms)
    return PublicReport(basis.department.name, basis.round, _overall(annex2) if annex2 else None, projects)


def publishable(report: PublicReport, names: Iterable[str]) -> Publication:
    """The report without classified projects, and without names (``names`` are those known here), phones, mail
    addresses and numbers of papers and accounts in any text."""
    cleaner = _Cleaner(_names(names))
    shown, withheld = [], []
    for project in report.projects:
        reason = _why_not(project)
        if reason:
            withheld.append(("涉密项目" if project.classified else project.name, reason))
        else:
            shown.append(_cleaned(project, cleaner))
    overall = _cleaned_overall(report.overall, cleaner) if report.overall else None
    made = replace(report, overall=overall, projects=tuple(shown))
    return Publication(made, tuple(cleaner.omissions), tuple(withheld))


def without_numbers(text: str) -> str:
    """The text without phones, mail addresses, numbers of papers and accounts; the names that work needs stay."""
    return _Cleaner(None).clean(text, "", "")


def _project(form: UnitForm, round: MonitoringRound, classified: bool) -> PublicProject:
    printed = compose(form.project, form.unit.name, round, form.entries)
    return PublicProject(
        form.project.id,
        form.unit.name,
        printed.project_name,
        printed.budget,
        printed.arrived,
        printed.spent,
        printed.situation,
        printed.deviation,
        printed.plan,
        tuple(
            PublicIndicator(row.level1, row.level2, row.name, row.target, row.actual, row.likelihood)
            for row in (*printed.rows, *printed.effects)
        ),
        classified,
    )


def _overall(annex2: Annex2) -> PublicOverall:
    rows = tuple((row.content, row.indicator, row.target, row.actual, row.likelihood) for row in annex2.rows)
    return PublicOverall(annex2.total, annex2.work.text, annex2.deviation.text, annex2.plan.text, rows)


def _why_not(project: PublicProject) -> str:
    if project.classified:
        return "涉密，不公开"
    texts = [project.name, project.unit, project.situation, project.deviation, project.plan]
    texts += [text for each in project.indicators for text in _texts(each)]
    return "文字里有涉密标志，不公开" if any(looks_classified(text) for text in texts) else ""


def _texts(indicator: PublicIndicator) -> tuple[str, ...]:
    return indicator.name, indicator.target, indicator.actual


@dataclass(slots=True)
class _Cleaner:
    """Takes out and remembers what it took."""

    names: re.Pattern[str] | None
    omissions: list[Omission] = field(default_factory=list)

    def clean(self, text: str, project: str, where: str) -> str:
        """The text with every find replaced; overlapping finds become one."""
        narrow, places = _seen(text)
        spans = ((places[begin], places[end - 1] + 1, kind) for begin, end, kind in self._found(narrow))
        found = sorted(spans, key=lambda each: (each[0], -each[1]))  # the longest first
        made, at = [], 0
        for begin, end, kind in found:
            if begin >= at:
                made += [text[at:begin], OMITTED]
                self.omissions.append(Omission(project, where, kind, text[begin:end]))
            at = max(at, end)
        return "".join((*made, text[at:]))

    def _found(self, text: str) -> Iterable[tuple[int, int, str]]:
        for match in self.names.finditer(text) if self.names else ():
            yield match.start(), match.end(), "姓名"
        for kind, pattern in _KINDS:
            group = "out" if "out" in pattern.groupindex else 0
            for match in pattern.finditer(text):
                yield match.start(group), match.end(group), kind


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is looked through, without what nobody sees, and where each of its characters stands: a blank of
    no width in the middle of a number hides nothing."""
    narrow = text.translate(_NARROW)
    if not UNSEEN.search(narrow):
        return narrow, range(len(narrow))
    places = [n for n, letter in enumerate(narrow) if not UNSEEN.match(letter)]
    return "".join(narrow[n] for n in places), places


def _names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these names, also with blanks between its characters; the longer one first. Grouped by surname: a text is
    looked through once, whatever the number of people."""
    families: dict[str, set[str]] = {}
    for name in names:
        if len(whole := "".join(name.split())) >= 2:
            families.setdefault(whole[0], set()).add(whole[1:])
    branches = (
        re.escape(family)
        + "(?:"
        + "|".join(map(_spaced, sorted(given, key=lambda rest: (-len(rest), rest))))
        + ")"
        for family, given in sorted(families.items())
    )
    return re.compile("|".join(branches)) if families else None


def _spaced(rest: str) -> str:
    return "".join(rf"\s*{re.escape(letter)}" for letter in rest)


def _cleaned(project: PublicProject, cleaner: _Cleaner) -> PublicProject:
    def clean(text: str, where: str) -> str:
        return cleaner.clean(text, project.name, where)

    return replace(
        project,
        name=clean(project.name, "项目名称"),
        situation=clean(project.situation, "项目实施情况"),
        deviation=clean(project.deviation, "目标偏离情况及原因分析"),
        plan=clean(project.plan, "改进计划"),
        indicators=tuple(
            replace(
                each,
                name=clean(each.name, "三级指标"),
                target=clean(each.target, "年度目标"),
                actual=clean(each.actual, "已完成情况"),
            )
            for each in project.indicators
        ),
    )


def _cleaned_overall(overall: PublicOverall, cleaner: _Cleaner) -> PublicOverall:
    def clean(text: str, where: str) -> str:
        return cleaner.clean(text, "", where)

    return replace(
        overall,
        work=clean(overall.work, "部门年度重点工作实施情况"),
        deviation=clean(overall.deviation, "核心目标偏离情况及原因分析"),
        plan=clean(overall.plan, "改进计划"),
        rows=tuple(
            (content, clean(name, "监控指标"), clean(target, "年度目标"), clean(actual, "已完成情况"), likely)
            for content, name, target, actual, likely in overall.rows
        ),
    )


def omissions_said(omissions: Sequence[Omission]) -> tuple[str, ...]:
    """One line each for the people who decide: ``新桥小学校舍改造 · 改进计划：电话“13812345678”``."""
    return tuple(
        f"{each.project or '部门整体'} · {each.where}：{each.kind}“{each.words}”" for each in omissions
    )
