"""公开: one person of a department proposes, another looks at the very file and lets it out (第十七条)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards import rulings as cards
from bot.cards.card import Attachment, Button, Card, Style, Tone
from bot.cards.plain import refusal, told
from bot.cards.words import clock
from bot.effects import DecideRelease, Effect, ProposeRelease, Send
from bot.handlers import scopes
from bot.people import Action
from bot.turn import Case, Handler, Turn
from regulation.consolidation import consolidate
from regulation.disclosure import Publication, omissions_said, public_report, publishable
from regulation.problems import problem
from regulation.releasing import RELEASE_LABELS, Release, ReleaseState
from regulation.reporting import REPORT_STATE_LABELS, Report, ReportState
from regulation.roster import Department
from regulation.rounds import MonitoringRound

#: what finance has accepted may be published; the 办法 names no day.
ACCEPTED = frozenset({ReportState.APPROVED, ReportState.CLOSED})
#: more of what was taken out than this is summed up.
SHOWN = 6
NEXT = {
    ReleaseState.RELEASED: "提请的人会知道。就用这一份，按政府信息公开的程序发布。",
    ReleaseState.REFUSED: "提请的人会知道。改好以后可以再提。",
}


def start(case: Case) -> Turn:
    """公开: where the person's department stands, and what can be proposed."""
    mine = [d for d in scopes.own(case) if case.argument in d.name]
    if not mine:
        return case.say(refusal(problem("person.may_not")))
    return case.say(*(_overview(case, department, case.world.round) for department in mine[:3]))


def _overview(case: Case, department: Department, round: MonitoringRound) -> Card:
    records = case.world.records
    report, known = records.report(department.id, round), records.releases(department.id, round)
    subject = f"{round.code}:{department.id}"
    title = f"{department.name} {round.short}信息公开"
    if report.state not in ACCEPTED:
        state = REPORT_STATE_LABELS[report.state]
        return cards.release(
            title, f"附表2、3 现在是“{state}”", "财政审核通过以后才能公开。", (), (), subject
        )
    kept = "\n".join(_line(case, each) for each in known[-4:]) or "还没有提过。"
    buttons = (
        Button(f"release_propose:{subject}", "提请公开", Style.PRIMARY),
        *((Button(f"release_look:{subject}", "看待确认的"),) if _open(known) else ()),
    )
    text = f"{_filtered(_publication(case, department, round, report))}\n{kept}"
    name = f"公开件预览_{department.name}_{round.label}.zip"
    files = (Attachment("disclosure.zip", subject, report.version, name),)
    return cards.release(title, f"附表2、3 版本 {report.version} 已通过", text, buttons, files, subject)


def _publication(case: Case, department: Department, round: MonitoringRound, report: Report) -> Publication:
    """What would be published, and what would be taken out."""
    records = case.world.records
    basis = records.basis_at(department.id, round, report.version)
    entries = records.report_entries(department.id, round, report.version)
    annex2 = consolidate(basis, entries, case.world.rules_of(round), frozen=True).annex2
    return publishable(public_report(basis, annex2), records.known_names())


def _filtered(publication: Publication) -> str:
    """What two people have to look at: what is left out, word by word."""
    said = omissions_said(publication.omissions)
    more = f"\n……共 {len(said)} 处" if len(said) > SHOWN else ""
    taken = (
        "去掉的：\n" + "\n".join(said[:SHOWN]) + more
        if said
        else "没有发现人名、电话、账号一类要去掉的内容。"
    )
    withheld = [f"{name}（{reason}）" for name, reason in publication.withheld]
    return taken + (f"\n整个不公开：{'、'.join(withheld)}" if withheld else "")


def _line(case: Case, each: Release) -> str:
    person = case.world.records.person(each.proposed_by)
    name = person.name if person else each.proposed_by
    return f"{clock(each.proposed_at)} {name}提 · 校验 {each.digest[:8]} · {RELEASE_LABELS[each.state]}"


def _open(known: Sequence[Release]) -> Release | None:
    """The newest package nobody has decided on."""
    waiting = [each for each in known if each.state is ReleaseState.PROPOSED]
    return waiting[-1] if waiting else None


def _named(case: Case) -> tuple[MonitoringRound, Department] | None:
    found = scopes.parts(case.argument)
    if found is None or not scopes.allowed(case, Action.PUBLISH, found[1], found[0]):
        return None
    return found[0], case.world.records.department(found[1])


