"""The organisation: departments, people, what their phones can do and which of them an app may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ROOT = 1
NUMBER_FIELDS = (7, 6, 35)
FORMS = (7, 6, 0)


@dataclass(frozen=True, slots=True)
class Department:
    """One department; the root has id 1."""

    id: int
    name: str
    parent: int = ROOT


@dataclass(slots=True)
class Person:
    """One member. ``client`` is the version of the app on the phone; ``visible``: inside the app's 可使用范围."""

    user_id: str
    name: str
    departments: tuple[int, ...] = (ROOT,)
    leads: tuple[int, ...] = ()
    title: str = ""
    mobile: str = ""
    manager: str = ""
    client: str = "8.1.0"
    visible: bool = True
    active: bool = True
    broken: bool = False  # whatever is sent to this person fails
    corp: str = ""  # of another organisation, in a group with ours
    slowed: bool = False  # robot messages to this person are flow controlled

    @property
    def union_id(self) -> str:
        """The id that is the same for all apps of one developer."""
        return f"un{self.user_id}iEiE"

    @property
    def version(self) -> tuple[int, ...]:
        """The client's version to compare with."""
        return tuple(int(part) for part in self.client.split("."))


@dataclass(slots=True)
class Directory:
    """Everybody. ``corp_id`` names the organisation."""

    people: dict[str, Person] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=lambda: {ROOT: Department(ROOT, "本单位", 0)})
    corp_id: str = "dingsandboxcorp"

    def add(self, people: Iterable[Person], departments: Iterable[Department] = ()) -> None:
        """More of the organisation; the same id again replaces."""
        self.departments |= {department.id: department for department in departments}
        self.people |= {person.user_id: person for person in people}

    def reach(self, user_id: str) -> Person | None:
        """The person an app can address under that userId."""
        person = self.people.get(user_id)
        return person if person and person.active and person.visible else None

    def by_union(self, union_id: str) -> Person | None:
        """The person with that unionId."""
        return next((p for p in self.people.values() if p.union_id == union_id), None)

    def members(self, department: int) -> list[Person]:
        """Direct members the app may see."""
        return [p for p in self.people.values() if department in p.departments and p.visible and p.active]

    def below(self, department: int) -> list[Department]:
        """Direct sub-departments."""
        return [d for d in self.departments.values() if d.parent == department and d.id != department]
