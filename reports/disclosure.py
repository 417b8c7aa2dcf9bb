"""The package a department publishes (办法 第十七条): workbook, CSV and page of one filtered report, with checksums.

Pure: the same report gives the same bytes on every machine, so that what two people agreed to is what is published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

import xlsxwriter
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from regulation.disclosure import Publication, PublicProject, PublicReport, publishable
from regulation.rates import money
from reports import commas
from reports.commas import Value
from reports.files import file_name
from reports.parts import HEADINGS
from reports.sheet import printable

OVERALL = ("监控内容", "监控指标", "年度目标", "已完成情况", "完成目标可能性")
PROJECT = (
    "部门",
    "单位",
    "项目名称",
    "预算总额（万元）",
    "已到位资金（万元）",
    "已支出资金（万元）",
    "预算执行率",
    "项目实施情况",
    "目标偏离情况及原因分析",
    "改进计划",
)
SUMS = "SHA256SUMS.txt"
_BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - a constant: the same report gives the same bytes
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_WIDTHS = (16, 22, 32, 16, 17, 17, 12, 50, 50, 40, 12, 14, 28, 18, 18, 16)


@dataclass(frozen=True, slots=True)
class Package:
    """``content`` is the zip that is frozen and published, ``files`` what is in it, ``digest`` its SHA-256;
    ``publication`` says what was taken out, for those who decide."""

    content: bytes
    files: Mapping[str, bytes]
    publication: Publication

    @property
    def digest(self) -> str:
        """What names these very bytes."""
        return sha256(self.content).hexdigest()


def package(report: PublicReport, names: Iterable[str], *, stamp: str = "") -> Package:
    """The publishable package of that report; ``names`` are people known here (the roster's), ``stamp`` says 演练."""
    publication = publishable(report, names)
    shown = publication.report
    files = {
        _name(shown, "xlsx"): _workbook(shown, stamp),
        _name(shown, "csv"): commas.table((*PROJECT, *HEADINGS), _rows(shown)),
        _name(shown, "html"): _page(shown, stamp),
    }
    if shown.overall:
        overall = file_name("绩效监控信息公开_部门整体", shown.department, shown.round, "csv")
        files[overall] = commas.table(OVERALL, shown.overall.rows)
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files[SUMS] = sums.encode()
    return Package(_zipped(files), files, publication)


def _name(report: PublicReport, suffix: str) -> str:
    return file_name("绩效监控信息公开", report.department, report.round, suffix)


def _title(report: PublicReport, stamp: str) -> str:
    return f"{stamp} {report.department} {report.round.label}预算绩效运行监控信息".strip()


def _rows(report: PublicReport) -> Iterator[tuple[Value, ...]]:
    """One row per indicator, the project's cells on each of them; a project without indicators has one row."""
    for project in report.projects:
        first = _project(report, project)
        for each in project.indicators:
            indicator = (each.level1, each.level2, each.name, each.target, each.actual, each.likelihood)
            yield (*first, *indicator)
        if not project.indicators:
            yield (*first, *("",) * len(HEADINGS))


def _project(report: PublicReport, project: PublicProject) -> tuple[Value, ...]:
    return (
        report.department,
        project.unit,
        project.name,
        project.budget,
        project.arrived,
        project.spent,
        project.execution,
        project.situation,
        project.deviation,
        project.plan,
    )


def _workbook(report: PublicReport, stamp: str) -> bytes:
    raw = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(raw, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": _title(report, stamp), "created": _BORN})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E8F0FB"})
        look = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        amount = book.add_format({"border": 1, "num_format": "#,##0.00", "valign": "top"})
        if report.overall:
            page = book.add_worksheet("部门整体")
            page.set_column(0, 4, 24)
            _lines(page, OVERALL, _overall(report), (head, look, amount))
        page = book.add_worksheet("项目")
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.freeze_panes(1, 3)
        _lines(page, (*PROJECT, *HEADINGS), _rows(report), (head, look, amount))
    return raw.getvalue()


def _overall(report: PublicReport) -> Iterator[tuple[Value, ...]]:
    assert report.overall is not None  # noqa: S101 — asked only where there is one
    yield ("本年度预算资金总额（万元）", report.overall.total, "", "", "")
    for label, text in (
        ("部门年度重点工作实施情况", report.overall.work),
        ("核心目标偏离情况及原因分析", report.overall.deviation),
        ("改进计划", report.overall.plan),
    ):
        yield (label, text, "", "", "")
    yield from report.overall.rows


def _lines(
    page: Any, headings: Iterable[str], rows: Iterable[tuple[Value, ...]], looks: tuple[Any, Any, Any]
) -> None:
    head, look, amount = looks
    for column, word in enumerate(headings):
        page.write_string(0, column, word, head)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if not value and not isinstance(value, Decimal):
                page.write_blank(number, column, None, look)
            elif isinstance(value, Decimal | int):
                page.write_number(number, column, value, amount)
            else:
                page.write_string(number, column, printable(value), look)


def _page(report: PublicReport, stamp: str) -> bytes:
    said = _template().render(
        report=report,
        title=_title(report, stamp),
        money=lambda value: "—" if value is None else money(value),
        overall_headings=OVERALL,
        indicator_headings=HEADINGS,
    )
    return said.encode("utf-8", "replace")


@cache
def _template() -> Template:
    pages = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
    )
    return pages.get_template("disclosure.html")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), files[name])
    return raw.getvalue()
