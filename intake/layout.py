"""Which sheets and columns the roster workbook has: one table for the template, the reader and the export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from regulation.roster import ROLE_LABELS, FundSource, KeyBasis, Role

#: Proves that a workbook came from this template; the number goes up when a column changes its meaning.
MARKER = "jixiao-roster"
VERSION = 1
MARKER_SHEET = "_版本"

#: A row whose first cell starts so is an example and is never imported.
EXAMPLE = "例"
#: What the scope column says for duties over the whole district (Duty.scope_id ``*``).
DISTRICT_WIDE = "全区"
YES, NO = "是", "否"
PUBLIC = "公开"

Value = str | Decimal | int | date | None


class Kind(StrEnum):
    """What a column takes; decides the cell format and the validation in the template."""

    TEXT = "text"
    CODE = "code"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    CHOICE = "choice"
    SUGGESTION = "suggestion"  # a list that may be left


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (``unit`` follows in brackets), the comment on it and the example below it."""

    name: str
    hint: str
    example: Value = None
    kind: Kind = Kind.TEXT
    unit: str = ""
    choices: tuple[str, ...] = ()
    refers: str = ""  # the sheet whose first column lists the allowed codes
    may_lack: bool = False  # workbooks from before this column are read as well
    width: int = 14

    @property
    def heading(self) -> str:
        """``年初预算（万元）``."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of rows."""

    name: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> int:
        """The 1-based position of that column in the template."""
        return next(at for at, column in enumerate(self.columns, 1) if column.name == name)


_CODE_RULE = "字母、数字、点、横线、下划线，不超过 40 个。定了就不要再改：系统靠它认人认项目。"
_SOURCE_RULE = "调整后预算里来自{}的钱，万元。没有就空着。"

