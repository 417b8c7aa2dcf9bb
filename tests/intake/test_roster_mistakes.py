"""Every mistake an official can make in the workbook, and the sentence that names sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl import Workbook

from intake.roster import read_roster
from tests.intake.rosters import add, changed, put, put_format, small

Change = Callable[[Workbook], object]


def cell(sheet: str, row: int, column: str, value: object) -> Change:
    return lambda book: put(book, sheet, row, column, value)


def bare(sheet: str, row: int, column: str, value: object) -> Change:
    """The value in a cell without any format."""

    def change(book: Workbook) -> None:
        put(book, sheet, row, column, value)
        put_format(book, sheet, row, column, "General")

    return change


def row(sheet: str, **cells: object) -> Change:
    return lambda book: add(book, sheet, **cells)


def both(*changes: Change) -> Change:
    return lambda book: [change(book) for change in changes]


INDICATOR = {"一级指标": "产出", "二级指标": "数量", "三级指标": "新增"}

MISTAKES: list[tuple[str, Change, str]] = [
    ("empty name", cell("部门", 2, "部门名称", None), "《部门》第 2 行“部门名称”：没有填。"),
    ("blanks only", cell("部门", 2, "部门名称", "　 "), "《部门》第 2 行“部门名称”：没有填。"),
    (
        "name too long",
        cell("单位", 3, "单位名称", "长" * 101),
        "《单位》第 3 行“单位名称”：太长了，有 101 个字。请改到 100 个字以内。",
    ),
    (
        "code with Chinese",
        cell("部门", 2, "部门编码", "教育局"),
        "《部门》第 2 行“部门编码”：编码只能用字母、数字、点、横线和下划线，不超过 40 个。",
    ),
    (
        "same code twice",
        row(
            "项目",
            项目编码="P1",
            项目名称="又一个",
            单位编码="U01",
            经办人编码="zhang",
            年度=2026,
            年初预算=1,
            区级=1,
        ),
        "《项目》第 4 行“项目编码”：“P1”在第 2 行已用过。编码不能重复。",
    ),
    (
        "unknown division",
        cell("部门", 2, "归口处室编码", "C99"),
        "《部门》第 2 行“归口处室编码”：《处室》里没有编码“C99”。",
    ),
    (
        "F12 orphan unit",
        cell("单位", 3, "部门编码", "D99"),
        "《单位》第 3 行“部门编码”：《部门》里没有编码“D99”。",
    ),
    (
        "F12 unit below a unit",
        cell("单位", 3, "部门编码", "U01"),
        "《单位》第 3 行“部门编码”：“U01”是单位的编码。这里要写部门的编码，单位下面不再挂单位。",
    ),
    (
        "F12 unit below itself",
        cell("单位", 3, "部门编码", "U02"),
        "《单位》第 3 行“部门编码”：“U02”是单位的编码。这里要写部门的编码，单位下面不再挂单位。",
    ),
    (
        "no headquarters",
        cell("单位", 2, "是否本级", "否"),
        "《部门》第 2 行“部门编码”：《单位》里没有这个部门的本级。请加一行，是否本级填“是”（第四条）。",
    ),
    (
        "two headquarters",
        cell("单位", 3, "是否本级", "是"),
        "《单位》第 3 行“是否本级”：第 2 行已是这个部门的本级，只能有一个。",
    ),
    ("not yes or no", cell("单位", 3, "是否本级", "对"), "《单位》第 3 行“是否本级”：只能填：是、否。"),
    (
        "unknown role",
        cell("人员", 2, "职责", "科长"),
        "《人员》第 2 行“职责”：只能填：经办人、单位负责人、预算科、部门负责人、归口业务处室、绩效科、系统管理员。",
    ),
    (
        "role without scope",
        cell("人员", 2, "职责范围编码", None),
        "《人员》第 2 行“职责范围编码”：没有填。",
    ),
    (
        "scope without role",
        cell("人员", 2, "职责", None),
        "《人员》第 2 行“职责”：写了范围，没有写职责。",
    ),
    (
        "scope of another kind",
        cell("人员", 6, "职责范围编码", "U01"),
        "《人员》第 6 行“职责范围编码”：《部门》里没有编码“U01”。",
    ),
    (
        "district duty with a scope",
        cell("人员", 9, "职责范围编码", "D01"),
        "《人员》第 9 行“职责范围编码”：绩效科管全区，这里写“全区”或空着。",
    ),
    (
        "one code, two people",
        cell("人员", 3, "姓名", "张山"),
        "《人员》第 3 行“人员编码”：第 2 行已用了这个编码，姓名不同。两个人要用两个编码。",
    ),
    (
        "duty twice",
        row("人员", 人员编码="zhang", 姓名="张三", 职责="经办人", 职责范围编码="U01"),
        "《人员》第 11 行“职责”：“经办人”这项职责前面已写过，请删去一行。",
    ),
    (
        "one account, two people",
        cell("人员", 6, "演练账号", "zhang"),
        "《人员》第 6 行“演练账号”：第 2 行的人已用了这个账号。",
    ),
    (
        "two accounts, one person",
        cell("人员", 3, "钉钉 userid", "other"),
        "《人员》第 3 行“钉钉 userid”：和第 2 行写的不一样。",
    ),
    (
        "blank in an account",
        cell("人员", 6, "企业微信 userid", "wang wu"),
        "《人员》第 6 行“企业微信 userid”：账号里不能有空格。",
    ),
    (
        "everybody as an account",
        cell("人员", 6, "企业微信 userid", "@all"),
        "《人员》第 6 行“企业微信 userid”：一格只写一个人的账号：不能以 @ 开头，不能有 | 、逗号、分号。",
    ),
    (
        "two people in an account",
        cell("人员", 6, "企业微信 userid", "wangwu|lisi"),
        "《人员》第 6 行“企业微信 userid”：一格只写一个人的账号：不能以 @ 开头，不能有 | 、逗号、分号。",
    ),
    ("no filler", cell("项目", 2, "经办人编码", None), "《项目》第 2 行“经办人编码”：没有填。"),
    (
        "unknown filler",
        cell("项目", 2, "经办人编码", "nobody"),
        "《项目》第 2 行“经办人编码”：《人员》里没有编码“nobody”。",
    ),
    (
        "filler who left",
        both(cell("人员", 2, "是否在用", "否"), cell("人员", 3, "是否在用", "否")),
        "《项目》第 2 行“经办人编码”：张三已停用。请换一位经办人（第九条）。",
    ),
    (
        "unknown unit",
        cell("项目", 2, "单位编码", "U99"),
        "《项目》第 2 行“单位编码”：《单位》里没有编码“U99”。",
    ),
    ("N09 empty budget", cell("项目", 2, "年初预算", None), "《项目》第 2 行“年初预算”：没有填。"),
    (
        "sum differs",
        cell("项目", 2, "调整后预算", 300),
        "《项目》第 2 行“调整后预算”：写的是 300 万元，五个来源加起来是 320 万元。请改成一致。",
    ),
    (
        "no source at all",
        both(cell("项目", 3, "区级", None), cell("项目", 3, "调整后预算", None)),
        "《项目》第 3 行“调整后预算”：五个资金来源都空着。请至少填一个；预算调成 0 的，这里填 0。",
    ),
    ("N07 yuan", cell("项目", 3, "区级", "125000元"), "这一列单位是万元，只写数字。“125000元”是不是 12.5？"),
    (
        "money as a date",
        cell("项目", 3, "区级", small().projects[0].starts),
        "《项目》第 3 行“区级”：这里要写金额，单位万元，如 320.00。",
    ),
    ("year", cell("项目", 2, "年度", 26), "《项目》第 2 行“年度”：要写 2000 到 2099 之间的整数。"),
    (
        "basis without key",
        cell("项目", 2, "是否重点", "否"),
        "《项目》第 2 行“重点依据”：写了依据，是否重点却不是“是”。请改成一致。",
    ),
    (
        "unknown basis",
        cell("项目", 2, "重点依据", "领导要求"),
        "只能填：重大决策部署、社会关注度高、重大支出。",
    ),
    (
        "ends before start",
        cell("项目", 2, "计划结束", "2026-02-01"),
        "《项目》第 2 行“计划结束”：早于计划开始。",
    ),
    ("X07 serial number as date", bare("项目", 3, "计划开始", 46082), "看不出日期。请写成 2026-03-01。"),
    ("31 February", cell("项目", 3, "计划开始", "2026-2-31"), "看不出日期。请写成 2026-03-01。"),
    (
        "unknown project",
        row("指标", 项目编码="P9", 序号=1, 年度目标="1个", **INDICATOR),
        "《指标》第 5 行“项目编码”：《项目》里没有编码“P9”。",
    ),
    (
        "position twice",
        row("指标", 项目编码="P1", 序号=2, 年度目标="1个", **INDICATOR),
        "《指标》第 5 行“序号”：第 3 行已是这个项目的第 2 条。",
    ),
    ("position 0", cell("指标", 2, "序号", 0), "《指标》第 2 行“序号”：要写 1 到 999 之间的整数。"),
    ("position 1.5", cell("指标", 2, "序号", 1.5), "《指标》第 2 行“序号”：要写 1 到 999 之间的整数。"),
    ("no level 3", cell("指标", 2, "三级指标", None), "《指标》第 2 行“三级指标”：没有填。"),
    ("stage with unit", cell("指标", 2, "二季度阶段值", "20间"), "只写一个数，不带单位，如 36。"),
    (
        "X07 formula never calculated",
        cell("项目", 3, "区级", "=1+1"),
        "《项目》第 3 行“区级”：公式还没有算出结果。",
    ),
    (
        "X07 in an optional cell",
        cell("项目", 2, "省级", "=A1"),
        "《项目》第 2 行“省级”：公式还没有算出结果。",
    ),
    (
        "X07 error value",
        cell("项目", 3, "市级", "#REF!"),
        "《项目》第 3 行“市级”：这一格是错误值（如 #REF!）。",
    ),
    ("too many offline", cell("单位", 2, "线下报送项目数", -1), "要写 0 到 999 之间的整数。"),
]


@pytest.mark.parametrize(
    ("change", "sentence"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES]
)
def test_a_mistake_is_named_where_it_is_and_nothing_is_read(change: Change, sentence: str) -> None:
    reading = read_roster(changed(change), "名册.xlsx")
    assert reading.roster is None
    assert any(sentence in str(found) for found in reading.problems), [
        str(found) for found in reading.problems
    ]


#: N01–N12 in a money cell: what is refused. The sentences are regulation.amounts' own.
@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "NaN",
        "Infinity",
        "1e309",
        "1e3",
        "１e5",
        "1_000",
        "½",
        "12²",
        "①",
        "12,34",
        "/",
        "无",
        "约50",
        "12%",
        "=1+1 ",
        "0.1+0.2",
        "9" * 400,
        "1234567890123",
        "1.2345678",
    ],
    ids=lambda text: text[:12],
)
def test_money_as_text_follows_the_number_rules(text: str) -> None:
    """N02–N12, X07"""

    def change(book: Workbook) -> None:
        put(book, "项目", 3, "区级", text)
        target = book["项目"]["K3"]
        target.data_type = "s"

    reading = read_roster(changed(change), "名册.xlsx")
    assert reading.roster is None
    assert any((p.sheet, p.row, p.column) == ("项目", 3, "区级") for p in reading.problems)


def test_every_mistake_is_told_at_once_in_the_order_of_the_sheets() -> None:
    change = both(
        cell("指标", 2, "序号", 0), cell("部门", 2, "部门名称", None), cell("项目", 3, "年度", "今年")
    )
    reading = read_roster(changed(change), "名册.xlsx")
    assert [(found.sheet, found.row, found.column) for found in reading.problems] == [
        ("部门", 2, "部门名称"),
        ("项目", 3, "年度"),
        ("指标", 2, "序号"),
    ]


WARNINGS: list[tuple[str, Change, str]] = [
    (
        "unit without head",
        cell("人员", 5, "是否在用", "否"),
        "《单位》第 3 行：《人员》里没有人是它的单位负责人，相应的提醒没有人收。",
    ),
    ("no budget office", cell("人员", 6, "是否在用", "否"), "《部门》第 2 行：《人员》里没有人是它的预算科"),
    (
        "no department head",
        cell("人员", 7, "是否在用", "否"),
        "《部门》第 2 行：《人员》里没有人是它的部门负责人",
    ),
    (
        "no division people",
        cell("人员", 8, "是否在用", "否"),
        "《处室》第 2 行：《人员》里没有人是它的归口业务处室",
    ),
    ("no performance office", cell("人员", 9, "是否在用", "否"), "《人员》“职责”：没有人是绩效科。"),
    ("no admin", cell("人员", 10, "是否在用", "否"), "《人员》“职责”：没有人是系统管理员。"),
    (
        "nobody can reach them",
        both(cell("人员", 6, "演练账号", None), cell("人员", 6, "钉钉 userid", None)),
        "《人员》第 6 行“姓名”：王五没有写任何平台的账号，收不到消息。",
    ),
    (
        "filler of another unit",
        cell("人员", 3, "职责", "单位负责人"),
        "《项目》第 3 行“经办人编码”：张三在《人员》里不是这个单位的经办人，请核对。",
    ),
    ("key without basis", cell("项目", 2, "重点依据", None), "重点项目没有写依据（第五条）。"),
    (
        "no indicators",
        both(cell("指标", 4, "项目编码", "P1"), cell("指标", 4, "序号", 3)),
        "《指标》里没有这个项目的指标。",
    ),
    ("K empty target", cell("指标", 2, "年度目标", None), "《指标》第 2 行“年度目标”：空着。"),
    ("another year", cell("项目", 3, "年度", 2025), "这本名册里不止一个年度，请核对。"),
    (
        "same name twice",
        both(cell("项目", 3, "项目名称", "校舍改造"), cell("项目", 3, "单位编码", "U01")),
        "《项目》第 3 行“项目名称”：和第 2 行同一单位、同一名称，请核对是不是重复。",
    ),
    (
        "unknown column",
        lambda book: setattr(book["处室"]["C1"], "value", "备注"),
        "《处室》第 1 行“备注”：模板里没有这一列",
    ),
]


@pytest.mark.parametrize(
    ("change", "sentence"), [each[1:] for each in WARNINGS], ids=[each[0] for each in WARNINGS]
)
def test_what_is_only_odd_warns_and_is_read(change: Change, sentence: str) -> None:
    reading = read_roster(changed(change), "名册.xlsx")
    assert reading.roster is not None, [str(found) for found in reading.problems]
    assert any(sentence in str(found) for found in reading.warnings), [
        str(found) for found in reading.warnings
    ]
