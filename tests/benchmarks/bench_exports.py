"""A round leaving the system: the zip of 6,000 附表1 and its growth, the summary of 60 departments, with peers.

Run with ``python -m tests.benchmarks.bench_exports``; ratios inside one run are what counts."""

from __future__ import annotations

import gc
import io
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

from regulation.annexes import compose
from reports import annex1, national, summary, xlsx
from reports.lawbook import shipped
from reports.writing import Scope, form_files, pack
from storage.store import Store
from tests.reports.filled_district import AT, Q3, filled

SIZES = (60, 240, 600)  # units of ten projects each
SAMPLE = 60


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def zipped(store: Store, path: Path) -> int:
    """The round as one zip on the disk."""
    with store.read() as tx, path.open("wb") as file:
        return pack(form_files(tx, Scope(Q3)), file)


def prepared(path: Path) -> list[tuple[str, bytes]]:
    """The forms' bytes, ready: what zipping alone costs."""
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zip_alone(ready: list[tuple[str, bytes]], path: Path) -> None:
    """The limit: bytes that are there already into a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ready:
            archive.writestr(name, content)


def usual(store: Store) -> float:
    """The peer, seconds for one form: read, open a template with openpyxl, fill, save."""
    template = xlsx.author(annex1.blank())
    with store.read() as tx:
        forms = tx.basis(tx.departments()[0].id, Q3).forms[:SAMPLE]

    def fill() -> None:
        for form in forms:
            sheet = annex1.sheet(compose(form.project, form.unit.name, Q3, form.entries))
            book = load_workbook(io.BytesIO(template))
            page = book.worksheets[0]
            for merge in list(page.merged_cells.ranges):
                page.unmerge_cells(str(merge))
            for row, cells in enumerate(sheet.rows, 1):
                for column, cell in enumerate(cells, 1):
                    if cell.value is not None:
                        page.cell(row, column).value = cell.value
            book.save(io.BytesIO())

    return timed(fill) / len(forms)


def peak_of(path: Path) -> int:
    """Megabytes a process of its own takes at most while it zips that database."""
    code = (
        "import io, resource, sys\n"
        "from pathlib import Path\n"
        "from storage.store import Store\n"
        "from tests.benchmarks.bench_exports import zipped\n"
        "store = Store(f'sqlite:///{sys.argv[1]}')\n"
        "zipped(store, Path(sys.argv[1] + '.zip'))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    return int(subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True).stdout)


def openpyxl_summary(made: bytes) -> float:
    """The peer of the summary: the same cells written by openpyxl."""
    source = load_workbook(io.BytesIO(made), read_only=True)
    pages = {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in source}

    def write() -> None:
        book = Workbook()
        for title, rows in pages.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(row)
        book.save(io.BytesIO())

    return timed(write)


def zips(folder: Path, units: int) -> tuple[Store, int, float]:
    """One line of growth; the filled store, how many forms, the seconds they took."""
    path = folder / f"{units}.sqlite"
    store, out = filled(path, units, projects=10), path.with_suffix(".zip")
    started = time.process_time()
    forms = zipped(store, out)
    spent = time.process_time() - started
    ready = prepared(out)
    limit = timed(lambda: zip_alone(ready, out.with_suffix(".again")))
    print(
        f"  {units * 10:6} projects {forms:6} forms {spent:7.2f} s {forms / spent:7.0f} forms/s"
        f"   zip of ready bytes {limit:6.2f} s   peak {peak_of(path)} MB   file {out.stat().st_size >> 20} MB"
    )
    return store, forms, spent


def summaries(store: Store) -> None:
    """The summary and the national standard of that district."""
    made: list[bytes] = []
    with store.read() as tx:
        took = timed(lambda: made.append(summary.summary(tx, Q3, AT)))
        table = timed(lambda: (national.info(tx, Q3), national.task(tx, Q3, shipped())))
        departments = len(tx.departments())
    theirs = openpyxl_summary(made[0])
    print(f"\nsummary of {departments} departments with every project and deviation: {took:.2f} s")
    print(f"  the same cells by openpyxl alone, nothing read {theirs:.2f} s   ours x{took / theirs:.3f}")
    print(f"\nnational data standard: {table:.2f} s")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        print("\nthe zip of a round (附表1, 2 and 3)")
        for units in SIZES[:-1]:
            zips(Path(folder), units)[0].close()
        store, forms, spent = zips(Path(folder), SIZES[-1])
        peer = usual(store)
        whole = peer * forms
        print(
            f"  openpyxl load + fill + save {peer * 1e3:.2f} ms a form = {whole:.1f} s   ours x{spent / whole:.3f}"
        )
        summaries(store)
        print(f"\nthis process took at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
        store.close()


if __name__ == "__main__":
    main()
