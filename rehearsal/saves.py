"""Kept moments of a rehearsal: the database copied by its backup API, the phones' record and the clock."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from storage.store import Store

#: automatic saves beyond this are dropped, oldest first.
AUTOMATIC_KEPT = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """One moment. ``length`` is how many lines the phones' record had."""

    id: str
    at: datetime
    length: int
    label: str
    automatic: bool


class Saves:
    """The saves of one rehearsal folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = folder / "saves"
        self.shelf.mkdir(parents=True, exist_ok=True)

    def _all(self) -> list[Kept]:
        found = (json.loads(path.read_text()) for path in sorted(self.shelf.glob("*.json")))
        return [Kept(**{**raw, "at": datetime.fromisoformat(raw["at"])}) for raw in found]

    def keep(self, store: Store, at: datetime, length: int, label: str, *, automatic: bool) -> str:
        """Keep the present; its id. The small JSON file is written last, so a torn save does not exist."""
        number = max((int(kept.id) for kept in self._all()), default=0) + 1
        kept = Kept(f"{number:05d}", at, length, label, automatic)
        store.snapshot(self.shelf / f"{kept.id}.sqlite")
        phones = self.folder / "phones.jsonl"
        if phones.exists():
            shutil.copy(phones, self.shelf / f"{kept.id}.phones")
        raw = {**asdict(kept), "at": at.isoformat()}
        (self.shelf / f"{kept.id}.json").write_text(json.dumps(raw, ensure_ascii=False))
        self._forget_old()
        return kept.id

    def _forget_old(self) -> None:
        automatic = [kept for kept in self._all() if kept.automatic]
        for kept in automatic[:-AUTOMATIC_KEPT]:
            for path in self.shelf.glob(f"{kept.id}.*"):
                path.unlink()

    def listed(self) -> list[tuple[str, str]]:
        """(id, label) of the saves somebody made on purpose, newest first."""
        return [(kept.id, kept.label) for kept in reversed(self._all()) if not kept.automatic]

    def by_length(self) -> dict[int, str]:
        """After which line of the record each save was made."""
        return {kept.length: kept.id for kept in self._all()}

    def find(self, save_id: str) -> Kept | None:
        """The save of that id."""
        return next((kept for kept in self._all() if kept.id == save_id), None)

    def put_back(self, kept: Kept) -> None:
        """Make a kept moment the present; later automatic saves belong to a future that did not happen."""
        for leftover in self.folder.glob("rehearsal.sqlite*"):
            leftover.unlink()
        shutil.copy(self.shelf / f"{kept.id}.sqlite", self.folder / "rehearsal.sqlite")
        shutil.copy(self.shelf / f"{kept.id}.phones", self.folder / "phones.jsonl")
        for later in self._all():
            if later.automatic and later.id > kept.id:
                for path in self.shelf.glob(f"{later.id}.*"):
                    path.unlink()
