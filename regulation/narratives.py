"""The narratives of 附表2 and 附表3: drafted from the units' texts, edited by people, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from regulation.annex1 import Entry
from regulation.basis import UnitForm
from regulation.composing import NO_DEVIATION
from regulation.findings import Reported
from regulation.provenance import Passage, Sentence, Source
from regulation.roster import AttainmentLikelihood

#: the narratives and the texts of 附表1 each is drafted from.
ORIGINS = {"work": "situation", "situation": "situation", "deviation": "reason", "plan": "plan"}
#: at most so many units are quoted in one cell; the others are counted by name.
MOST = 12
NOTHING = frozenset({"", "无", NO_DEVIATION, f"{NO_DEVIATION}。", "无偏差", "无偏差。"})
_UNSURE = frozenset({AttainmentLikelihood.UNLIKELY, AttainmentLikelihood.IMPOSSIBLE})
_ENDS = ("。", "！", "？", "；")
#: one sentence: up to its end mark, or a whole line.
_SENTENCE = re.compile(r"[^。！？\n]*[。！？]|[^。！？\n]+")


def draft(forms: Sequence[UnitForm], kind: str) -> Passage:
    """The narrative of that kind (a key of :data:`ORIGINS`) as the units' own words, each with its unit and cell.

    Where the departure from plan is told, only forms that have one speak, those in doubt first."""
    key = ORIGINS[kind]
    speaking = [form for form in forms if _says(form, key)]
    if key != "situation":
        speaking.sort(key=lambda form: not is_unsure(form.figures))
    told = [quoted(form, key) for form in speaking[:MOST]]
    return Passage((*told, *_rest(speaking[MOST:], key)))


def is_unsure(figures: Reported) -> bool:
    """Whether some indicator of a form is 可能性小 or 不可能."""
    return not _UNSURE.isdisjoint(figures.likelihoods.values())


def quoted(form: UnitForm, key: str) -> Sentence:
    """One unit's words about one project: ``新桥小学《校舍安全改造》：招标晚。``."""
    words = form.text(key).strip()
    if key == "reason":
        words = "".join(filter(None, (form.text("deviation"), words)))
    end = "" if words.endswith(_ENDS) else "。"
    text = f"{form.unit.name}《{form.project.name}》：{words}{end}"
    return Sentence(text, form.source(key, form.text(key)))


def _says(form: UnitForm, key: str) -> bool:
    words = form.text(key).strip()
    if key == "plan":  # a plan belongs to a departure; without one it is routine
        return words not in NOTHING and (
            form.text("reason").strip() not in NOTHING or is_unsure(form.figures)
        )
    return words not in NOTHING


def _rest(forms: Sequence[UnitForm], key: str) -> Iterator[Sentence]:
    if not forms:
        return
    units = "、".join(list(dict.fromkeys(form.unit.name for form in forms))[:5])
    more = "等单位" if len({form.unit.name for form in forms}) > 5 else ""
    yield Sentence(f"另有{len(forms)}个项目（{units}{more}），见各单位附表1。")


# -- what people made of a draft ---------------------------------------------------------------------


def edited(passage: Passage, text: str, forms: Mapping[str, UnitForm]) -> Passage:
    """The passage after somebody sent back ``text``: sentences left as they were keep their source and stay drafts,
    a changed one rests on the same cell as it is filed now, a new one is the department's own."""
    written = split(text)
    known = [sentence.text for sentence in passage.sentences]
    made: list[Sentence] = []
    # Units' words may hold several end marks: what was left alone is found as a whole first.
    pieces = _regroup(written, known)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, known, pieces, autojunk=False).get_opcodes():
        if tag == "equal":
            made += passage.sentences[i1:i2]
        elif tag in ("replace", "insert"):
            made += _changed(passage.sentences[i1:i2], pieces[j1:j2], forms)
    return Passage(tuple(made))


def _changed(
    before: Sequence[Sentence], after: Sequence[str], forms: Mapping[str, UnitForm]
) -> Iterator[Sentence]:
    for at, text in enumerate(after):
        source = before[min(at, len(before) - 1)].source if before else None
        yield Sentence(text, _present(source, forms), edited=True)


def confirmed(passage: Passage, forms: Mapping[str, UnitForm]) -> Passage:
    """The same words after somebody looked at what turned yellow and let them stand: they rest on the cells as filed
    now. What rests on a form that is gone stays marked."""
    return Passage(
        tuple(
            replace(each, source=_present(each.source, forms), edited=True, stale=False)
            if each.stale and each.source and each.source.project_id in forms
            else each
            for each in passage.sentences
        )
    )


def _present(source: Source | None, forms: Mapping[str, UnitForm]) -> Source | None:
    form = forms.get(source.project_id) if source else None
    return form.source(source.key, form.text(source.key)) if form and source else source


def split(text: str) -> list[str]:
    """A text as sentences, blank parts left out, every one with its own end mark."""
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


def _regroup(pieces: Sequence[str], known: Sequence[str]) -> list[str]:
    """Pieces that together are one known sentence become one again."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        for sentence in known:
            count = len(split(sentence))
            if pieces[at : at + count] == split(sentence):
                found.append(sentence)
                at += count
                break
        else:
            found.append(pieces[at])
            at += 1
    return found


def redrafted(passage: Passage, forms: Mapping[str, UnitForm]) -> Passage:
    """The passage with the units' newest words: sentences nobody touched follow their source, edited ones stay and
    are stale where the source has been filed anew; a sentence whose form was taken back is stale too."""
    return Passage(tuple(_followed(sentence, forms) for sentence in passage.sentences))


def _followed(sentence: Sentence, forms: Mapping[str, UnitForm]) -> Sentence:
    source = sentence.source
    if source is None:
        return sentence
    form = forms.get(source.project_id)
    if form is not None and form.version == source.version:
        return replace(sentence, stale=False)
    if form is None or sentence.edited:
        return replace(sentence, stale=True)
    return quoted(form, source.key)


# -- kept as entries ---------------------------------------------------------------------------------

#: what the ``text`` of a sentence's entry holds: ``p017:2:reason``, empty for the department's own words.
_REFERENCE = re.compile(r"([\w.-]+):(\d+):(\w+)")


def sentence_entries(key: str, passage: Passage, message: str = "") -> Iterator[tuple[str, Entry]]:
    """A passage as entries ``key.1``, ``key.2``…: the sentence, the cell it came from, the message that wrote it."""
    for position, sentence in enumerate(passage.sentences, 1):
        source = sentence.source
        reference = f"{source.project_id}:{source.version}:{source.key}" if source else ""
        own = sentence.edited or source is None
        yield f"{key}.{position}", Entry(sentence.text, reference, message if own else "")


def read_passage(key: str, entries: Mapping[str, Entry], forms: Mapping[str, UnitForm]) -> Passage | None:
    """The passage kept under ``key``, None when nobody wrote one; sources named by what is known of the forms."""
    kept: list[Sentence] = []
    while (entry := entries.get(f"{key}.{len(kept) + 1}")) is not None:
        kept.append(_sentence(entry, forms))
    return Passage(tuple(kept)) if kept else None


def _sentence(entry: Entry, forms: Mapping[str, UnitForm]) -> Sentence:
    found = _REFERENCE.fullmatch(entry.text)
    if not found:
        return Sentence(entry.value, None, edited=bool(entry.message))
    project_id, version, key = found[1], int(found[2]), found[3]
    form = forms.get(project_id)
    source = (
        replace(form.source(key, ""), version=version)
        if form
        else Source("", project_id, project_id, key, key, "", version)
    )
    return Sentence(entry.value, source, edited=bool(entry.message))
