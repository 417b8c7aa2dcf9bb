"""附表1 in one place: its values, what is asked, what is checked and required, and the filled form (DOMAIN §1.3)."""

from regulation.annex1 import Annex1, Annex1Row, Check, Entry, Field, FieldKind, Weight
from regulation.checks import checks, required_texts
from regulation.composing import compose, draft_deviation, draft_situation, printed_actual
from regulation.fields import fields, reported, sources_asked

__all__ = [
    "Annex1",
    "Annex1Row",
    "Check",
    "Entry",
    "Field",
    "FieldKind",
    "Weight",
    "checks",
    "compose",
    "draft_deviation",
    "draft_situation",
    "fields",
    "printed_actual",
    "reported",
    "required_texts",
    "sources_asked",
]
