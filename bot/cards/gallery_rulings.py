"""Samples of the cards of finance's review, orders and decisions, for the gallery."""

from __future__ import annotations

from bot.cards import rulings, small_form
from bot.cards.card import Button, Card, Input, InputKind, Row, Style
from regulation.deviation import Finding, Level
from regulation.rounds import MonitoringRound

ROUND, SUBJECT = MonitoringRound(2026, 3), "2026Q3:d01"
FINDING = Finding(
    "output.slow",
    Level.RED,
    "actual.2",
    "采购课桌椅 43%",
    "采购课桌椅完成 930/2160 套（43.1%），时间已过 75%，明显偏慢。",
    "累计完成 ÷ 年度目标",
    (("累计完成", "930套"), ("年度目标", "≥2160套"), ("序时进度", "75%")),
    "完成进度低于应有进度的80%为黄，低于60%为红",
    "2021-01-01",
    "省级预算绩效系统通行口径",
    "第十条(二)；建议研究是否适用第十五条(二)",
)
DEMAND = Row("要求", "课桌椅采购进度慢，查明原因，11月底前到货")


def _asked(title: str, verb: str, about: str, inputs: tuple[Input, ...], note: str = "") -> Card:
    return small_form.form(title, about, verb, inputs, note=note, subject=SUBJECT)


def _shown(title: str, verb: str, confirm: str, about: str, rows: tuple[Row, ...]) -> Card:
    return small_form.preview(title, about, verb, confirm, rows, note="", subject=SUBJECT)


def _examining() -> tuple[Card, ...]:
    words = InputKind.LONG_TEXT
    return (
        rulings.departments(
            "三季度附表2、3 待审 1 个",
            (Row("区教育局", "已报送财政"), Row("区文体局", "待汇总")),
            ((f"examine:{SUBJECT}", "区教育局"),),
            word="审核",
            lead="报来的才看得到数字，没报的只看得到到了哪一步",
        ),
        rulings.report(
            "区教育局 三季度附表2、3",
            "已报送财政",
            (
                Row("报送", "10月19日 16:20　版本 1", "✓"),
                Row("附表1", "9/10 个项目已报，1 个没报，不在数里，部门接收 9 个", "△"),
                Row("总额", "48,620.00万元"),
                Row("执行率", "71.45%　可能性大"),
                Row("偏离", "红 1 处，黄 2 处", "✕"),
            ),
            (
                Button(f"accept_report:{SUBJECT}", "审核通过", Style.PRIMARY),
                Button(f"return_report:{SUBJECT}", "退回修改"),
                Button(f"order:{SUBJECT}", "发整改通知"),
                Button(f"deviations:{SUBJECT}", "看偏离"),
            ),
            (),
            subject=SUBJECT,
            version=1,
        ),
        _asked(
            "整改通知",
            "order",
            "区教育局 · 2026年三季度附表2、3",
            (
                Input(
                    "demand",
                    "要求",
                    "整改要求和建议",
                    words,
                    problem="整改要求只写了 3 个字，请至少写 10 个字。",
                ),
                Input(
                    "due",
                    "期限",
                    "哪天前反馈",
                    InputKind.TEXT,
                    hint="不写就是5个工作日，例如 10-30",
                    required=False,
                ),
            ),
            "发给部门预算科和负责人（办法第十六条）。",
        ),
        _shown(
            "整改通知",
            "order",
            "确认发出",
            "区教育局 · 2026年三季度附表2、3",
            (DEMAND, Row("反馈", "10月28日（周三）前")),
        ),
        _asked("退回修改", "return_report", "区教育局", (Input("reason", "原因", "为什么退回", words),)),
        _shown(
            "退回修改", "return_report", "确认退回", "区教育局", (Row("原因", "执行率与附表1合计不一致"),)
        ),
        rulings.returned("区教育局", ROUND, "10月28日（周三）", "附表2执行率与附表1合计不一致", SUBJECT),
    )


def _rectifying() -> tuple[Card, ...]:
    words = InputKind.LONG_TEXT
    return (
        rulings.orders(ROUND, (Row("区教育局", "待反馈", "△"),), (("rectification:r1", "区教育局"),)),
        rulings.order(
            "整改通知：区教育局",
            "2026年三季度 · 待反馈（逾期）",
            (DEMAND, Row("期限", "10月28日（周三）前反馈", "✕")),
            (Button("answer_order:r1", "反馈整改", Style.PRIMARY),),
            late=True,
            subject="r1",
        ),
        rulings.order(
            "区教育局反馈了整改",
            "2026年三季度 · 等您复核",
            (DEMAND, Row("反馈", "已补签交货计划，11月20日到货")),
            (
                Button("close_order:r1", "复核办结", Style.PRIMARY),
                Button("resend_order:r1", "退回再改"),
            ),
            late=False,
            subject="r1",
        ),
        _asked("反馈整改", "answer_order", "区教育局", (Input("answer", "反馈", "整改结果", words),)),
        _shown("反馈整改", "answer_order", "确认反馈", "区教育局", (Row("反馈", "已补签交货计划"),)),
        _asked("退回再改", "resend_order", "区教育局", (Input("conclusion", "意见", "还差什么", words),)),
        _shown("退回再改", "resend_order", "确认退回", "区教育局", (Row("意见", "请附上合同编号"),)),
        _asked("复核办结", "close_order", "区教育局", (Input("conclusion", "意见", "整改结论", words),)),
        _shown("复核办结", "close_order", "确认办结", "区教育局", (Row("意见", "整改到位"),)),
    )


