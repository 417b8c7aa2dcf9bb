"""The cards of a notice to many: written, previewed, agreed to, sent, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.card import Button, Card, Input, InputKind, Row, Style, Tone
from bot.cards.words import names
from regulation.notices import CONDITION_LABELS, RESULT_LABELS, Outcome, Result, Tally

#: What 企业微信 shows of a card before a message with the whole text follows (the smaller published limits).
WECOM_TITLE, WECOM_TEXT = 26, 112
WHOM = (
    ("filler", "经办人"),
    ("unit_head", "单位负责人"),
    ("filler,unit_head", "单位的人"),
    ("budget_office", "预算科"),
    ("department_head", "部门负责人"),
    ("budget_office,department_head", "部门的人"),
    ("filler,unit_head,budget_office,department_head", "所有人"),
)
HOURS = (("", "避开夜里和休息日"), ("any", "不避开"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice's card says about it, in words."""

    id: str
    title: str
    text: str
    whom: str  # 逾期的经办人 · 全区
    count: int
    when: str  # 现在 / 10月13日（周二）09:00
    by: str  # 区财政局绩效科 陈静


def form(
    capacities: Sequence[tuple[str, str]],
    roles: frozenset[str],
    values: Mapping[str, str],
    problems: Mapping[str, str],
    notice_id: str = "",
) -> Card:
    """What a notice needs; ``capacities`` are offered when its author holds several."""
    whom = tuple((value, label) for value, label in WHOM if set(value.split(",")) <= roles)
    states = tuple((each.value, label) for each, label in CONDITION_LABELS.items())
    every = (
        Input("as", "名义", "以谁的名义", InputKind.CHOICE, options=tuple(capacities)),
        Input("title", "标题", "标题", InputKind.TEXT, hint="26 个字以内最好"),
        Input("text", "正文", "正文", InputKind.LONG_TEXT, hint="不写涉密内容"),
        Input("whom", "发给", "发给谁", InputKind.CHOICE, options=whom),
        Input("state", "状态", "附表1 的状态", InputKind.CHOICE, options=states),
        Input("where", "范围", "范围", InputKind.TEXT, hint="写名称，用顿号隔开；空着是全部", required=False),
        Input(
            "when", "时间", "什么时候发", InputKind.TEXT, hint="例如 10-13 09:00；空着是现在", required=False
        ),
        Input("hours", "钟点", "夜里和休息日", InputKind.CHOICE, options=HOURS, required=False),
    )
    asked = tuple(each for each in every if each.key != "as" or len(capacities) > 1)
    return Card(
        name="notices.form",
        title="写一条通知",
        lead="先写好、看样子，确认了才发",
        inputs=tuple(_filled(each, values, problems) for each in asked),
        submit=Button("notice_check", "看样子", Style.PRIMARY),
        buttons=(Button("notice_drop", "不发了"),),
        note="回一条也行：标题：… 正文：… 发给：经办人 状态：逾期",
        subject=notice_id,
    )


def _filled(asked: Input, values: Mapping[str, str], problems: Mapping[str, str]) -> Input:
    first = asked.options[0][0] if asked.options else ""
    return Input(
        asked.key,
        asked.short,
        asked.label,
        asked.kind,
        hint=asked.hint,
        value=values.get(asked.key, first),
        options=asked.options,
        problem=problems.get(asked.key, ""),
        required=asked.required,
    )


def message(facts: Facts) -> Card:
    """What each recipient gets."""
    return Card(
        name="notices.message",
        title=facts.title,
        lead=facts.by,
        text=facts.text,
        buttons=(Button("received", "收到", Style.PRIMARY),),
        subject=f"notice:{facts.id}",
    )


def sample(facts: Facts) -> Card:
    """The same card for its author to look at."""
    return Card(
        name="notices.sample",
        title=facts.title,
        lead=facts.by,
        text=facts.text,
        note="这是样子，收件人看到的按钮是“收到”。",
    )