def propose(case: Case) -> Turn:
    """提请公开: the package is drawn and frozen; everybody else who may let it out is asked."""
    found = _named(case)
    if found is None:
        return case.say(refusal(problem("person.may_not")))
    round, department = found
    report = case.world.records.report(department.id, round)
    if report.state not in ACCEPTED:
        return case.say(_overview(case, department, round))
    known = case.world.records.releases(department.id, round)
    if any(each.version == report.version and each.state is ReleaseState.RELEASED for each in known):
        return case.say(told("这一版已经同意公开过", "报表没有新版本，不用再提。"))
    others = [p for p in scopes.office_of(case, department.id, heads=True) if p != case.person.id]
    if not others:
        return case.say(refusal(problem("release.alone", department=department.name)))
    subject = f"{round.code}:{department.id}"
    ask = cards.release(
        f"请您看一遍：{department.name} {round.short}公开件",
        f"{case.person.name}提请公开 · 要第二个人看过",
        "打开文件逐项看，没有不该公开的再同意。",
        (Button(f"release_look:{subject}", "看公开件", Style.PRIMARY),),
        (),
        subject,
    )
    effects: tuple[Effect, ...] = (
        ProposeRelease(department.id, round, report.version),
        *(Send(person, ask, f"release:{subject}:{case.event.id}") for person in others),
        case.reply(
            told("✓ 已提请公开", "文件已冻结，等第二个人看过。他看到的就是公开的那一份。", tone=Tone.GOOD)
        ),
    )
    return Turn(case.session, effects)


def look(case: Case) -> Turn:
    """The frozen file, with the decision below it for anybody but who proposed it."""
    found = _named(case)
    waiting = _open(case.world.records.releases(found[1].id, found[0])) if found else None
    if found is None or waiting is None:
        return case.say(refusal(problem("release.none")))
    round, department = found
    subject = f"{round.code}:{department.id}"
    name = f"绩效监控信息公开_{department.name}_{round.label}.zip"
    card = cards.release(
        f"{department.name} {round.short}公开件",
        _line(case, waiting),
        f"文件 {waiting.size:,} 字节，校验 {waiting.digest[:16]}。同意以后，公开的就是这一份。",
        tuple(_decisions(case, waiting, subject)),
        (Attachment("release.zip", f"{subject}:{waiting.digest}", waiting.version, name),),
        f"{subject}:{waiting.digest}",
    )
    return case.say(card)


def _decisions(case: Case, waiting: Release, subject: str) -> Iterator[Button]:
    if waiting.proposed_by != case.person.id:
        yield Button(f"release_out:{subject}", "同意公开", Style.PRIMARY)
        yield Button(f"release_hold:{subject}", "不同意")


def decide(case: Case, state: ReleaseState) -> Turn:
    """The file on the tapped card, decided by somebody who did not propose it."""
    found = _named(case)
    digest = case.bound.subject.rpartition(":")[2] if case.bound else ""
    known = case.world.records.releases(found[1].id, found[0]) if found else ()
    waiting = next((each for each in known if each.digest == digest), None)
    if found is None or waiting is None or waiting.proposed_by == case.person.id:
        return case.say(refusal(problem("release.second")))
    if waiting.state is not ReleaseState.PROPOSED:
        return case.say(refusal(problem("order.moved_on", state=RELEASE_LABELS[waiting.state])))
    round, department = found
    said = f"{case.person.name}：{RELEASE_LABELS[state]}"
    news = told(f"{department.name} {round.short}公开件", f"{said}，校验 {digest[:16]}。")
    return Turn(
        case.session,
        (
            DecideRelease(department.id, round, digest, state),
            Send(waiting.proposed_by, news, f"release:{digest[:12]}:{state}"),
            case.reply(told(f"✓ {RELEASE_LABELS[state]}", NEXT[state], tone=Tone.GOOD)),
        ),
    )


def let_out(case: Case) -> Turn:
    """同意公开."""
    return decide(case, ReleaseState.RELEASED)


def hold_back(case: Case) -> Turn:
    """不同意."""
    return decide(case, ReleaseState.REFUSED)


HANDLER = Handler(
    name="publishing",
    words={"公开": start},
    actions={
        "release_propose": propose,
        "release_look": look,
        "release_out": let_out,
        "release_hold": hold_back,
    },
)
