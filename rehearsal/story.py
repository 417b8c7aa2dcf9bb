"""The story a newcomer opens on: 2026-10-08, 张敏 has a card; and how its database is prepared."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot import forms
from bot.law import shipped_law
from intake.demo import demo_q2, demo_roster
from platforms.simulator.phones import Phones
from regulation.annexes import Entry
from regulation.filing import Draft, FilingAction, FilingState
from regulation.roster import Project, Roster
from regulation.rounds import MonitoringRound
from regulation.thresholds import thresholds_on
from storage.store import Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: the rehearsal begins when the round opens and is played up to the morning the newcomer meets it.
BEGINS = datetime(2026, 9, 30, 8, 0, tzinfo=SHANGHAI)
START = datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
#: the people shown first, in this order (simulator user ids).
CAST = ("zhangmin", "liqiang", "wangju", "sunxiao", "wufang", "zhoulei", "chenjing", "admin")
#: the morning the department head hears who is late.
OVERDUE = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
LINE = "回一条：支出201.35 到位256 1=36 2=930 3同 4同 5同 6同 7=6.4 8=1260 9=96 10=2"
Q2 = MonitoringRound(2026, 2)
Q2_FILED = datetime(2026, 7, 8, 10, 0, tzinfo=SHANGHAI)


def prepare(store: Store, roster: Roster | None = None) -> None:
    """The invented district, or the part of it given, with its second quarter filed."""
    roster = roster or demo_roster()
    projects = {project.id: project for project in roster.projects}
    with store.begin() as tx:
        tx.set_kind("rehearsal", BEGINS, "demo")
        tx.import_roster(roster, BEGINS, "demo")
        for project_id, answers in demo_q2():
            if project_id not in projects:
                continue
            entries = _entries(projects[project_id], dict(answers))
            tx.save_figures(
                project_id,
                Q2,
                base_version=0,
                entries=tuple(entries),
                action=FilingAction.SUBMIT,
                state=FilingState.FILED,
                late=False,
                at=Q2_FILED,
                by=projects[project_id].filler_id,
            )


def _entries(project: Project, answers: dict[str, str]) -> list[tuple[str, Entry]]:
    """The demo's second quarter through the same parsing as everybody's; a mistake in it is our own."""
    rules = thresholds_on(shipped_law().thresholds, Q2.last_day)
    form = forms.Form(project, "", Q2, Draft(project.id, Q2, project.filler_id, 0, ()))
    taken, problems = forms.take(form, answers.items(), f"demo:q2:{project.id}", Q2_FILED)
    if problems:
        raise ValueError(f"demo data of {project.id}: {problems}")
    return list(
        forms.review(forms.accept(taken, "demo:q2", Q2_FILED), rules, Q2_FILED.date()).entries.items()
    )


def hints(phones: Phones, now: datetime) -> list[str]:
    """What to click next, by how far the story has gone."""
    said = [seen.payload for seen in phones.everything() if seen.mine]
    own = [payload for payload in said if payload.get("user") == "zhangmin"]
    if not own:
        return ["选张敏，点卡片上的“去填报”", LINE, "照卡片补上原因和改进，点“确认提交”"]
    if not any(payload.get("type") in ("text", "fill") for payload in own):
        return ["在卡片里填数，点“填好了”", LINE]
    if not any(payload.get("action") == "submit" for payload in own):
        return ["照卡片补上原因和改进，点“确认提交”"]
    if now < OVERDUE:
        return ["选李强，看偏离提醒、图和数字来源", "点“+3 天”，再点“到下一个节点”，期限就过了"]
    if not any(str(payload.get("action", "")).startswith("nudge") for payload in said):
        return ["选王志远，看逾期，点“一键催办”"]
    return ["选周蕾，看收到的催办"] if phones.unread("zhoulei") else []
