"""What directories say otherwise: compared, read once a night, told in the morning, applied only on a word."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.directory import compare
from bot.nightly import read_directories
from bot.ports import Contact
from regulation.problems import problem
from regulation.proposals import ProposalKind
from regulation.roster import Duty, Person, ResponsibleUnit, Role
from tests.bot.office import Office, moment, titles, words

UNITS = (
    ResponsibleUnit("u1", "d1", "新桥小学"),
    ResponsibleUnit("u2", "d1", "实验幼儿园"),
    ResponsibleUnit("u3", "d2", "区图书馆"),
)
ZHANG = Person("zhang", "张敏", (Duty(Role.FILLER, "u1"),), (("wecom", "ZhangMin"),))
LI = Person("li", "李强", (Duty(Role.FILLER, "u2"),), (("dingtalk", "li"),))
TWIN = Person("twin", "李强", (Duty(Role.FILLER, "u3"),))
GONE = Person("gone", "赵离", active=False, identities=(("wecom", "gone"),))
PEOPLE = (ZHANG, LI, TWIN, GONE)
HERE = Contact("zhangmin", "张敏", ("新桥小学",))


def found(*contacts: Contact, people: Sequence[Person] = PEOPLE) -> set[tuple[str, str, str]]:
    return {(p.kind.value, p.person_id, p.value) for p in compare("wecom", contacts, people, UNITS).proposals}


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ((HERE,), set()),  # an account is the same whatever its case
        ((replace(HERE, name="张敏敏"),), {("rename", "zhang", "张敏敏")}),
        ((replace(HERE, name="  "),), set()),
        ((HERE, Contact("x1", "李强", ("区图书馆",))), {("bind", "li", "李强"), ("bind", "twin", "李强")}),
        (
            (
                HERE,
                Contact("x2", "没见过"),
            ),
            set(),
        ),
        (
            (
                HERE,
                Contact("x3", "赵离"),
            ),
            set(),
        ),  # who left is not bound again by a name
        ((replace(HERE, leads=("新桥小学",)),), {("leads", "zhang", "u1")}),
        ((replace(HERE, leads=("图书馆",)),), {("leads", "zhang", "u3")}),
        ((replace(HERE, leads=("财务部",)),), set()),
        ((Contact("other", "别人"),), {("gone", "zhang", "")}),
        ((), set()),  # an empty directory is no news of anybody
    ],
)
def test_each_difference_is_a_proposal_of_its_own(contacts, expected):
    assert found(*contacts) == expected


def test_an_account_of_the_same_name_is_proposed_only_for_people_without_one():
    assert found(HERE, Contact("another", "张敏")) == set()


def test_a_head_is_not_proposed_as_what_they_are():
    head = replace(ZHANG, duties=(Duty(Role.UNIT_HEAD, "u1"),))
    assert found(replace(HERE, leads=("新桥小学",)), people=(head,)) == set()


def test_a_directory_read_by_half_calls_nobody_gone():
    many = tuple(Person(f"p{n}", f"人{n}", identities=(("wecom", f"w{n}"),)) for n in range(20))
    few = tuple(Contact(f"w{n}", f"人{n}") for n in range(15))
    half = compare("wecom", few, many, UNITS)
    assert (half.proposals, half.unsure) == ((), 5)
    most = compare("wecom", (*few, Contact("w15", "人15")), many, UNITS)
    assert {p.person_id for p in most.proposals} == {"p16", "p17", "p18", "p19"}
    assert {p.kind for p in most.proposals} == {ProposalKind.GONE}


class Platform:
    """A directory that says what it is told to, and counts how often it is asked."""

    name = "simulator"

    def __init__(self, contacts: Sequence[Contact] | Exception | None) -> None:
        self.contacts = contacts
        self.asked = 0

    async def directory(self) -> Sequence[Contact] | None:
        self.asked += 1
        if isinstance(self.contacts, Exception):
            raise self.contacts
        return self.contacts


def at(office: Office, platform: Platform, text: str) -> int:
    return asyncio.run(read_directories(office.stage.app, (platform,), moment(text)))


def everybody(office: Office) -> list[Contact]:
    with office.stage.store.read() as tx:
        return [Contact(user, p.name) for p in tx.people() for _, user in p.identities]


def proposals(office: Office) -> int:
    with office.stage.store.read() as tx:
        return len(tx.proposals())


def test_it_is_read_once_a_night_and_told_once_in_the_morning(office):
    platform = Platform([c for c in everybody(office) if c.user_id != "zhoulei"])
    assert at(office, platform, "10-09 01:59") == 0
    assert platform.asked == 0
    assert at(office, platform, "10-09 02:00") == 1
    assert at(office, platform, "10-09 02:01") == at(office, platform, "10-09 23:59") == 0
    assert platform.asked == 1
    assert office.heard("admin", "directory:") == []  # nobody is woken for it
    office.clock("10-09 09:05")
    assert titles(office.heard("admin", "directory:")) == ["通讯录和名册有 1 处不一样"]
    assert at(office, platform, "10-10 02:00") == 1  # nobody decided: once more, the next day
    office.clock("10-10 09:05")
    assert len(office.heard("admin", "directory:")) == 2
    with office.stage.store.read() as tx:
        assert tx.person("zhoulei").active


@pytest.mark.parametrize("broken", [None, OSError("no way out")])
def test_a_directory_that_cannot_be_read_is_tried_again_the_next_hour(office, broken):
    platform = Platform(broken)
    assert [at(office, platform, f"10-09 {t}") for t in ("02:00", "02:30", "03:00")] == [0, 0, 0]
    assert platform.asked == 2
    platform.contacts = everybody(office)
    assert at(office, platform, "10-09 04:00") == 0  # nothing differs: nothing to tell
    assert at(office, platform, "10-09 05:00") == 0
    assert platform.asked == 3
    assert proposals(office) == 0


def test_an_account_that_is_somebody_elses_by_now_is_not_taken(office):
    with office.stage.store.begin() as tx:
        tx.unbind_identity("wufang", "simulator", moment("10-08 09:00"), "test")
    platform = Platform([*everybody(office), Contact("wx9", "吴芳", ("新桥小学",))])
    at(office, platform, "10-09 02:00")
    office.clock("10-09 09:05")
    with office.stage.store.begin() as tx:
        tx.unbind_identity("zhoulei", "simulator", moment("10-09 09:00"), "test")
        tx.bind_identity("zhoulei", "simulator", "wx9", moment("10-09 09:00"), "test")
    assert problem("directory.taken", name="周蕾").text in words(office.tap("admin", "采纳 1"))
    assert proposals(office) == 1
