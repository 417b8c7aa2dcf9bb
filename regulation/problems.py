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
    # 附表2、附表3
    "rows.no_such": "{label}没有第 {number} 项可以选，请回 1 到 {most} 的编号，或照“名称｜目标｜已完成｜可能性大”写。",
    "rows.none": "单位还没有报附表1，{label}没有可选的指标。自己写照“名称｜目标｜已完成｜可能性大”，没有回“无”。",
    "once.no_such": "“{text}”看不懂。请回 1 到 {most} 的编号，例如“只算一次：1”；都要相加的回“只算一次：无”。",
    "rows.shape": "{label}请回编号，例如“1、3”；自己写的一行一条，照“名称｜目标｜已完成｜可能性大”。",
    # between the unit and its department
    "form.consolidated": "部门已经把这张表汇总上报，不能撤回。数不对的，请预算科退回后再改。",
    "directory.taken": "这个账号已经是{name}的，没有改动名册。先请对方解绑，或者点“不采纳”。",
    "leave.nobody": "本单位名单里没有别的人可以代班。请联系预算科。",
    "leave.taken": "这几天已经有人代班了。要换人，先回“销假”。",
    "transfer.whom": "没找到“{words}”。请写“移交 原经办人 给 新经办人”，两个人都要在同一单位的名单里。",
    "transfer.nothing": "{name}名下现在没有您能移交的项目。",
    "form.awaiting": "这张表正在等单位负责人确认，不能直接改。请先点“撤回”，或请负责人退回。",
    "form.not_awaiting": "这张表现在不在等确认（{state}），没有改动任何内容。",
    "form.not_filed": "这张表现在不是已报送的（{state}），没有改动任何内容。",
    "form.moved_on": "这张表已经是版本 {version} 了，没有按旧卡办。看现在的，回“审表”或“进度”。",
    "form.unchanged": "“{label}”被退回后还没有改。改好再提交；数没有错的，回“说明：……”写一句为什么。",
    "return.unreadable_date": "看不懂“{text}”这个日期。请写成“10月15日”。",
    "return.no_field": "这张表没有“{text}”这一项。请从卡片上选，或写卡片上的编号。",
    "stand_in.no_reason": "代填要写一句为什么，至少 {least} 个字，会记在回执和审计里。",
    "stand_in.filed": "这张表{state}，不用代填。数不对的请退回，让单位自己改。",
    "return.no_reason": "没有写退回原因。请至少写 {least} 个字，让填表的人知道改哪里。",
    "return.bad_date": "{due}不行：要从今天起，不晚于{last}，部门自己也要按时报财政。",
    "leave.unreadable": "看不懂请假的日期。请写成“请假 10月12日到10月20日”。",
    "leave.backwards": "{first}到{last}不对：结束不能早于开始，也不能已经过去。",
    "leave.too_long": "一次最多请 {most} 天。更久的，请预算科把项目移交给同事。",
    "report.with_head": "附表2、3 正在{state}，不能改。要改，先点“撤回”。",
    "report.with_finance": "附表2、3 现在是“{state}”，不能改。财政审核前可以撤回，之后要等财政退回。",
    "report.no_head": "{department}还没有登记负责人，不能报审。请系统管理员在名册里补上部门负责人。",
    "report.not_waiting": "附表2、3 现在是“{state}”，这张卡已经用不上，没有改动任何内容。",
    "report.decided": "附表2、3 现在是“{state}”，不能撤回。要改，请联系财政局归口业务处室退回。",
    "report.nothing": "附表2、3 还没有报出去，没有可以撤回的。要接着填，回“汇总”。",
    "report.which": "要看哪个部门的？请写上部门名，例如“附表2 教育局”“核对 教育局”。",
    "department.not_yours": "您的部门里没有“{words}”。别的部门的附表2、3 您看不到；下面是{name}的。",
    "report.not_filed_yet": "这个部门还没有报送附表2、3，报送以前只能看报了几个（回“进度”）。",
    "key.how": "请写成“加入重点 项目名 依据”，依据从这里选：{bases}。",
    "key.why": "请写成“移出重点 项目名 原因”，原因会留底。",
    "key.unknown": "没找到名字里带“{words}”、您能改的项目。回“重点项目”看名单。",
    "key.several": "名字里带“{words}”的项目不止一个，请写全名。",
    "key.already": "《{name}》已经在重点项目名单里，没有改动。",
    "key.not_listed": "《{name}》不在重点项目名单里，没有改动。",
    "card.unknown": "这张卡已经失效，没有改动任何内容。要填表请点“填报”，要看进度请点“进度”。",
    "card.not_yours": "这张卡是发给{name}的，别人不能代点。没有改动任何内容。",
    "card.stale": "这张卡是旧的，没有按它改动。请看这张新的。",
    "card.no_such_action": "这张卡上没有这个按钮，没有改动任何内容。",
    "person.unknown": "我还不认识您。请联系本部门预算科，把您的账号加进名单后再来。",
    "table.not_for_finance": "附表1报到部门为止，绩效科看得到各部门报了几个（回“进度”），看不到单位的表。",
    "person.may_not": "这件事不归您办，没有改动任何内容。",
    "workbook.not_yours": "这份填报表上的项目不归您填，没有收下任何内容。",
    "input.unreadable": "这条消息太长，或者格式不对，没有收下任何内容。请分成几条再发，每条 2000 字以内。",
    "input.withheld": "平台这个月的消息额度用完了，您刚才发的没有传过来，没有收下任何内容。请联系系统管理员。",
    "input.not_text": "我只看得懂文字、卡片和填报表。要填表回“填报”，要在电脑上填回“表格填报”。",
    # notices to many
    "notice.whom_unknown": "“{text}”不是可以选的收件人。可以选：{options}。",
    "notice.as_unknown": "您不能以“{text}”的名义发。可以选：{options}。",
    "notice.state_unknown": "“{text}”不是可以选的状态。可以选：{options}。",
    "notice.where_unknown": "范围里没找到“{text}”。请写部门或单位的名称，用顿号隔开；空着是全部。",
    "notice.where_ambiguous": "“{text}”对得上好几个：{names}。请写全名。",
    "notice.when_unreadable": "看不懂时间“{text}”。请这样写：10-13 09:00，或者明天9点；空着是现在。",
    "notice.when_past": "{when}已经过去了。请写一个以后的时间，或空着表示现在。",
    "notice.nobody": "这个范围里现在没有符合的人，没有发出。请改一下状态或范围。",
    "notice.second_missing": "发给 {count} 人要同岗的另一位确认，名单里没有第二位{office}的人。请加一位，或缩小范围。",
    "notice.moved_on": "这条通知{state}，这次点按没有再做什么。",
    # questions in chat
    "question.unknown_name": "没找到名字里带“{text}”的部门、单位或项目。请照名册上的名称写，区字可以不写。",
    "question.before_filing": "{where}还没把附表2、附表3报到财政。报送前财政只看得到个数，可以问“还有谁没交”。",
    "question.which_department": "请写是哪个部门的，例如：导出三张表 教育局。",
    "question.which_figure": "请写是哪个部门的哪个数，例如：教育局执行率的数从哪来。",
    "question.nothing_filed": "{where}这一季还没有报送的附表1，没有数可以看。",
    "turn.failed": "系统出了点问题，您刚才的内容已经收到、没有丢，稍后会自动重办。编号 {event}。",
    # dates of a round and the holiday arrangement
    "deadline.looser": "{forms}最迟{limit}报送，部门自定的{due}晚了。部门细则只能提前，不能推迟。",
    "deadline.too_early": "{due}之前本季度还没有可以填报的工作日，请换一个晚一些的日期。",
    "deadline.no_notice": "请写明通知文号，填报人要看到日期是哪份文件定的。",
    "holidays.unknown_year": "程序里还没有{year}年的节假日安排。请先升级日历包，或照国务院办公厅通知手工填写。",
    "holidays.no_notice": "请写明{year}年节假日安排的通知文号，例如“国办发明电〔2025〕7号”。",
    # what finance orders and decides
    "choice.unknown": "“{text}”不在可选的里面。可以选：{options}。",
    "department.unknown": "没有名字里带“{words}”的部门归您看。",
    "report.moved_on": "这份报表现在是“{state}”，不能这样办了。没有改动任何内容。",
    "order.moved_on": "这件事现在是“{state}”，不能再这样办。没有改动任何内容。",
    "finding.gone": "这条偏离已经不在了：数字更正后消除了，或者不归您办。",
    "release.none": "没有等着第二个人确认的公开件。要提请公开，回“公开”。",
    "release.second": "公开要两个人：提请的人不能自己同意，也只能同意看过的那一份。",
    "release.alone": "{department}名单里没有第二个人可以确认，请先在名册里补上预算科或负责人。",
    "due.unreadable": "“{text}”看不成日期。请写成 10-30 这样的月日；不写就是默认的 5 个工作日。",
    "due.not_a_workday": "{due}已经过了，或者不是工作日。请换一个以后的工作日。",
    "disposal.cut_exact": "“{text}”要写成准确的万元数，例如 12.5。",
    "disposal.cut_range": "调减要大于 0，最多是预算总额 {budget} 万元。",
    "disposal.day_unreadable": "“{text}”看不成日期。请写成 2026-10-20，不写就是今天。",
    "disposal.day_ahead": "决定日期 {day} 还没有到。",
    "adjustment.not_yet": "目标调整申请随三季度监控报告一起报，现在还没到三季度，先记着。",
    "adjustment.same": "新目标和原目标一样，都是“{old}”。请写调整后的目标，或不申请调整。",
    # amounts in 万元 (N01–N12)
    "amount.empty": "还没有填金额。请写万元数，例如 12.5；没有就写 0。",
    "amount.none": "“{shown}”不是数。没有发生请写 0，单位万元。",
    "amount.long": "数太长：以万元计，整数最多 9 位，小数最多 6 位，例如 123456.78。",
    "amount.groups": "千分位不对：“{shown}”。请写 1,234.5 或 1234.5，单位万元。",
    "amount.vague": "“{shown}”不是准数。请写准确的万元数，例如 12.5。",
    "amount.percent": "“{shown}”是百分比，这里要填金额。请写万元数，例如 12.5。",
    "amount.negative": "这里不能写负数，请写 0 或正数，例如 5，单位万元。",
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
    # figures imported from the treasury system
    "execution.batch": "批次号“{shown}”不能用。请用 1 到 64 个字母、数字、横线、下划线或点。",
    "execution.as_of": "数据截至日 {day} 不对。{round}的累计数最晚截至 {last}，而且要在当年。",
    "execution.system": "请写明数据来自哪个系统，20 个字以内，例如“预算管理一体化”。",
    "execution.rows": "这一批有 {count} 行。要有 1 到 {most} 行。",
    "execution.unknown": "名册里没有编号或编码为“{shown}”的{year}年项目。",
    "execution.twice": "“{name}”在这一批里已经有了，在第 {first} 行。一个项目只写一行累计数。",
    "execution.nothing": "这一行一个数也没有。到位和支出至少写一个。",
    "execution.amount": "“{shown}”不是可以用的万元数。请写成 201.35 这样：整数最多 9 位，小数最多 6 位，不写单位。",
    "execution.source": "名册里这个项目没有{source}资金，不能有{source}支出。",
    "execution.sum": "支出写的是 {total} 万元，各来源加起来是 {summed} 万元。请改成一致。",
    "execution.changed": "批次 {batch} 已经收过，这次的内容和那次不同，没有收。要改数请用新的批次号。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person did that cannot be used: a stable code and one clear Chinese sentence."""

    code: str
    text: str


def problem(code: str, /, **details: object) -> Problem:
    """The Problem of that code with its sentence filled in; an unknown code is our mistake (KeyError)."""
    return Problem(code, CATALOGUE[code].format(**details))
