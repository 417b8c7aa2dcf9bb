"""Cards as the conversation makes them, with invented names, to draw and to look at."""

from __future__ import annotations

from bot.cards.card import Attachment, Button, Card, Input, InputKind, Row, Style, Tone

LIKELY = (
    ("certain", "确定能"),
    ("likely", "可能性大"),
    ("unlikely", "可能性小"),
    ("impossible", "不可能"),
)
INDICATORS = (
    ("改造教室数量", "间", "48", "20"),
    ("采购课桌椅", "套", "2160", "900"),
    ("受益学生人数", "人", "1980", "1980"),
    ("工程验收合格率", "%", "100", "100"),
    ("隐患整改完成率", "%", "≥95", "88"),
    ("家长投诉件数", "件", "≤5", "1"),
    ("资金拨付及时率", "%", "≥90", "90"),
    ("单位面积造价", "元", "≤1850", "1790"),
    ("师生满意度", "%", "≥90", "93"),
    ("施工安全事故", "起", "0", "0"),
)


def number(position: int, value: str = "", problem: str = "") -> Input:
    name, unit, target, last = INDICATORS[position - 1]
    return Input(
        f"actual.{position}",
        str(position),
        f"{position}. {name}",
        InputKind.NUMBER,
        unit,
        f"年度目标 {target}{unit}",
        f"上季 {last}",
        value,
        problem=problem,
    )


def likelihood(position: int, value: str) -> Input:
    return Input(
        f"likely.{position}",
        f"可能{position}",
        f"{position}. {INDICATORS[position - 1][0]} 全年目标能完成吗",
        InputKind.CHOICE,
        value=value,
        options=LIKELY,
        required=False,
    )


def money(value: str = "") -> tuple[Input, ...]:
    return (
        Input(
            "arrived", "到位", "已到位资金", InputKind.NUMBER, "万元", "预算 320.00", "上季 160.00", "256.00"
        ),
        Input("spent", "支出", "已支出资金", InputKind.NUMBER, "万元", "", "上季 118.40", value),
    )