def _deciding() -> tuple[Card, ...]:
    words, about = InputKind.LONG_TEXT, "新桥小学校舍安全改造"
    target = (
        Row("指标", "采购课桌椅"),
        Row("原目标", "≥2160套"),
        Row("新目标", "≥1500套"),
        Row("预算", "调减 20.00万元"),
    )
    causes = (("policy", "政策变化"), ("emergency", "突发事件"), ("other", "其他客观因素"))
    return (
        rulings.choose(
            "申请调整哪个项目的目标？",
            "有偏离的在前",
            ((f"adjust_pick:{SUBJECT}", about), ("adjustment:a1", f"看{about}")),
        ),
        rulings.choose("调整哪个指标的目标？", about, ((f"adjust:{SUBJECT}:2", "2 采购课桌椅"),)),
        _asked(
            "申请调整绩效目标",
            "adjust",
            f"{about} · 采购课桌椅 现在是“≥2160套”",
            (
                Input("target", "新目标", "调整后的年度目标", InputKind.TEXT),
                Input("cause", "原因", "属于哪一类", InputKind.CHOICE, options=causes),
                Input("reason", "理由", "哪项政策、什么事件", words),
                Input(
                    "change",
                    "预算",
                    "调减多少万元",
                    InputKind.NUMBER,
                    "万元",
                    hint="不调减写 0",
                    required=False,
                ),
            ),
            "只适用于政策变化、突发事件等客观因素（办法第十五条(一)）。",
        ),
        _shown("申请调整绩效目标", "adjust", "确认申请", about, target),
        rulings.request(
            f"目标调整：{about}",
            "2026年三季度 · 待财政审定",
            target,
            (Button("adjust_approve:a1", "审定同意", Style.PRIMARY), Button("adjust_reject:a1", "不同意")),
            "a1",
        ),
        rulings.request(
            f"目标调整：{about}",
            "2026年二季度 · 拟于三季度申请",
            target,
            (Button("adjust_submit:a1", "确认申请", Style.PRIMARY), Button("adjust_withdraw:a1", "撤回")),
            "a1",
        ),
        _asked("不同意调整", "adjust_reject", about, (Input("words", "意见", "为什么不同意", words),)),
        _shown("不同意调整", "adjust_reject", "确认不同意", about, (Row("意见", "先补依据"),)),
        rulings.choose(
            "三季度处置记录 0 件",
            "下面是建议研究是否适用第十五条(二)的项目",
            ((f"dispose:{SUBJECT}", about),),
        ),
        _asked(
            "登记处置决定",
            "dispose",
            f"{about} · 预算总额 320.00万元",
            (Input("basis", "依据", "依据哪份文件、纪要", words),),
        ),
        _shown(
            "登记处置决定",
            "dispose",
            "确认登记",
            about,
            (Row("决定", "调减预算（第十五条(一)）"), Row("调减", "20.00万元")),
        ),
    )


def _tracking() -> tuple[Card, ...]:
    project = "新桥小学校舍安全改造"
    return (
        rulings.deviations(
            "三季度偏离 2 处，1 处没办结",
            "红的在前，办结的在后",
            (("finding:1", FINDING, project, "新发现"), ("finding:2", FINDING, project, "办结")),
            8,
        ),
        rulings.deviation(
            FINDING,
            project,
            "新发现",
            (
                Button("seen:1", "已阅", Style.PRIMARY),
                Button("take_on:1", "我来办"),
                Button("finish:1", "办结"),
                Button("reopen:1", "重新办"),
            ),
            "1",
        ),
        _asked(
            "办结这条偏离",
            "finish",
            project,
            (Input("words", "办结", "怎样办结的，一句话", InputKind.LONG_TEXT),),
        ),
        _shown("办结这条偏离", "finish", "确认办结", project, (Row("办结", "已补签合同，11月到货"),)),
    )


def _publishing() -> tuple[Card, ...]:
    taken = "去掉的：\n新桥小学校舍安全改造 · 改进计划：电话“13812345678”\n还没有提过。"
    return (
        rulings.release(
            "区教育局 三季度信息公开",
            "附表2、3 版本 1 已通过",
            taken,
            (
                Button(f"release_propose:{SUBJECT}", "提请公开", Style.PRIMARY),
                Button(f"release_look:{SUBJECT}", "看公开件"),
            ),
            (),
            SUBJECT,
        ),
        rulings.release(
            "区教育局 三季度公开件",
            "10月26日 10:02 李强提 · 校验 5f0c21aa · 待第二人确认",
            "文件 18,204 字节，校验 5f0c21aa9be0d4c1。同意以后，公开的就是这一份。",
            (
                Button(f"release_out:{SUBJECT}", "同意公开", Style.PRIMARY),
                Button(f"release_hold:{SUBJECT}", "不同意"),
            ),
            (),
            SUBJECT,
        ),
    )


SAMPLES = (*_publishing(), *_examining(), *_rectifying(), *_deciding(), *_tracking())
