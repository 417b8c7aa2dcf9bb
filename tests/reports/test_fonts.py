"""The committed font: what it covers, what it weighs, its licence, and widths as the font says them."""

import re
from pathlib import Path

import pytest

import reports
from reports.typeset import FAMILY, face

FONTS = Path(reports.__file__).parent / "fonts"


def gb2312() -> str:
    """All 6 763 characters of GB 2312."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in rows)


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_l06_the_font_has_every_letter_of_our_forms(bold: bool) -> None:
    known = face(bold).advances
    assert len(gb2312()) == 6763
    assert [letter for letter in gb2312() if ord(letter) not in known] == []
    symbols = "✓△·—…≥≤％%‰×÷±㎡℃①②③ⅠⅡ（）《》“”、，。；：？！￥ 　0Az𬭎䶮堃淼昇珺"
    assert [letter for letter in symbols if ord(letter) not in known] == []


@pytest.mark.parametrize(
    ("text", "regular", "bold"),
    [("附", 1000, 1000), ("0", 555, 590), ("a", 563, 591), ("附表1 a", 3342, 3408), ("👍", 1000, 1000)],
)
def test_widths_are_the_fonts_own(text: str, regular: int, bold: int) -> None:
    assert (face(False).width(text), face(True).width(text)) == (regular, bold)


def test_the_font_is_light_and_licensed() -> None:
    files = {path.name: path.stat().st_size for path in FONTS.glob("*.[!p]*")}
    assert sum(files.values()) < 8_000_000
    assert files.keys() == {
        "NotoSansSC-Regular.ttf",
        "NotoSansSC-Bold.ttf",
        "NotoSansSC-Regular.woff2",
        "NotoSansSC-Bold.woff2",
        "OFL.txt",
    }
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert re.search(r"SIL OPEN FONT LICENSE Version 1\.1", licence)
    assert "Reserved Font Name 'Source'" in licence
    assert "Source" not in FAMILY


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_web_font_is_the_same_subset(weight: str) -> None:
    web = (FONTS / f"NotoSansSC-{weight}.woff2").read_bytes()
    assert web.startswith(b"wOF2")
    assert int.from_bytes(web[8:12], "big") == len(web)