REMINDER = Card(
    name="remind.open",
    title="三季度绩效监控开始填报",
    lead="10月10日（周六·调休上班）前报送 · 还剩 3 天",
    rows=(
        Row("要填", "附表1 · 2 个项目"),
        Row("项目", "新桥小学校舍安全改造 等"),
        Row("已备", "目标、预算、上季数已带出"),
        Row("用时", "每个项目约 2 分钟"),
    ),
    buttons=(Button("fill", "去填报", Style.PRIMARY), Button("not_mine", "不归我填")),
)
FORM = Card(
    name="collect.form",
    title="新桥小学校舍安全改造",
    lead="附表1 · 2026年三季度 · 10月10日截止",
    rows=(Row("预算", "320.00万元（本级）"), Row("口径", "1月1日至9月30日累计数")),
    inputs=(*money(), *(number(n) for n in range(1, 11))),
    submit=Button("check", "填好了", Style.PRIMARY),
    buttons=(Button("not_mine", "不归我填"),),
    note="没变的写“同”。填一部分也行，会存着。",
    subject="2026Q3:p001",
    version=3,
    data='{"secret": 1}',
)
ECHO = Card(
    name="collect.echo",
    title="还差 1 项 新桥小学校舍安全改造",
    lead="附表1 · 2026年三季度 · 我读到的是",
    tone=Tone.WARN,
    rows=(
        Row("到位", "256.00万元 · 到位率 80.0%"),
        Row("支出", "201.35万元 · 执行率 62.92%"),
        Row("1", "改造教室 36间 · 75.0%", "✓"),
        Row("2", "课桌椅 930套 · 43.1%，慢于时间进度 75%", "△"),
        Row("3", "受益学生 1980人 · 100%", "✓"),
        Row("7", "拨付及时率 85%，比上季 90% 小", "△"),
        Row("8", "单位造价 6.4元，差得太远", "✕"),
    ),
    text="△ 采购课桌椅完成 43.1%，慢于时间进度 75%。\n△ 支出进度 62.9%，低于时间进度 75%。",
    inputs=(
        number(8, "6.4", "6.4元 与上季 1790元 差 280 倍，请核对单位。"),
        likelihood(1, "certain"),
        likelihood(2, "unlikely"),
        Input(
            "reason",
            "原因",
            "采购课桌椅为什么慢",
            InputKind.LONG_TEXT,
            hint="写 2 个字以上",
            value="招标晚",
        ),
        Input("plan", "改进", "怎么补上", InputKind.LONG_TEXT, required=False),
    ),
    submit=Button("check", "补好了", Style.PRIMARY),
    buttons=(
        Button("reason:招标晚", "招标晚"),
        Button("reason:资金未到位", "资金未到位"),
        Button("reason:天气影响", "天气影响"),
        Button("reason:政策调整", "政策调整"),
        Button("fill", "改数字"),
    ),
    note="要改哪项就回“2=930”这样一句。",
)
REVIEW = Card(
    name="collect.echo",
    title="请核对 新桥小学校舍安全改造",
    lead="附表1 · 2026年三季度 · 我读到的是",
    rows=(Row("支出", "201.35万元 · 执行率 62.92%"), Row("1", "改造教室 36间 · 75.0%", "✓")),
    inputs=(likelihood(1, "certain"),),
    submit=Button("submit", "确认提交", Style.PRIMARY),
    buttons=(Button("fill", "改数字"),),
)
RECEIPT = Card(
    name="collect.receipt",
    title="✓ 已报送 三季度 附表1",
    lead="新桥小学校舍安全改造",
    tone=Tone.GOOD,
    rows=(
        Row("时间", "10月9日 14:32"),
        Row("版本", "版本 1"),
        Row("报送", "张敏"),
        Row("收件", "区教育局 预算科 李强"),
    ),
    buttons=(
        Button("fill:2", "填下一个：操场翻新", Style.PRIMARY),
        Button("table", "看表格"),
        Button("correct", "更正"),
    ),
    picture=Attachment("annex1.png", "2026Q3:p001", 1, "附表1_预览.png"),
    files=(Attachment("annex1.xlsx", "2026Q3:p001", 1, "附表1_新桥小学校舍安全改造_2026年三季度.xlsx"),),
    note="收口前都可以更正，旧版本留底。",
)
OVERDUE = Card(
    name="escalate.head",
    title="本部门 2 个单位逾期",
    lead="附表1 应 10月10日 报送",
    tone=Tone.BAD,
    rows=(
        Row("新桥小学", "张敏 · 逾期 1 天 · 已催 2 次", "✕"),
        Row("实验幼儿园", "周蕾 · 逾期 3 天 · 未打开过", "✕"),
        Row("影响", "20日前报财政还剩 8 天"),
    ),
    buttons=(Button("urge", "一键催办", Style.PRIMARY), Button("all", "看全部 9 个")),
)
LONG = Card(
    name="help.long",
    title="区教育局所属新桥小学等十七所学校校舍安全与抗震加固改造提升工程（二期）",
    lead="附表1 · 2026年三季度 · 10月10日（周六·调休上班）截止 · 还剩 3 个工作日",
    rows=tuple(
        Row(f"第{n}项", f"{n}. 这一行写得比卡片宽，要在词边界断开 12345.67 万元才行") for n in range(9)
    ),
    text="说明一句话。" * 60,
    buttons=tuple(Button(f"b{n}", f"第{n}个按钮的字比十个多") for n in range(9)),
    note="备注也要看得到。",
)
HOSTILE = Card(
    name="hostile.names",
    title='<script>alert(1)</script>"><img onerror=x>',
    lead="{{7*7}} @所有人",
    rows=(Row("项目", '<a href="x">点我</a> @所有人 ' + "长" * 40),),
    text="[x](javascript:alert(1))",
    buttons=(Button("ok", "<b>好</b>"),),
)
SAMPLES = (REMINDER, FORM, ECHO, REVIEW, RECEIPT, OVERDUE, LONG, HOSTILE)
