"""附表1 to bytes and pictures to PNG, each against its peer and its limit in the same run.

Run with ``python -m tests.benchmarks.bench_reports``; ratios inside one run are what counts."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import load_workbook

from reports import annex1, picture, xlsx
from tests.reports.sample_forms import PICTURE, SCHOOL, many

ROUNDS = 7
FORM = many(12)
BLANK = xlsx.author(annex1.sheet(many(12)))
_SHEET = "xl/worksheets/sheet1.xml"


def seconds(work: Callable[[], object], least: float = 0.2) -> float:
    """CPU time of one call, over enough calls to measure."""
    work()
    calls, started = 0, time.process_time()
    while (spent := time.process_time() - started) < least:
        work()
        calls += 1
    return spent / calls


def interleaved(cases: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Best of rounds in which every case runs in turn: what others do on the machine only ever adds."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, work in cases.items():
            found[name].append(seconds(work))
    return {name: min(times) for name, times in found.items()}


def load_and_fill() -> bytes:
    """The usual way: open the finished template, write every value, save."""
    book = load_workbook(io.BytesIO(BLANK))
    page = book.worksheets[0]
    for row, cells in enumerate(annex1.sheet(FORM).rows, 1):
        for column, cell in enumerate(cells, 1):
            if cell.value is not None:
                page.cell(row, column).value = cell.value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _template() -> tuple[list[tuple[str, bytes]], list[str]]:
    with zipfile.ZipFile(io.BytesIO(BLANK)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    return parts, dict(parts)[_SHEET].decode().split("36件")


PARTS, PIECES = _template()


def patch() -> bytes:
    """The limit: one value put into the template's sheet XML, and every part zipped again."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS:
            archive.writestr(name, "37件".join(PIECES) if name == _SHEET else data)
    return saved.getvalue()


def show(title: str, times: Mapping[str, float], base: str) -> None:
    """One table: milliseconds, per second, ratio to the base line."""
    print(f"\n{title}")
    for name, spent in times.items():
        print(f"  {name:<44}{spent * 1e3:9.3f} ms {1 / spent:9.0f}/s   x{spent / times[base]:.3f}")


def main() -> None:
    """Measure and print."""
    school = annex1.sheet(SCHOOL)
    ready = annex1.sheet(FORM)
    table, bars = picture.table_svg(school), picture.deviation_svg(PICTURE)
    show(
        "附表1, 12 indicators, to bytes",
        interleaved(
            {
                "openpyxl load + fill + save": load_and_fill,
                "openpyxl from scratch (author)": lambda: xlsx.author(annex1.sheet(FORM)),
                "zip patch of the template (limit)": patch,
                "ours: layout + write": lambda: xlsx.write(annex1.sheet(FORM)),
                "ours: write alone": lambda: xlsx.write(ready),
            }
        ),
        "openpyxl load + fill + save",
    )
    show(
        "附表1 picture, 1080 pixels wide",
        interleaved(
            {"resvg alone": lambda: picture.png(table), "ours": lambda: picture.table(annex1.sheet(SCHOOL))}
        ),
        "resvg alone",
    )
    show(
        "deviation picture",
        interleaved({"resvg alone": lambda: picture.png(bars), "ours": lambda: picture.deviation(PICTURE)}),
        "resvg alone",
    )


if __name__ == "__main__":
    main()
