"""A comparator, a number and a unit in one string: ``≥95%``, 不少于12种, 5%以下, 百分之九十五以上 (DOMAIN §3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from regulation.measures import Operator
from regulation.numerals import CHINESE, NUMERAL, Fault, read_chinese, read_digits
from regulation.units import Family, family

#: Longer strings are prose, not comparisons; checked first, so that reading is bounded.
LONGEST = 64

GE, LE, EQ, GT, LT = Operator.GE, Operator.LE, Operator.EQ, Operator.GT, Operator.LT

_AT_LEAST = """
>= => ≥= =≥ ≥ 大于等于 大于或等于 高于或等于 达到 达 最低 最少 至少 不低于 不少于 不小于 不短于
不得低于 不得少于 不能低于 不能少于
"""
_AT_MOST = """
<= =< ≤= =≤ ≤ 小于等于 小于或等于 低于或等于 控制在 至多 最多 最高 不超过 不超 未超过 不高于 不大于 不多于 不长于
不得超过 不得高于
不得多于 不能超过
"""
#: Written before the number; the longest word that fits is meant.
BEFORE: dict[str, Operator] = {
    **dict.fromkeys(_AT_LEAST.split(), GE),
    **dict.fromkeys(_AT_MOST.split(), LE),
    **dict.fromkeys(("=", "==", "等于"), EQ),
    **dict.fromkeys((">", "大于", "高于", "多于", "超过", "超"), GT),
    **dict.fromkeys(("<", "小于", "低于", "少于", "不足", "不到"), LT),
}
#: Written after the number and its unit.
AFTER: dict[str, Operator] = {
    **dict.fromkeys(("及以上", "或以上", "以上", "起步"), GE),
    **dict.fromkeys(("及以下", "或以下", "以下", "以内", "之内", "内"), LE),
}
#: 约, 左右: about that much, so never a sure target and never a figure.
ABOUT = ("左右", "上下", "余", "多")
#: What a unit may be followed by without changing the meaning.
DONE = "完成|办结|响应|到位|处理|处置|解决|达标|合格|覆盖|送达|修复|到达|发放|发放到位|完工|验收合格"

_BEFORE = "|".join(re.escape(word) for word in sorted(BEFORE, key=len, reverse=True))
_AFTER = "|".join(AFTER)
_NUMBER = r"[-+]?(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)"
_SHAPE = re.compile(
    rf"(?P<about>约|大约|≈|大概)?(?:应当?|须|必须|确保)?(?P<before>{_BEFORE})?(?P<about2>约)?"
    rf"(?P<number>{_NUMBER}|[{NUMERAL}]+(?:点[{NUMERAL}]+)?)(?P<unit>/10?万人?|[^0-9<>=≥≤]{{0,9}}?[mM][23]|[^0-9<>=≥≤]{{0,10}}?)"
    rf"(?P<after>{_AFTER})?(?P<about3>{'|'.join(ABOUT)})?(?P<done>{DONE}|(?<=内)(?![^\u4e00-\u9fff]|.*[不无未])[^0-9<>=≥≤]{{2,8}})?"
)
#: A unit nobody listed: short, only letters; 2号线, 3A级, 5G and 9成 are names or shares, not amounts.
_STRANGE_UNIT = re.compile(r"(?![号级类等档第成番倍AGag]|大|期工程)[A-Za-z/\u4e00-\u9fff]{1,6}")
_EMBEDDED = re.compile(
    rf"(?P<lead>[^0-9,<>=≥≤。;:!?]*?[^0-9<>=≥≤,.\-+第])(?P<rest>(?:{_BEFORE})?{_NUMBER}.*)", re.DOTALL
)
#: A sign written behind a name that may hold figures of its own: 65岁以上老年人健康管理率≥70%.
_SIGNED = re.compile(
    r"(?P<lead>[^≥≤<>=,;。!?]*[\u4e00-\u9fff][^≥≤<>=,;。!?]*)(?P<rest>[≥≤<>=]{1,2}[^≥≤<>=]+)"
)
#: Figures that belong to a name: 65岁, 0-6岁, 12345热线, PM2.5, DN300, 5G, 15分钟生活圈.
_LABELS = re.compile(
    "[0-9]+(?:[-~至][0-9]+)?(?=周?岁)|1[0-9]{2,4}(?=热线|急救|接处警|报警|平台|指挥)|[A-Za-z]+-?[0-9][0-9.]*"
    "|[0-9]+(?=[A-Z])|[0-9]+(?=分钟[^0-9]{0,6}圈)"
)
#: Words that turn what follows into something else: 不宜超过5%, 各1次, 每人17元, 第3次, 减按15%.
_TURNS = re.compile(r"(?:(?:不(?!满意|合格|良)|[未没禁勿免防非各每])[^0-9]{0,3}|第|按|税率|降低|下降|减少)$")
#: Only a part of the year, of the people or of the things is spoken of: 一季度≥25%, 每期≥50人, 其中女性≥30%.
_PARTLY = re.compile(rf"季度|半年|[{NUMERAL}]月|首年|第[{NUMERAL}]年|[每各]|其中")
#: What numbers are written with that stand in front of a unit: 一百二十万元 is 120 万元 as 1.2万元 is 1.2 万元.
_SCALES = str.maketrans("萬億", "万亿")


#: Nine in ten: sign, digits, a listed unit, no year. The same as what the long way finds, only sooner.
_PLAIN = re.compile(
    r"(?P<before>[≥≤=<>]|[<>]=)?(?!(?:19|20)[0-9]{2}年)"
    r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)(?P<unit>[^0-9()/\s.]{1,6})"
)
_PLAIN_FAMILIES = frozenset({Family.PERCENT, Family.MONEY, Family.DURATION, Family.STATE, Family.COUNT})
_SPLIT = re.compile(r"[0-9.,]\s+[0-9]")
_INCLUDING = re.compile(r"\(?含(?:本数)?\)?(?=以)")
_SHARE = re.compile(rf"(百|千)分之([{NUMERAL}点]+|[0-9.]+)")
_UNIT_IN_BRACKETS = re.compile(r"(?<=[0-9])\(([^()0-9]{1,8})\)$")
_REMARK = re.compile(r"(?P<rest>[^()]*[0-9][^()]*)\([^()0-9<>=≥≤每各均或其]{1,12}\)")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One reading. ``operator`` None: none written. ``loose``: read out of words, or with an unlisted unit."""

    operator: Operator | None
    value: Decimal
    unit: str
    chinese: bool = False
    about: bool = False
    loose: bool = False
    lead: str = ""  # the words before it, when it ends a phrase: 辖区企业满意率 in 辖区企业满意率达95%以上


