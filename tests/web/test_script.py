"""The script runs in old kernels of office clients: ES2017 at most, and the gate notices what is newer."""

from __future__ import annotations

import re
from pathlib import Path

import esprima
import pytest

WEB = Path(__file__).parents[2] / "web"
SCRIPTS = sorted((WEB / "static").glob("*.js"))
TOO_NEW = ["a?.b", "a ?? b", "class A { #x = 1 }", "a ||= 1"]
#: CSS newer than the oldest kernels seen (Chrome 57 to 69).
TOO_NEW_CSS = r":is\(|:where\(|aspect-ratio|\binset:|\bgap:|\bmax\(|\bmin\(|\bclamp\("


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_are_es2017(path):
    assert esprima.parseScript(path.read_text()).body


@pytest.mark.parametrize("source", TOO_NEW)
def test_the_gate_refuses_newer_syntax(source):
    with pytest.raises(esprima.Error):
        esprima.parseScript(source)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_write_no_markup_and_no_inline_style(path):
    assert not re.search(r"innerHTML|document\.write|eval\(|setAttribute\('style'", path.read_text())


def test_styles_are_for_old_kernels():
    assert (
        re.findall(
            TOO_NEW_CSS, re.sub(r"/\*.*?\*/", "", (WEB / "static/page.css").read_text(), flags=re.DOTALL)
        )
        == []
    )


def test_templates_have_no_inline_script_or_style():
    for path in (WEB / "templates").glob("*.html"):
        assert not re.search(r"\son\w+=|style=|<style|<script(?! src=)", path.read_text())


PAIRS = [
    ("text", "surface"),
    ("text", "chat"),
    ("text", "picked"),
    ("soft", "surface"),
    ("soft", "chat"),
    ("soft", "sunken"),
    ("link", "surface"),
    ("link", "picked"),
    ("link", "sunken"),
    ("on-blue", "blue"),
    ("good", "surface"),
    ("good", "good-soft"),
    ("warn", "surface"),
    ("warn", "warn-soft"),
    ("bad", "surface"),
    ("bad", "bad-soft"),
    ("on-mine", "mine"),
]


def colours(selector, base=None):
    css = (WEB / "static/page.css").read_text()
    block = css.split(f"\n{selector} {{", 1)[1].split("}", 1)[0]
    return {**(base or {}), **dict(re.findall(r"--([\w-]+): (#\w{6})", block))}


LIGHT = colours("html")
THEMES = {
    "light": LIGHT,
    "light-wecom": colours("html.skin-wecom", LIGHT),
    "dark": colours("html.dark", LIGHT),
    "dark-wecom": colours("html.dark.skin-wecom", colours("html.dark", LIGHT)),
}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_contrast_is_at_least_four_and_a_half(theme, front, back):
    low, high = sorted(luminance(THEMES[theme][name]) for name in (front, back))
    assert (high + 0.05) / (low + 0.05) >= 4.5
