"""The demonstration district on the local chat platforms: its people as members there, and how to connect to it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from intake.demo import demo_roster
from intake.export import write_roster
from regulation.roster import Role, Roster
from sandbox.clock import SharedClock
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Agent, Bot, Corp, Department, Member

PLATFORMS = ("dingtalk", "wecom")
#: what the local 企业微信 is set up with; nothing secret about it.
CORP, AGENT, BOT = "wwlocalsandbox01", 1000002, "local-bot"
SECRET, BOT_SECRET, TOKEN = "local-app-secret", "local-bot-secret", "LocalToken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#: numbers of the departments in the local directory; 1 is the root.
FIRST_DEPARTMENT = 2


def local_roster(roster: Roster | None = None) -> Roster:
    """The district with everybody's rehearsal account as the account on every local platform, in lower case."""
    roster = roster or demo_roster()
    people = []
    for person in roster.people:
        own = next((user for name, user in person.identities if name == "simulator"), "")
        added = tuple((name, own.lower()) for name in PLATFORMS) if own else ()
        kept = tuple(each for each in person.identities if each[0] not in PLATFORMS)
        people.append(replace(person, identities=(*kept, *added)))
    return replace(roster, people=tuple(people))


def roster_on(platform: str) -> Roster:
    """The invented district, its people with an account on one platform only."""
    roster = local_roster()
    people = [
        replace(p, identities=tuple(each for each in p.identities if each[0] == platform))
        for p in roster.people
    ]
    return replace(roster, people=tuple(people))


def write_workbook(roster: Roster, path: Path) -> None:
    """The roster as the workbook an operator imports."""
    path.write_bytes(write_roster(roster))


def wecom_corp(roster: Roster, callback: str) -> Corp:
    """The district as an organisation of 企业微信: one department each, heads as its leaders, the app, the bot."""
    corp = Corp(corp_id=CORP, directory_secret="local-directory-secret")
    numbers = {d.id: n for n, d in enumerate(roster.departments, FIRST_DEPARTMENT)}
    for department in roster.departments:
        corp.departments[numbers[department.id]] = Department(numbers[department.id], department.name, 1)
    units = {unit.id: unit.department_id for unit in roster.units}
    for person in roster.people:
        user = dict(person.identities).get("wecom")
        if user is None or not person.active:
            continue
        scopes = {units.get(duty.scope_id, duty.scope_id) for duty in person.duties}
        belongs = tuple(sorted(numbers[scope] for scope in scopes if scope in numbers)) or (1,)
        leads = tuple(
            numbers[duty.scope_id]
            for duty in person.duties
            if duty.role is Role.DEPARTMENT_HEAD and duty.scope_id in numbers
        )
        corp.add(Member(user, person.name, belongs, leads))
    corp.agents[AGENT] = Agent(AGENT, SECRET, url=callback, token=TOKEN, aes_key=AES_KEY)
    corp.bots[BOT] = Bot(BOT, BOT_SECRET)
    return corp


def wecom_settings(base: str, *, app: bool = True, bot: bool = True) -> Mapping[str, str]:
    """The environment that points ``jixiao run`` to the local 企业微信 at ``base``."""
    found: dict[str, str] = {}
    if app:
        found |= {
            "JIXIAO_WECOM_CORP": CORP,
            "JIXIAO_WECOM_AGENT": str(AGENT),
            "JIXIAO_WECOM_SECRET": SECRET,
            "JIXIAO_WECOM_TOKEN": TOKEN,
            "JIXIAO_WECOM_AES_KEY": AES_KEY,
            "JIXIAO_WECOM_API": f"{base}/cgi-bin/",
        }
    if bot:
        found |= {
            "JIXIAO_WECOM_BOT_ID": BOT,
            "JIXIAO_WECOM_BOT_SECRET": BOT_SECRET,
            "JIXIAO_WECOM_BOT_GATEWAY": f"ws{base.removeprefix('http')}/bot",
            "JIXIAO_WECOM_FILE_HOSTS": "127.0.0.1",
        }
    return found


async def serve_wecom(roster: Roster, port: int, callback: str, clock: SharedClock) -> None:
    """Serve until interrupted, by that clock."""
    async with Box(wecom_corp(roster, callback), clock=clock, port=port) as box:
        await until_interrupted("企业微信", box.base, clock, wecom_settings(box.base))


async def until_interrupted(name: str, base: str, clock: SharedClock, settings: Mapping[str, str]) -> None:
    """Say where it is, what time it is there and how to be connected, and wait."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print(f"本机{name}：{base}/sandbox/ （按 Ctrl+C 结束）。")
    print(f"钟现在是 {clock.now():%Y-%m-%d %H:%M}，记在 {clock.file}，在网页上拨。")
    print("绩监通这样设，写进 .env（jixiao sandbox settings > .env 也行）：")
    print("\n".join(lines({**clock_setting(clock.file), **settings})), flush=True)
    await stop.wait()


def clock_setting(file: Path) -> Mapping[str, str]:
    """By what time the program lives."""
    return {"JIXIAO_CLOCK": str(file.absolute())}


def lines(settings: Mapping[str, str]) -> list[str]:
    """As they stand in a .env file."""
    return [f"{name}={value}" for name, value in settings.items()]