def read_comparison(words: str) -> Comparison | None:
    """The comparison a folded text consists of; None when anything is left over or the signs contradict."""
    plain = _PLAIN.fullmatch(words)
    if plain and family(plain["unit"]) in _PLAIN_FAMILIES:
        return Comparison(BEFORE.get(plain["before"]), Decimal(plain["number"]), plain["unit"])
    return _read_written_out(words)


def _read_written_out(words: str) -> Comparison | None:
    if len(words) > LONGEST or _SPLIT.search(words):
        return None
    bare = "".join(words.split()).strip("。;,、!").rstrip(".")
    if "含" in bare:
        bare = _INCLUDING.sub("", bare)
    if "分之" in bare:
        bare = _SHARE.sub(_share, bare)
    found = _SHAPE.fullmatch(_UNIT_IN_BRACKETS.sub(_unit_in_brackets, bare) if bare.endswith(")") else bare)
    return _comparison(found) if found else None


def read_remarked(words: str) -> Comparison | None:
    """A comparison with a remark in brackets that adds no figure and does not divide it: ``≥95%（问卷调查）``."""
    found = _REMARK.fullmatch("".join(words.split()).rstrip("。;,"))
    inner = read_comparison(found["rest"]) if found else None
    return replace(inner, loose=True) if inner and inner.unit else None


