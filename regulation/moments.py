"""Days and periods as offices write them: 2023年12月31日, 11月底前, 三季度末, 2020年1月--2020年11月 (DOMAIN §3.3 E)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from regulation.folding import fold

#: Longer than any date; sentences are not searched for dates.
LONGEST = 48


@dataclass(frozen=True, slots=True)
class Moment:
    """A day by which something is to be done. ``year`` None: the text names none; ``day`` None: the month's last."""

    year: int | None
    month: int
    day: int | None = None
    sure: bool = True  # False: a period, or 前 that may or may not include the month it names
    later: int = 0  # 次年: so many years after the budget year, when ``year`` is None

    def on(self, year: int | None = None) -> date | None:
        """The calendar day, in ``year`` when the text names none; None without a year or when there is no such day."""
        if self.year is None and year is None:
            return None
        known = self.year or (year or 0) + self.later
        last = calendar.monthrange(known, self.month)[1]
        return date(known, self.month, self.day or last) if (self.day or last) <= last else None


_YEAR = (
    "(?:(?P<y>(?:19|20)[0-9]{2})年度?|(?P<this>本年度?|当年度?|今年|年度内?)"
    "|(?P<next>次年度?|翌年|明年|下一?年度?)|)"
)
_LEAD = re.compile(
    r"^(?:已于|已在|截至|截止到?|不晚于|不迟于|最晚|最迟|力争|确保|预计|计划|于|在|至|到|[≤<=])++(?=[0-9年本当今全上下第])"
)
_DONE = (
    "完成|竣工|完工|交付|到位|建成|投入使用|办结|发放|验收|支付|结束|实施|开工|执行|使用|拨付|采购|达标|启动|上线"
    "|安装|建设|项目|工程|任务|工作|到|并"
)
_TAIL = re.compile(
    rf"(?:之前|以前|前)?(?:以内|之内|(?<!年)(?<!年度)内|止|为止)?(?:全部|全面|基本|按时|按期|如期)?(?:{_DONE})*$"
)
_PART = r"(?P<part>底|末|初|上旬|中旬|下旬)?"
#: Ordered; the first that matches the whole of what is left wins.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}(?P<m>[0-9]{{1,2}})月份?(?:(?P<d>[0-9]{{1,2}})[日号]?|{_PART})",
        r"(?P<y>(?:19|20)[0-9]{2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})",
        r"(?P<y>(?:19|20)[0-9]{2})[-/](?P<m>[0-9]{1,2})",
        rf"{_YEAR}第?(?P<q>[1-4])季度{_PART}",
        rf"{_YEAR}(?P<half>上半年|下半年){_PART}",
        r"(?P<y>(?:19|20)[0-9]{2})年(?:度|年|内|度内|全年|全年度)?(?P<part>底|末|终)?",
        r"(?:(?:本|当)?年度?(?P<part>底|末|终)|(?:本|当)年度?内?|年度?内|今年|全年度?)",
    )
)
_NUMERALS = "零一二三四五六七八九"
_DAYS = {
    (f"{_NUMERALS[n // 10]}十" if n >= 20 else "十" if n >= 10 else "")
    + (_NUMERALS[n % 10] if n % 10 else ""): n
    for n in range(1, 32)
}
_TEN_DAYS = {"初": 10, "上旬": 10, "中旬": 20}
_BETWEEN = re.compile(r"-{1,2}|—{1,2}|–|~|至|到")
_SHORT_SIDE = re.compile(r"(?:(?P<y>(?:19|20)[0-9]{2})[.年])?(?P<m>[0-9]{1,2})")
_YEAR_SIDE = re.compile("(?:19|20)[0-9]{2}")
#: Without one of these no text names a day; looked for first, because most targets name none.
_MAYBE = re.compile(r"[年月季]|[0-9０-９]\s*[-－/／.．—–~～至到]")


def read_moment(text: str) -> Moment | None:
    """The day a text names, or the last day of the period it names; None for everything else."""
    return _read(text) if len(text) <= LONGEST and _MAYBE.search(text) else None


@lru_cache(maxsize=4096)
def _read(text: str) -> Moment | None:
    words = "".join(re.sub(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$", "", fold(text)).split()).rstrip("。.;,，")
    words = re.sub(r"[一二三四五六七八九十]{1,3}(?=[月日号季])", _day_number, words)
    return _one(words) or _period(words)


def _day_number(found: re.Match[str]) -> str:
    return str(_DAYS.get(found[0], found[0]))


def _one(words: str) -> Moment | None:
    core = _LEAD.sub("", words)
    tail = _TAIL.search(core)
    core, rest = (core[: tail.start()], tail[0]) if tail else (core, "")
    for form in _FORMS:
        found = form.fullmatch(core)
        if found and core:
            return _checked(found.groupdict(), within="内" in core + rest)
    return None


def _checked(parts: dict[str, str | None], *, within: bool) -> Moment | None:
    year, day, quarter = (int(parts.get(key) or 0) for key in ("y", "d", "q"))
    part = parts.get("part") or ""
    month = int(parts.get("m") or 0) or quarter * 3 or (6 if parts.get("half") == "上半年" else 12)
    if not 1 <= month <= 12 or parts.get("m") in ("0", "00") or parts.get("d") in ("0", "00"):
        return None
    sure = bool(day) or within or part in ("底", "末", "终")
    moment = Moment(year or None, month, day or _TEN_DAYS.get(part), sure, int(bool(parts.get("next"))))
    return moment if moment.on(year or 2000) else None


def _period(words: str) -> Moment | None:
    """``A--B``: the last day of B, which may take its year from A."""
    for cut in _BETWEEN.finditer(words):
        left, right = _side(words[: cut.start()]), _side(words[cut.end() :])
        years = _YEAR_SIDE.fullmatch(words[: cut.start()]) is not None  # 2025-2026年, but not 1900-2000
        if left and right and ("年" in words if years else left.year or re.search("[年月]", words)):
            return replace(right, year=right.year or left.year, sure=False)
    return None


def _side(words: str) -> Moment | None:
    if _YEAR_SIDE.fullmatch(words):
        return Moment(int(words), 12)
    short = _SHORT_SIDE.fullmatch(words)
    if short:
        month = int(short["m"])
        return Moment(int(short["y"]) if short["y"] else None, month) if 1 <= month <= 12 else None
    return _one(words)
