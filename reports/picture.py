"""Draws the laid-out table and deviation picture: Jinja2 fills the SVG, resvg makes the PNG with our own font only."""

from __future__ import annotations

import re
from functools import lru_cache

import resvg_py
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reports.bars import plan
from reports.canvas import Canvas
from reports.deviation import DeviationPicture
from reports.district import DistrictPicture
from reports.grid import grid
from reports.progress import progress
from reports.sheet import Sheet
from reports.strip import strip as strip_of
from reports.typeset import FAMILY, font_path

#: What both platforms take as a picture message.
MOST_BYTES = 2_000_000

#: (most lines per cell, width in pixels): from whole to what fits the platforms even for a form of 60 long rows.
_ATTEMPTS = ((60, 1080), (12, 1080), (4, 1080), (2, 720))
#: A full page of text weighs some 200 bytes per pixel of height; a taller drawing is not even tried.
_TALLEST = 9_000


def table(sheet: Sheet) -> bytes:
    """The sheet as one PNG, 1080 pixels wide, below :data:`MOST_BYTES`; shortened texts say where the whole is."""
    drawn = b""
    for lines, width in _ATTEMPTS:
        laid = grid(sheet, most_lines=lines)
        if laid.height > _TALLEST and width == _ATTEMPTS[0][1]:
            continue
        drawn = png(_template("table.svg").render(grid=laid), width=width)
        if len(drawn) < MOST_BYTES:
            break
    return drawn


def table_svg(sheet: Sheet, *, most_lines: int = 60) -> str:
    """The sheet as SVG."""
    return _template("table.svg").render(grid=grid(sheet, most_lines=most_lines))


def deviation(picture: DeviationPicture) -> bytes:
    """The deviation picture as PNG."""
    return png(deviation_svg(picture))


def deviation_svg(picture: DeviationPicture) -> str:
    """The deviation picture as SVG."""
    return _template("deviation.svg").render(plan=plan(picture))


def district(picture: DistrictPicture) -> bytes:
    """The tall district picture as PNG."""
    return png(canvas_svg(progress(picture)))


def strip(picture: DistrictPicture) -> bytes:
    """The strip for a card's head as PNG, 1.8:1."""
    return png(canvas_svg(strip_of(picture)))


def canvas_svg(canvas: Canvas) -> str:
    """A drawing as SVG."""
    return _template("canvas.svg").render(canvas=canvas)


def png(svg: str, *, width: int | None = None) -> bytes:
    """The drawing as PNG bytes, the same on every machine: system fonts are never looked at."""
    return resvg_py.svg_to_bytes(
        svg_string=re.sub(r"\n+", "\n", svg),
        width=width,
        skip_system_fonts=True,
        font_files=[font_path(bold=False), font_path(bold=True)],
        font_family=FAMILY,
    )


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
    pages = Environment(loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined)
    return pages.get_template(name)
