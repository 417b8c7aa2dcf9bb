"""The dated values of the rules; the one place in this package that opens a file (its own data, read-only)."""

from importlib.resources import files


def read(name: str) -> str:
    """The text of one parameter file, e.g. ``thresholds.toml``."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