def preview(
    facts: Facts, missing: Sequence[str], similar: str, *, second: bool, changed: bool = False
) -> Card:
    """How many it goes to, who cannot be reached, what 企业微信 shortens; nothing has been sent yet."""
    tail = f"，其中 {len(missing)} 人没有可用账号" if missing else ""
    rows = (
        Row("发给", facts.whom),
        Row("时间", facts.when),
        Row("钉钉", "标题和正文全部显示在一张卡上", "✓"),
        Row("企业微信", _wecom(facts), "✓" if _fits(facts) else "△"),
        *((Row("没账号", names(tuple(missing), 5), "△"),) if missing else ()),
        *((Row("留意", similar, "△"),) if similar else ()),
        *((Row("第二人", "50 人以上，要同岗的另一位确认", "△"),) if second else ()),
    )
    send = Button("notice_send", "请第二人确认" if second else "确认发送", Style.PRIMARY)
    return Card(
        name="notices.preview",
        title=f"将发 {facts.count} 人{tail}",
        lead=f"《{facts.title}》" + ("　内容或名单变了，请再看一遍" if changed else ""),
        tone=Tone.WARN if missing or similar or changed else Tone.PLAIN,
        rows=rows,
        buttons=(send, Button("notice_edit", "改一改"), Button("notice_drop", "不发了")),
        note="还没有发出。",
        subject=f"notice:{facts.id}",
        version=facts.count,
    )


def _fits(facts: Facts) -> bool:
    return len(facts.title) <= WECOM_TITLE and len(facts.text) <= WECOM_TEXT


def _wecom(facts: Facts) -> str:
    if _fits(facts):
        return "标题和正文全部显示在一张卡上"
    cut = []
    if len(facts.title) > WECOM_TITLE:
        cut.append(f"标题 {len(facts.title)} 字，卡上显示 {WECOM_TITLE} 字")
    if len(facts.text) > WECOM_TEXT:
        cut.append(f"正文 {len(facts.text)} 字，卡上显示 {WECOM_TEXT} 字")
    return "；".join(cut) + "；随后一条文字给全文"


def agree(facts: Facts, until: str) -> Card:
    """To the second person."""
    return Card(
        name="notices.agree",
        title=f"请您确认：一条通知将发 {facts.count} 人",
        lead=f"{facts.by}写的《{facts.title}》· {until}前有效",
        text=facts.text,
        rows=(Row("发给", facts.whom), Row("时间", facts.when)),
        buttons=(
            Button("notice_agree", "同意发送", Style.PRIMARY),
            Button("notice_refuse", "不同意"),
        ),
        note="50 人以上的通知要同岗的另一位确认。",
        subject=f"notice:{facts.id}",
        version=facts.count,
    )


def asked(facts: Facts, second: Sequence[str], until: str) -> Card:
    """Back to the author: it waits for the second person."""
    return Card(
        name="notices.asked",
        title=f"已请{names(tuple(second))}确认",
        lead=f"《{facts.title}》· {facts.count} 人",
        text=f"对方同意才发。{until}前没人确认，就不发，会告诉您。",
        buttons=(Button("notice_drop", "不发了"),),
        subject=f"notice:{facts.id}",
    )


def back(facts: Facts, why: str) -> Card:
    """Back to the author: not sent, and what can be done."""
    return Card(
        name="notices.back",
        title="通知没有发出",
        lead=f"《{facts.title}》· {facts.count} 人",
        tone=Tone.WARN,
        text=why,
        buttons=(
            Button("notice_send", "再请人确认", Style.PRIMARY),
            Button("notice_edit", "改一改"),
            Button("notice_drop", "不发了"),
        ),
        subject=f"notice:{facts.id}",
        version=facts.count,
    )


def scheduled(facts: Facts) -> Card:
    """It goes at its hour."""
    return Card(
        name="notices.scheduled",
        title=f"定好了：{facts.when}发",
        lead=f"《{facts.title}》· {facts.count} 人",
        tone=Tone.GOOD,
        text="发之前再核一遍名单：那时已经不在范围里的人不发。",
        buttons=(Button("notice_drop", "不发了"),),
        subject=f"notice:{facts.id}",
    )


