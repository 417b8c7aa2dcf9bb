"""The blank roster workbook: headings with comments, an example row a sheet, drop-down lists."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from intake.layout import SHEETS
from intake.workbook import blank, save


def template() -> bytes:
    """The workbook to hand out, as .xlsx bytes."""
    target = BytesIO()
    save(
        blank({sheet.name: (tuple(column.example for column in sheet.columns),) for sheet in SHEETS}), target
    )
    return target.getvalue()


def write_template(path: Path) -> None:
    """Write the workbook to hand out at ``path``."""
    path.write_bytes(template())
