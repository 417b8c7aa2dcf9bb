"""How often something is to be done: 1次/月, 每季度至少1次, 按月发放 (DOMAIN §3.3 F)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from regulation.comparisons import read_comparison
from regulation.numerals import NUMERAL

_PERIOD = "(?P<period>半年|年|季度?|个?月|周|日|天|学期)"
_TIMES = "(?P<times>次|场次|期|场|回|轮|批|遍|篇|份|堂|课)"
_NUMBER = f"(?P<number>[0-9]+|[{NUMERAL}]{{1,3}})"
_MORE = "(?P<least>≥|>=|不少于|不低于|至少)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_MORE}{_NUMBER}{_TIMES}(?:[/每]|每个){_PERIOD}(?P<more>以上)?",
        rf"每个?{_PERIOD}(?:开展|举办|召开|组织|检查|报送)?{_MORE}{_NUMBER}{_TIMES}(?P<more>及?以上)?",
        rf"一{_PERIOD}{_MORE}{_NUMBER}{_TIMES}(?P<more>及?以上)?",
    )
)
_RHYTHM = re.compile(
    r"[按每逐分]个?(?:年度?|季度?|月度?|周|日|天|半年)"
    r"(?:安排|开展|进行|实施|拨付|发放|支付|报送|上报|完成|执行|落实|巡查|检查|考核|结算|缴纳|公示|更新|推进)?"
)
#: Without one of these nothing is a frequency; looked for first, because most targets are none.
_MAYBE = re.compile("[/每一按逐分]")


@dataclass(frozen=True, slots=True)
class Frequency:
    """``value`` None: a rhythm without a number (按月发放). ``sure``: at least is written, and in digits."""

    value: Decimal | None = None
    unit: str = ""
    sure: bool = False


def read_frequency(words: str) -> Frequency | None:
    """The frequency a folded text consists of; None for everything else."""
    if not _MAYBE.search(words):
        return None
    bare = "".join(words.split()).rstrip("。;,")
    for form in _FORMS:
        found = form.fullmatch(bare)
        counted = read_comparison(f"{found['number']}{found['times']}") if found else None
        if found and counted:
            sure = bool(found["least"] or found["more"]) and not counted.chinese
            return Frequency(counted.value, f"{found['times']}/{found['period'].removeprefix('个')}", sure)
    return Frequency() if _RHYTHM.fullmatch(bare) else None