DIVISIONS = Sheet(
    "处室",
    (
        Column("处室编码", _CODE_RULE, "例：C01", Kind.CODE),
        Column("处室名称", "财政局的归口业务处室。", "教科文科", width=28),
    ),
)
DEPARTMENTS = Sheet(
    "部门",
    (
        Column("部门编码", _CODE_RULE, "例：D01", Kind.CODE),
        Column("部门名称", "一级预算部门。", "区示例局", width=28),
        Column("归口处室编码", "这个部门的表报给财政局哪个处室。", "C01", Kind.CODE, refers="处室"),
        Column(
            "本年度预算总额",
            "部门全部资金，含基本支出，印在附表2。不会小于各项目合计。可以空着，由预算科填。",
            Decimal("3200.00"),
            Kind.MONEY,
            "万元",
            width=18,
            may_lack=True,
        ),
    ),
)
UNITS = Sheet(
    "单位",
    (
        Column("单位编码", _CODE_RULE, "例：U0101", Kind.CODE),
        Column("单位名称", "预算责任单位。部门本级也要占一行。", "区示例局本级", width=28),
        Column("部门编码", "属于哪个部门。", "D01", Kind.CODE, refers="部门"),
        Column("是否本级", "每个部门有且只有一行填“是”。空着算“否”。", YES, Kind.CHOICE, choices=(YES, NO)),
        Column("线下报送项目数", "涉密项目不写进本表，只在这里写个数。没有就空着。", None, Kind.WHOLE, "个"),
    ),
)
PEOPLE = Sheet(
    "人员",
    (
        Column("人员编码", _CODE_RULE + "一个人有几项职责就写几行，编码相同。", "例：zhangsan", Kind.CODE),
        Column("姓名", "", "张三"),
        Column("职责", "", ROLE_LABELS[Role.FILLER], Kind.CHOICE, choices=tuple(ROLE_LABELS.values())),
        Column(
            "职责范围编码",
            "经办人、单位负责人写单位编码；预算科、部门负责人写部门编码；归口业务处室写处室编码；"
            f"绩效科、系统管理员写“{DISTRICT_WIDE}”。",
            "U0101",
            Kind.CODE,
            width=16,
        ),
        Column("钉钉 userid", "钉钉管理后台“通讯录”里的 userid，不是手机号。", "", Kind.CODE, width=20),
        Column("企业微信 userid", "企业微信管理后台里的“账号”。", "", Kind.CODE, width=20),
        Column("演练账号", "只在演练时用，可以空着。", "zhangsan", Kind.CODE),
        Column("是否在用", "调走的人填“否”，不要删行。空着算“是”。", YES, Kind.CHOICE, choices=(YES, NO)),
    ),
)
SOURCES = {source: source.label for source in FundSource}
PROJECTS = Sheet(
    "项目",
    (
        Column("项目编码", _CODE_RULE, "例：P001", Kind.CODE),
        Column("预算项目编号", "预算管理一体化系统里的编号，可以空着。", "", Kind.CODE, width=20),
        Column("项目名称", "照预算批复写。涉密项目不要写进本表。", "校舍安全改造", width=32),
        Column("单位编码", "哪个单位填附表1。", "U0101", Kind.CODE, refers="单位"),
        Column("经办人编码", "谁来填，必须写到人（第九条）。", "zhangsan", Kind.CODE, refers="人员"),
        Column("年度", "", 2026, Kind.WHOLE, width=8),
        Column("年初预算", "年初批复数。年中新增的项目填 0。", Decimal("300.00"), Kind.MONEY, "万元"),
        *(
            Column(label, _SOURCE_RULE.format(label), amount, Kind.MONEY, "万元", width=12)
            for label, amount in zip(
                SOURCES.values(), (Decimal("100.00"), None, None, Decimal("220.00"), None), strict=True
            )
        ),
        Column("调整后预算", "可以空着，系统按五个来源相加；填了就要和它们相等。", None, Kind.MONEY, "万元"),
        Column("是否重点", "空着算“否”。", YES, Kind.CHOICE, choices=(YES, NO)),
        Column(
            "重点依据",
            "重点项目才填（第五条）。",
            KeyBasis.PUBLIC_CONCERN.value,
            Kind.CHOICE,
            choices=tuple(basis.value for basis in KeyBasis),
            width=16,
        ),
        Column("计划开始", "如 2026-03-01。", date(2026, 3, 1), Kind.DATE),
        Column("计划结束", "如 2026-11-30。", date(2026, 11, 30), Kind.DATE),
        Column("有在途采购", "空着算“否”。", NO, Kind.CHOICE, choices=(YES, NO)),
        Column(
            "密级",
            "空着或“公开”才会读入。写了别的，这一行不读入，只计个数，请线下报送（第十七条）。",
            PUBLIC,
            Kind.SUGGESTION,
            choices=(PUBLIC,),
        ),
    ),
)
INDICATORS = Sheet(
    "指标",
    (
        Column("项目编码", "和《项目》里的编码相同。", "例：P001", Kind.CODE),
        Column("序号", "同一项目里从 1 起，不重复。定了就不要再改。", 1, Kind.WHOLE, width=8),
        Column("一级指标", "", "产出", Kind.SUGGESTION, choices=("产出", "效果")),
        Column(
            "二级指标",
            "",
            "数量",
            Kind.SUGGESTION,
            choices=(
                "数量",
                "质量",
                "时效",
                "成本",
                "经济效益",
                "社会效益",
                "生态效益",
                "可持续影响",
                "满意度",
            ),
        ),
        Column("三级指标", "", "改造教室数量", width=32),
        Column("年度目标", "照批复的绩效目标一字不改，连同符号和单位，如 ≥95%、48间。", "48间", width=24),
        Column("二季度阶段值", "到 6 月底计划完成多少，只写数字，可以空着。", 20, Kind.NUMBER),
        Column("三季度阶段值", "到 9 月底计划完成多少，只写数字，可以空着。", 36, Kind.NUMBER),
    ),
)

SHEETS = (DIVISIONS, DEPARTMENTS, UNITS, PEOPLE, PROJECTS, INDICATORS)

#: platform name -> the column of 人员 that holds the user id there, in the order of Person.identities.
PLATFORM_COLUMNS = {"dingtalk": "钉钉 userid", "wecom": "企业微信 userid", "simulator": "演练账号"}
