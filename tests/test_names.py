"""Our top-level names are ours alone, and nothing in the tree names a place to download from."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = (
    "regulation",
    "bot",
    "storage",
    "scheduler",
    "platforms",
    "reports",
    "web",
    "intake",
    "rehearsal",
    "sandbox",
)


@pytest.mark.parametrize("name", OURS)
def test_no_other_distribution_installs_our_name(name):
    """PyPI has other distributions with a top-level ``scheduler`` or ``web``; the later one would win."""
    assert set(packages_distributions().get(name, ())) <= {"jixiao"}


@pytest.mark.parametrize("name", OURS)
def test_our_name_is_imported_from_here(name):
    module = __import__(name)
    assert Path(module.__file__ or "").is_relative_to(ROOT)
    assert name not in sys.stdlib_module_names


def test_the_names_are_the_packages_that_are_installed():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    include = settings["tool"]["setuptools"]["packages"]["find"]["include"]
    folders = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}
    assert {pattern.rstrip("*") for pattern in include} == set(OURS) == folders


REQUIREMENTS = sorted((ROOT / "requirements").iterdir())


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda p: p.name)
def test_l05_requirements_name_no_download_address(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|git\+|--index-url|--find-links|\sfile:", text)


def test_l05_every_locked_package_has_its_hashes():
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        pinned = [line for line in lines if line and not line.lstrip().startswith(("#", "-"))]
        assert pinned
        assert [line.split()[0] for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
