"""Units of measure as offices write them: what family each belongs to, which are the same, and exact conversions."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from regulation.numerals import fits


class Family(StrEnum):
    """What a unit measures, as far as judging an indicator depends on it."""

    NONE = "none"
    PERCENT = "percent"
    MONEY = "money"
    DURATION = "duration"
    STATE = "state"  # scores, grades, temperatures, widths: read off, never added up
    COUNT = "count"  # things, people, areas, lengths: added up over the year
    PER = "per"  # 元/亩, 万元/月
    UNKNOWN = "unknown"


#: Different writings of one unit.
SAME = {
    "％": "%", "百分比": "%", "百分之": "%", "人/次": "人次", "人·次": "人次", "日": "天", "个月": "月",
    "个小时": "小时", "钟头": "小时", "分钟": "分钟", "个工作日": "工作日", "㎡": "平方米", "m2": "平方米",
    "m²": "平方米", "平米": "平方米", "平方": "平方米",
    "km2": "平方公里", "km²": "平方公里", "平方千米": "平方公里",
    "m": "米", "km": "公里", "千米": "公里", "延米": "米", "延长米": "米",
    "cm": "厘米", "mm": "毫米", "m3": "立方米", "m³": "立方米", "立方": "立方米", "方": "立方米", "kg": "公斤",
    "千克": "公斤", "t": "吨", "圆": "元", "块": "元", "块钱": "元", "万": "万元", "亿": "亿元", "台/套": "台套",
    "台（套）": "台套", "户/次": "户次", "个百分点": "百分点", "年度": "年", "周年": "年",
    "h": "小时", "min": "分钟", "d": "天", "㎞": "公里", "㎏": "公斤", "㎝": "厘米", "㎜": "毫米", "㎥": "立方米",
}  # fmt: skip

#: unit -> (what it is measured in, how many of those); conversions are exact or not made at all.
FACTORS: dict[str, tuple[str, Decimal]] = {
    "元": ("元", Decimal(1)), "百元": ("元", Decimal(100)), "千元": ("元", Decimal(1000)),
    "万元": ("元", Decimal(10) ** 4), "百万元": ("元", Decimal(10) ** 6), "千万元": ("元", Decimal(10) ** 7),
    "亿元": ("元", Decimal(10) ** 8), "%": ("%", Decimal(1)), "比例": ("%", Decimal(100)), "‰": ("%", Decimal("0.1")),
    "毫米": ("米", Decimal("0.001")), "厘米": ("米", Decimal("0.01")), "米": ("米", Decimal(1)),
    "公里": ("米", Decimal(1000)), "平方米": ("平方米", Decimal(1)), "公顷": ("平方米", Decimal(10000)),
    "平方公里": ("平方米", Decimal(10) ** 6), "公斤": ("公斤", Decimal(1)), "吨": ("公斤", Decimal(1000)),
    "分钟": ("分钟", Decimal(1)), "小时": ("分钟", Decimal(60)), "天": ("分钟", Decimal(1440)),
}  # fmt: skip

PERCENTS = frozenset({"%", "‰", "比例", "百分点"})
MONEYS = frozenset(unit for unit, (base, _) in FACTORS.items() if base == "元")
_DURATIONS = "年 月 周 星期 天 工作日 小时 分钟 秒 秒钟 学期 季度 个季度 自然日 日历天"
_STATES = "分 倍 级 星 星级 度 ℃ °C 摄氏度 分贝 dB db 厘米 毫米 位次 折 千瓦 公里/小时 mg"
_COUNTS = """
个 人 名 人次 户 户次 户数 家 家次 所 所次 座 处 处次 栋 幢 间 套 套次 台 台套 台次 部 辆 辆次 艘 架 架次 张 份 件
件次 本 册 篇 期 期次 次 场 场次 届 项 项次 条 条次 根 株 棵 丛 头 只 羽 尾 匹 批 批次 种 种次 类 起 例 例次 宗 笔
组 对 支 块 片 面 盏 杆 口 眼 孔 门 枚 粒 瓶 袋 箱 盒 包 桶 罐 卷 车 车次 班 班次 课 节 课时 学时 堂 村 镇 乡 街道
社区 县 市 校 园 站 点 点位 网点 网格 路 线 段 标段 平方米 平方公里 亩 亩次 公顷 米 公里 里 立方米 吨 公斤 克 斤
升 千瓦时 字 页 幅 首 集 人天 人日 人月 工日 台班 床 张床 床位 席 位 员 轮 回 遍 趟 航次 周次 对象 家庭 单位 学校
企业 项目 村次 岗位 名额 人份 标箱 公里次 针次 剂次 剂 疗程 盘 串 顶 付 副 双 把 尊 发 封 码 GB TB MB
"""
DURATIONS = frozenset(_DURATIONS.split())
STATES = frozenset(_STATES.split())
COUNTS = frozenset(_COUNTS.split())
#: 万平方米, 百人: a multiple in front of a unit.
MULTIPLES = {"百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8, "百": 100, "千": 1000, "十": 10}
#: 人(次), 个(处): one counter or the other.
BOTH = re.compile(r"([^()]+)\(([^()]+)\)")
_PER = re.compile("[/每]")
MULTIPLE = re.compile(r"(百万|千万|万|亿|百|千|十)(.+)")

#: Things measured against a scale of nature: an other base is an other quantity, not an other way of counting.
MEASURED = frozenset(
    {
        "米",
        "平方米",
        "立方米",
        "公斤",
        "亩",
        "克",
        "斤",
        "升",
        "千瓦时",
        "字",
        "GB",
        "TB",
        "MB",
        "课时",
        "学时",
    }
)


@lru_cache(maxsize=2048)
def same_unit(unit: str) -> str:
    """The usual writing of a unit (``㎡``, ``M²`` -> 平方米, ``人(次)`` -> 人次); unknown units as they are."""
    bare = "".join(unit.split())
    known = SAME.get(bare) or SAME.get(bare.lower())
    if known:
        return known
    both = BOTH.fullmatch(bare)
    joined = both[1] + both[2] if both else bare
    return joined if joined in COUNTS else bare


@lru_cache(maxsize=2048)
def family(unit: str) -> Family:
    """What a unit measures; ``人/次`` is a count, every other x/y is PER."""
    usual = same_unit(unit)
    if not usual:
        return Family.NONE
    for names, found in ((PERCENTS, Family.PERCENT), (MONEYS, Family.MONEY), (DURATIONS, Family.DURATION)):
        if usual in names:
            return found
    if usual in STATES:
        return Family.STATE
    if _PER.search(usual):
        return Family.PER
    multiple, either = MULTIPLE.fullmatch(usual), BOTH.fullmatch(usual)
    counted = usual in COUNTS or (multiple and same_unit(multiple[2]) in COUNTS)
    counted = counted or (either and {either[1], either[2]} <= COUNTS)
    return Family.COUNT if counted else Family.UNKNOWN


def counts_per(unit: str) -> bool:
    """Whether x/y counts things per something (个/年, 吨/日), unlike 元/亩."""
    return family(_PER.split(unit, 1)[0]) is Family.COUNT


def convert(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The same quantity in another unit (3200元 -> 0.32万元); None when it is another quantity or not exact."""
    base, factor = _scaled(unit)
    wanted_base, wanted_factor = _scaled(wanted)
    if base != wanted_base:
        return None
    there = value * factor / wanted_factor
    return there if fits(there) and there * wanted_factor == value * factor else None


def countable(unit: str) -> bool:
    """Whether the unit counts things one by one (个, 人, 户, 次), so that another counter may be meant."""
    return family(unit) is Family.COUNT and _scaled(unit)[0] not in MEASURED


def _scaled(unit: str) -> tuple[str, Decimal]:
    usual = same_unit(unit)
    if usual in FACTORS:
        return FACTORS[usual]
    multiple = MULTIPLE.fullmatch(usual)
    if multiple and family(usual) is Family.COUNT and usual not in COUNTS:
        base, factor = _scaled(multiple[2])
        return base, factor * MULTIPLES[multiple[1]]
    return usual, Decimal(1)
