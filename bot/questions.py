"""What can be asked in a line of chat: a table of patterns with named slots; nothing outside it is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from regulation.folding import fold
from regulation.numerals import read_chinese
from regulation.roster import Role
from regulation.rounds import MonitoringRound
from regulation.tracing import WORDS

#: how many are listed when no number is said, and at most.
USUAL, MOST = 10, 50


class Ask(StrEnum):
    """The kinds of question."""

    OWING = "owing"
    WHY = "why"
    SLOWEST = "slowest"
    WORST = "worst"
    HOW = "how"
    TRACE = "trace"
    RESULTS = "results"
    EXPORT = "export"
    EXPORT_FORMS = "forms"
    PROGRESS = "progress"
    UNOPENED = "unopened"
    NUDGED = "nudged"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``who`` is the name in it as said, '' when there is none."""

    ask: Ask
    who: str = ""
    quarter: int = 0  # 2 or 3; 0: the round being collected
    count: int = USUAL
    year: int = 0  # 0: the year being collected
    figure: str = ""  # which figure, where it is asked for one


_SLOTS = {
    "who": r"(?P<who>[^:=;\n]{1,60}?)",
    "count": r"(?P<count>\d{1,4}|[一二三四五六七八九十两百]{1,4})",
    "not": r"没有?",
    "slow": r"(?:支出|执行|花钱)(?:进度)?",
    "nudged": r"(?:谁催过|催过谁|谁被催过)",
    "why": r"(?:为什么|为啥|为何)",
    "year": r"(?P<year>20\d\d)年",
    "from": r"(?:的?(?:数字?|数据)?是?(?:从?哪里?儿?来|怎么来|怎么算出?来?))",
    "asked": r"(?:还有)?(?:谁|哪些单位|哪些部门|哪几家|哪些人)还?",
}


def _pattern(text: str) -> re.Pattern[str]:
    for name, slot in _SLOTS.items():
        text = text.replace(f"{{{name}}}", slot)
    return re.compile(text)


#: the question, how it is said ({slots} as above), an example for the help card.
PATTERNS: tuple[tuple[Ask, re.Pattern[str], str], ...] = tuple(
    (ask, _pattern(text), example)
    for ask, text, example in (
        (Ask.UNOPENED, r"{who}??{asked}{not}打开过?(?:的)?", "谁没打开过"),
        (Ask.UNOPENED, r"{asked}{not}打开过?{who}", "谁没打开过 教育局"),
        (Ask.OWING, r"{who}??{asked}{not}(?:交|报送?|填)", "还有谁没交"),
        (Ask.OWING, r"{asked}{not}(?:交|报送?|填){who}", "还有谁没交 教育局"),
        (Ask.OWING, r"{who}??还?(?:逾期|没报|未报)的?(?:单位|部门|项目|名单)?(?:有哪些|有谁)?", "逾期"),
        (Ask.SLOWEST, r"{who}??{slow}最慢的?(?:{count}个)?(?:项目)?", "三季度支出最慢的10个项目"),
        (Ask.WORST, r"{who}??偏离最[大重多]的?(?:{count}个)?(?:项目)?", "偏离最大的5个项目"),
        (Ask.PROGRESS, r"全区(?:进度|情况|怎么样)", "全区进度"),
        (Ask.NUDGED, r"{who}??{nudged}", "谁催过"),
        (Ask.NUDGED, r"{nudged}{who}", "谁催过 新桥小学"),
        (Ask.EXPORT, r"导出三张表{who}??", "导出三张表"),
        (Ask.EXPORT, r"{who}导出三张表", "教育局导出三张表"),
        (Ask.EXPORT_FORMS, r"导出附表[1一]{who}??", "导出附表1 新桥小学"),
        (Ask.WHY, r"{who}{why}(?:会|是|变)?[红黄](?:了|的)?", "教育局为什么红"),
        (Ask.WHY, r"{why}{who}(?:会|是|变)?[红黄](?:了|的)?", "为什么教育局红"),
        (Ask.RESULTS, r"(?:{year}的?)?{who}??的?全年(?:的?结果|怎么样)", "全年结果"),
        (Ask.RESULTS, r"{year}的?{who}??的?结果", "2026年结果"),
        (Ask.RESULTS, r"全年结果{who}", "全年结果 教育局"),
        (Ask.TRACE, r"{who}{from}", "教育局执行率的数从哪来"),
        (Ask.HOW, r"{who}(?:现在)?(?:怎么样|怎样|情况如何|进展如何)了?", "校舍安全改造怎么样"),
    )
)
#: which quarter is meant; it may stand anywhere.
_QUARTER = re.compile(r"第?([二三23])季度的?")
#: what each duty may usefully ask: the examples of the help card.
EXAMPLES: dict[Role, tuple[Ask, ...]] = {
    Role.PERFORMANCE_OFFICE: (
        Ask.OWING,
        Ask.PROGRESS,
        Ask.WHY,
        Ask.TRACE,
        Ask.RESULTS,
        Ask.SLOWEST,
        Ask.WORST,
    ),
    Role.FINANCE_DIVISION: (Ask.OWING, Ask.WHY, Ask.TRACE, Ask.SLOWEST),
    Role.DEPARTMENT_HEAD: (Ask.OWING, Ask.WHY, Ask.SLOWEST, Ask.NUDGED),
    Role.BUDGET_OFFICE: (Ask.OWING, Ask.UNOPENED, Ask.SLOWEST, Ask.EXPORT),
    Role.UNIT_HEAD: (Ask.HOW, Ask.OWING),
}


def understood(text: str) -> Question | None:
    """The question in a line; None for a line that is none of the table's."""
    line = "".join(fold(text).split()).rstrip("?？。!！吗呢")
    if len(line) > 80:
        return None
    said_quarter = _QUARTER.search(line)
    line = _QUARTER.sub("", line, count=1)
    for ask, pattern, _ in PATTERNS:
        if found := pattern.fullmatch(line):
            said = found.groupdict()
            who = (said.get("who") or "").removesuffix("的").strip("，,、")
            who, figure = _figure(who) if ask is Ask.TRACE else (who, "")
            quarter = _quarter(said_quarter[1] if said_quarter else "")
            year = int(said.get("year") or 0)
            return Question(ask, who, quarter, _count(said.get("count")), year, figure)
    return None


def _figure(words: str) -> tuple[str, str]:
    """``教育局附表2执行率`` apart: whose, and which of the figures known by name; '' for one that is not."""
    figure = next((word for word in WORDS if words.endswith(word)), "")
    who = re.sub(r"(?:的|附表[123一二三])+$", "", words.removesuffix(figure))
    return "" if figure and who == "全区" else who, figure


def examples(roles: set[Role]) -> tuple[str, ...]:
    """Questions for somebody with these duties, each kind once."""
    asks = dict.fromkeys(ask for role, known in EXAMPLES.items() if role in roles for ask in known)
    shown = {ask: example for ask, _, example in reversed(PATTERNS)}
    return tuple(shown[ask] for ask in asks)


def round_of(question: Question, present: MonitoringRound) -> MonitoringRound:
    """The round asked about: the latest of that quarter that has opened."""
    if not question.quarter or question.quarter == present.quarter:
        return present
    return present.previous


def _quarter(text: str) -> int:
    return {"二": 2, "2": 2, "三": 3, "3": 3}.get(text, 0)


def _count(text: str | None) -> int:
    if not text:
        return USUAL
    number = int(text) if text.isdecimal() else int(read_chinese(text) or USUAL)
    return max(1, min(number, MOST))
