"""A person's mistake as a value, and the one catalogue of every mistake a person can meet."""

from __future__ import annotations

from dataclasses import dataclass

#: code -> the Chinese sentence shown where it happened; ``{name}`` parts are filled by :func:`problem`.
CATALOGUE: dict[str, str] = {
    # the form machine and its cards
    "form.no_previous": "“{label}”没有上季的数可以沿用，请写具体的数。",
    "form.likelihood_unknown": "完成目标可能性只有四种：确定能、可能性大、可能性小、不可能。“{text}”不在其中。",
    "form.no_such_field": "这张表没有第“{key}”项，请按卡片上的编号填写。",
    "form.spending_by_source": "这张表的支出请这样写：{asked}，后面跟万元数。",
    "form.closed": "{round}已于{date}收口，不能直接更正。请联系本部门预算科退回后再改。",
    "form.none_in_focus": "不知道您要填哪张表。回“填报”，我把表发给您。",
    "form.not_among_yours": "没找到名字里带“{words}”、{which}的表。请从下面选。",
    "form.nothing_filed": "{round}您还没有已报送的表可以更正。要填表请回“填报”。",
    "form.unread": "没看懂“{words}”。请按“1=36 2=930 支出201.35”这样写，编号看卡片。",
    "form.accepted": "预算科已接收这张表，不能直接更正。请联系预算科退回后再改。",
    "card.unknown": "这张卡已经失效，没有改动任何内容。要填表请点“填报”，要看进度请点“进度”。",
    "card.not_yours": "这张卡是发给{name}的，别人不能代点。没有改动任何内容。",
    "card.stale": "这张卡是旧的，没有按它改动。请看这张新的。",
    "card.no_such_action": "这张卡上没有这个按钮，没有改动任何内容。",
    "person.unknown": "我还不认识您。请联系本部门预算科，把您的账号加进名单后再来。",
    "table.not_for_finance": "附表1报到部门为止，绩效科看得到各部门报了几个（回“进度”），看不到单位的表。",
    "person.may_not": "这件事不归您办，没有改动任何内容。",
    "input.unreadable": "这条消息太长，或者格式不对，没有收下任何内容。请分成几条再发，每条 2000 字以内。",
    "input.not_text": "我只看得懂文字和卡片。要填表请回“填报”，要看进度请回“进度”。",
    "turn.failed": "系统出了点问题，您刚才的内容已经收到、没有丢，稍后会自动重办。编号 {event}。",
    # dates of a round and the holiday arrangement
    "deadline.looser": "{forms}最迟{limit}报送，部门自定的{due}晚了。部门细则只能提前，不能推迟。",
    "deadline.too_early": "{due}之前本季度还没有可以填报的工作日，请换一个晚一些的日期。",
    "deadline.no_notice": "请写明通知文号，填报人要看到日期是哪份文件定的。",
    "holidays.unknown_year": "程序里还没有{year}年的节假日安排。请先升级日历包，或照国务院办公厅通知手工填写。",
    "holidays.no_notice": "请写明{year}年节假日安排的通知文号，例如“国办发明电〔2025〕7号”。",
    # amounts in 万元 (N01–N12)
    "amount.empty": "还没有填金额。请写万元数，例如 12.5；没有就写 0。",
    "amount.none": "“{shown}”不是数。没有发生请写 0，单位万元。",
    "amount.long": "数太长：以万元计，整数最多 9 位，小数最多 6 位，例如 123456.78。",
    "amount.groups": "千分位不对：“{shown}”。请写 1,234.5 或 1234.5，单位万元。",
    "amount.vague": "“{shown}”不是准数。请写准确的万元数，例如 12.5。",
    "amount.percent": "“{shown}”是百分比，这里要填金额。请写万元数，例如 12.5。",
    "amount.negative": "这里不能写负数。减少预算请选“调减”，再写正数，例如 5，单位万元。",
    "amount.unreadable": "看不懂“{shown}”。请只写数字，单位万元，例如 12.5。",
    # words (N20, A07)
    "text.empty": "{label}还没有写。请至少写 {least} 个字。",
    "text.short": "{label}只写了 {count} 个字，请至少写 {least} 个字。",
    "text.long": "{label}有 {count} 个字，最多 {most} 个字。没有替您截短，请删减后再发。",
    "text.classified": "{label}里有涉密标志，没有保存。涉密内容请线下报送，这里只写可以公开的情况。",
    # 已完成情况
    "actual.empty": "还没有填已完成情况。年度目标是“{target}”。",
    "actual.number": "“{shown}”看不成一个数。年度目标是“{target}”，请只写数字，例如 {example}；还没有做写 0。",
    "actual.unit": "“{shown}”的单位和年度目标“{target}”对不上。请按{unit}写，例如 {example}。",
    "actual.negative": "“{shown}”是负数。已完成情况从 0 起算，例如 {example}。",
    "actual.date": "“{shown}”看不成日期。请写完成的日期，例如 {example}；或写“已完成”“未完成”。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person did that cannot be used: a stable code and one clear Chinese sentence."""

    code: str
    text: str


def problem(code: str, /, **details: object) -> Problem:
    """The Problem of that code with its sentence filled in; an unknown code is our mistake (KeyError)."""
    return Problem(code, CATALOGUE[code].format(**details))
