"""The documents speak of things that exist: tests, links, pictures, commands, settings, identifiers, modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.__main__ import app
from bot.settings import Settings
from platforms.simulator.faults import Faults
from rehearsal.faults import Armed, arm
from rehearsal.story import START
from web.actions import FAULTS as BUTTONS

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
PACKAGES = (
    "regulation",
    "bot",
    "storage",
    "scheduler",
    "platforms",
    "reports",
    "web",
    "intake",
    "rehearsal",
)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def span(first: str, last: str) -> list[str]:
    """``N01``, ``N03`` -> ``N01 N02 N03``."""
    return [f"{first[0]}{n:02}" for n in range(int(first[1:]), int(last[1:]) + 1)]


#: the fault cases the first release answers for, in the order of the table.
CASES = [
    *span("N01", "N23"),
    *span("T01", "T28"),
    *span("C01", "C09"),
    "C11",
    *span("F01", "F06"),
    *span("F09", "F15"),
    *span("S01", "S07"),
    *("S13", "S14", "A01", "A07"),
    *("D03", "D10", "D11"),
    *span("M01", "M12"),
    *span("K01", "K08"),
    *span("L01", "L03"),
    *span("X01", "X08"),
    *("X10", "X11"),
    "A11",
]


def fault_rows() -> dict[str, str]:
    """Case id -> the cell that names its tests."""
    rows = re.findall(r"^\| ([A-Z]\d\d) \| [^|]+ \| ([^|]+) \|", read("docs/FAULTS.md"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a case has two rows"
    return dict(rows)


def test_every_fault_case_has_its_row() -> None:
    assert list(fault_rows()) == CASES


@pytest.mark.parametrize("case", CASES)
def test_the_tests_named_for_a_fault_exist(case: str) -> None:
    cell = fault_rows()[case]
    named = re.findall(r"`(tests/[^`]+)`", cell)
    assert bool(named) != (cell.strip() == "缺"), "name a test or say 缺"
    for each in named:
        path, _, name = each.partition("::")
        source = ROOT / path
        assert source.is_file(), each
        wanted = f"def {name}(" if name.startswith("test_") else name
        assert wanted in source.read_text(encoding="utf-8"), each


# -- links, pictures, addresses ---------------------------------------------------------------------


def links(text: str) -> Iterator[str]:
    yield from re.findall(r"\]\(([^)\s]+)\)", text)
    yield from re.findall(r"<img[^>]+src=\"([^\"]+)\"", text)


def anchors(text: str) -> set[str]:
    """The names a page's headings can be jumped to by."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in links(text):
        target, _, anchor = link.partition("#")
        found = (document.parent / target).resolve() if target else document
        assert found.is_relative_to(ROOT), link
        assert found.exists(), link
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), link


#: how heavy the pictures may be, in bytes: one, and all of them.
MOST_OF_ONE, MOST_OF_ALL = 80_000, 2_000_000
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)|<img src=\"([^\"]+)\" alt=\"([^\"]*)\"")


def pictures(document: Path) -> Iterator[tuple[Path, str]]:
    """Every picture a document shows, with what is read when it cannot be seen."""
    for said, linked, source, alt in PICTURE.findall(document.read_text(encoding="utf-8")):
        yield (document.parent / (linked or source)).resolve(), said or alt


def test_every_picture_is_there_to_be_shown_and_light() -> None:
    kept = {path: path.stat().st_size for path in (ROOT / "docs" / "pictures").iterdir()}
    shown = [each for document in DOCUMENTS for each in pictures(document)]
    assert sorted({path for path, _ in shown}) == sorted(kept)
    assert [path.name for path, said in shown if not re.search(r"[\u4e00-\u9fff]{4}", said)] == []
    assert [path.name for path, size in kept.items() if size >= MOST_OF_ONE] == []
    assert sum(kept.values()) < MOST_OF_ALL


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_no_document_names_an_address_of_another_machine(document: Path) -> None:
    found = re.findall(r"\w+://[^\s`）)']+", document.read_text(encoding="utf-8"))
    ours = ("http://127.0.0.1", "ws://127.0.0.1", "sqlite:///", "postgresql://")
    assert [address for address in found if not address.startswith(ours)] == []


# -- commands and settings --------------------------------------------------------------------------


def commands(found: Any, name: str = "") -> Iterator[str]:
    """Every command of the program, ``import roster`` for one inside a group."""
    for word, each in getattr(found, "commands", {}).items():
        whole = f"{name} {word}".strip()
        yield from commands(each, whole) if hasattr(each, "commands") else (whole,)


COMMANDS = tuple(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_heading_and_its_line(command: str) -> None:
    assert f"\n### jixiao {command}\n" in read("docs/manual/operator.md")
    assert f"| `jixiao {command}" in read("README.md")


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_has_its_heading(setting: str) -> None:
    manual = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/manual").glob("*.md"))
    assert f"\n### JIXIAO_{setting.upper()}\n" in manual


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_no_document_names_a_command_there_is_not(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`|&& )make ([a-z]+)", text, re.MULTILINE)) <= targets
    for words in re.findall(r"(?:`|^)jixiao ([a-z][a-z ]*)", text, re.MULTILINE):
        assert any(f"{words.strip()} ".startswith(f"{command} ") for command in COMMANDS), words
    settings = {f"JIXIAO_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"JIXIAO_[A-Z_]*[A-Z]", text)) <= settings


# -- what the documents say of the program ----------------------------------------------------------


def source() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    known = set(re.findall(r"\w+", source()))
    named = re.findall(r"`([A-Za-z_]\w*)`", read("docs/GLOSSARY.md"))
    assert len(named) > 60
    assert [name for name in named if name not in known] == []


def test_the_house_is_described_with_every_module_and_no_other() -> None:
    text = read("docs/ARCHITECTURE.md")
    there = {
        path.stem
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.stem != "__init__"
    }
    assert sorted(name for name in there if not re.search(rf"\b{name}\b", text)) == []
    paths = re.findall(r"`((?:[a-z_0-9]+/)+[\w.]*|[a-z_0-9]+\.py)`", text)
    assert [path for path in paths if "/" in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=short)
def test_files_named_in_a_document_exist(document: Path) -> None:
    named = re.findall(
        rf"`((?:{'|'.join(PACKAGES)}|tests|docs)/[\w./-]*)`", document.read_text(encoding="utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


def test_the_example_of_a_conversation_is_a_conversation() -> None:
    text = read("docs/manual/chat-files.md")
    example = text.partition("```\n")[2].partition("```")[0]
    lines = set(read("tests/conversations/在办.chat").splitlines())
    assert example.startswith("# ")
    assert [line for line in example.splitlines() if line not in lines] == []


def test_the_fault_buttons_are_described() -> None:
    described = re.findall(r"^\| ([^|]+) \|", read("docs/manual/simulator.md"), re.MULTILINE)
    assert [label for label in BUTTONS.values() if label not in described] == []
    named = re.findall(
        r"`([a-z_]+)` [^、`|]+",
        read("docs/manual/chat-files.md").partition("given 故障")[2].partition("\n")[0],
    )
    assert named
    for name in named:
        assert arm(name, Armed(), Faults(), START)[0]