def read_embedded(words: str) -> Comparison | None:
    """The comparison a short phrase ends with (年度预算220万元, …满意率达95%以上); None when there are others."""
    if len(words) > LONGEST:
        return None
    bare = "".join(words.split()).rstrip("。;,.!")
    found = _signed(bare) or _EMBEDDED.fullmatch(bare)
    if not found or _TURNS.search(found["lead"]) or _PARTLY.search(found["lead"]):
        return None
    inner = read_comparison(found["rest"])
    if not inner or family(inner.unit) in (Family.UNKNOWN, Family.NONE):
        return None
    return replace(inner, loose=True, lead=found["lead"])


def _signed(bare: str) -> re.Match[str] | None:
    found = _SIGNED.fullmatch(bare)
    return found if found and not re.search("[0-9]", _LABELS.sub("", found["lead"])) else None


def _share(found: re.Match[str]) -> str:
    """百分之九十五 as 九十五%, 百分之百 as 一百%."""
    number = "一百" if found[2] in ("百", "佰") else found[2]
    return number + ("‰" if found[1] == "千" else "%")


def _unit_in_brackets(found: re.Match[str]) -> str:
    known = family(found[1]) not in (Family.UNKNOWN, Family.NONE)
    return found[1] if known else found[0]


def _comparison(found: re.Match[str]) -> Comparison | None:
    before, after = BEFORE.get(found["before"]), AFTER.get(found["after"])
    value, unit, chinese = _number(found["number"], found["unit"])
    if value is None or (before and after and before.is_cap != after.is_cap):
        return None
    known, signed = family(unit), bool(before or after)
    if not _unit_fits(unit, known, value, signed=signed, chinese=chinese):
        return None
    if (found["after"] == "内" or _more(found["done"])) and known is not Family.DURATION:
        return None
    about = any(found[name] for name in ("about", "about2", "about3"))
    doubled = bool(before and after and before is not after and before is not EQ)
    loose = known is Family.UNKNOWN or doubled or bool(found["done"]) or found["number"].startswith(".")
    return Comparison(
        _operator(before, after), value, unit, chinese, about, loose or (before is EQ and after is not None)
    )


def _more(done: str | None) -> bool:
    return bool(done) and done not in DONE.split("|")


def _unit_fits(unit: str, known: Family, value: Decimal, *, signed: bool, chinese: bool) -> bool:
    if unit.startswith("年") and 1900 <= value < 2100:
        return False  # 不低于2025年水平: a year, not two thousand of them
    if known is Family.UNKNOWN:
        return _strange_is_fine(unit, written=signed, chinese=chinese)
    return not (chinese and known is Family.NONE and not signed)  # 一, 百: words more often than numbers


def _operator(before: Operator | None, after: Operator | None) -> Operator | None:
    return after if before in (None, EQ) and after else before


def _number(word: str, unit: str) -> tuple[Decimal | None, str, bool]:
    """The value, its unit, and whether it was written in Chinese numerals, whose last 万 or 亿 goes to the unit."""
    if not CHINESE.fullmatch(word):
        value = read_digits(f"0{word}" if word.startswith(".") else word)
        return (None if isinstance(value, Fault) or word.startswith("+") else value), unit, False
    whole, scale = word[:-1], word[-1].translate(_SCALES)
    scaled = read_chinese(whole) if unit and scale in "万亿" else None
    if scaled is not None and family(scale + unit) is not Family.UNKNOWN:
        return scaled, scale + unit, True
    return read_chinese(word), unit, True


def _strange_is_fine(unit: str, *, written: bool, chinese: bool) -> bool:
    if chinese or not _STRANGE_UNIT.fullmatch(unit):
        return False
    return written or len(unit) <= 2