def panel(facts: Facts, seen: Tally, reasons: Sequence[str], state: str, at: str, *, open: bool) -> Card:
    """How far it got, with what can be done about it."""
    waiting = f"，待发 {seen.waiting}" if seen.waiting else ""
    unread = seen.delivered - seen.read
    buttons = (
        (Button("notice_resend", "重发失败的", Style.PRIMARY), bool(seen.failed) and open),
        (Button("notice_remind", "提醒未读的"), bool(unread) and open),
        (Button("notice_people", "看名单"), bool(seen.meant)),
        (Button("notice_panel", "刷新"), open),
        (Button("notice_recall", "撤回", Style.DANGER), open),
    )
    return Card(
        name="notices.panel",
        title=f"{state}：送达 {seen.delivered}/{seen.meant}{waiting}",
        lead=f"《{facts.title}》· {facts.whom}",
        tone=Tone.WARN if seen.failed else Tone.GOOD,
        rows=(
            Row("已发", f"{seen.meant} 人"),
            Row("送达", f"{seen.delivered} 人"),
            Row("已读", f"{seen.read} 人"),
            Row("收到", f"{seen.received} 人"),
            Row("失败", f"{seen.failed} 人" + _because(reasons), "✕" if seen.failed else ""),
        ),
        buttons=tuple(button for button, offered in buttons if offered),
        note=f"{at} 的情况。送达是平台收下了；已读看平台的回执。",
        subject=f"notice:{facts.id}",
    )


def _because(reasons: Sequence[str]) -> str:
    return f"（{names(tuple(reasons), 2)}）" if reasons else ""


#: the order of the list: what needs doing first.
ORDER = (Result.FAILED, Result.WAITING, Result.DELIVERED, Result.READ, Result.RECEIVED, Result.WITHDRAWN)


def people(facts: Facts, outcomes: Sequence[Outcome], at: str) -> Card:
    """Everybody by how far it got with them."""
    groups = {result: [o for o in outcomes if o.result is result] for result in ORDER}
    return Card(
        name="notices.people",
        title=f"《{facts.title}》发给了谁",
        lead=f"{len(outcomes)} 人 · {at}",
        rows=tuple(
            Row(
                RESULT_LABELS[result],
                f"{len(group)} 人：{names(tuple(map(_named, group)), 40)}",
                _MARKS.get(result, ""),
            )
            for result, group in groups.items()
            if group
        ),
    )


_MARKS = {Result.FAILED: "✕", Result.DELIVERED: "△", Result.RECEIVED: "✓"}


def _named(outcome: Outcome) -> str:
    return f"{outcome.name}（{outcome.reason}）" if outcome.reason else outcome.name


def again(facts: Facts) -> Card:
    """To somebody who has not opened it yet."""
    return Card(
        name="notices.again",
        title=facts.title,
        lead=f"{facts.by} · 之前发过，您还没看",
        tone=Tone.WARN,
        text=facts.text,
        buttons=(Button("received", "收到", Style.PRIMARY),),
        subject=f"notice:{facts.id}",
    )


def recalled(facts: Facts) -> Card:
    """In place of the notice, where the platform can; beside it where it cannot."""
    return Card(
        name="notices.recalled",
        title="通知已撤回",
        lead=facts.by,
        text=f"《{facts.title}》已撤回，以后面的通知为准。",
    )


def received(title: str, by: str, at: str) -> Card:
    """In place of the notice once its reader pressed 收到."""
    return Card(
        name="notices.received",
        title=f"✓ 收到《{title}》",
        lead=by,
        tone=Tone.GOOD,
        text=f"{at} 已告诉发件人。",
    )


def history(lines: Sequence[tuple[str, str, str]]) -> Card:
    """What somebody wrote so far: (id, title, state)."""
    return Card(
        name="notices.history",
        title="您发过的通知" if lines else "您还没发过通知",
        rows=tuple(Row(f"{n}", f"{title}　{state}") for n, (_, title, state) in enumerate(lines, 1)),
        buttons=(
            *(
                Button(f"notice_panel:{notice_id}", f"看第 {n} 条")
                for n, (notice_id, _, _) in enumerate(lines, 1)
            ),
            Button("notice_write", "写通知", Style.PRIMARY),
        ),
    )


def emptied(facts: Facts) -> Card:
    """Its hour came and nobody fits any more."""
    return Card(
        name="notices.emptied",
        title="通知没有发出：名单空了",
        lead=f"《{facts.title}》· {facts.whom}",
        text="到了定的时间，原来名单上的人都不在范围里了，没有发给任何人。",
    )
