"""The cards of 数字来源: the figures of a department, the projects behind one of them, the very words behind a cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.cards.card import Button, Card, Row, Style, Tone
from bot.cards.report import with_units
from bot.cards.words import clock, short, wan
from regulation.disclosure import without_numbers
from regulation.rates import DASH
from regulation.tracing import Filed, Origin, Part, Traced

#: so many lines on one page: with the two buttons that turn it they fit the smallest card.
PAGE = 4
_MONEY = ("arrived", "spent", "budget", "assets.", "procurement.", "total")


def figures(whose: str, lead: str, known: Sequence[Traced], page: int, subject: str, again: str) -> Card:
    """Every figure and text of 附表2 and 附表3, a page at a time; what turned stale stands first."""
    ordered = sorted(known, key=lambda each: not each.stale)
    shown, lead = _page(ordered, page, lead)
    return Card(
        name="tracing.figures",
        title=f"{whose} 附表2、3 的数从哪来",
        lead=lead,
        rows=tuple(Row(str(n), _figure(each), "△" if each.stale else "") for n, each in shown),
        buttons=(
            *(
                Button(f"trace:{subject}/{each.key}/1", short(f"{n} {each.label}", 10), Style.PRIMARY)
                for n, each in shown
            ),
            *_turning(again, len(ordered), page),
        ),
        note="点一个看它来自哪些项目，再看原话。也可以直接问“执行率的数从哪来”。"
        + (
            "△ 是来源已经更正、而这句话被改过的：改一改，或看过没问题回“偏离：同”“改进：同”。"
            if _any_stale(known)
            else ""
        ),
        subject=subject,
    )


def _any_stale(known: Sequence[Traced]) -> bool:
    return any(each.stale for each in known)


def _figure(each: Traced) -> str:
    form = each.form.removeprefix("附表2").strip()
    head = f"{form} {each.label}".strip()
    if each.formula:
        return f"{head}　{with_units(each.formula.partition(' = ')[2] or each.formula)}"
    many = f"（{len(each.sources)} 处）" if len(each.sources) > 1 else ""
    return f"{head}　{short(each.value, 60)}{many}" if each.value else f"{head}　没有写"


def behind(
    figure: Traced, lead: str, known: Sequence[Part], page: int, *, subject: str, version: int
) -> Card:
    """The projects one figure rests on, each named with its cells; ``version`` is the report's."""
    shown, lead = _page(known, page, lead)
    value = "" if figure.value in ("", DASH) or len(figure.value) > 20 else f" {figure.value}"
    return Card(
        name="tracing.behind",
        title=f"{short(figure.label, 18)}{value}",
        lead=lead,
        rows=tuple(Row(str(n), _part(each)) for n, each in shown)
        or (Row("来源", "没有数可看：还没有单位报", "△"),),
        text=f"算式：{with_units(figure.formula)}" if figure.formula else "",
        buttons=(
            *(
                Button(f"origin:{_place(each, subject, version)}", f"{n} 看原话", Style.PRIMARY)
                for n, each in shown
            ),
            *_turning(f"trace:{subject}/{figure.key}", len(known), page),
        ),
        note="点“看原话”：谁、什么时候、在哪里报的，原来怎么说。",
        subject=subject,
        version=version,
    )


def _part(each: Part) -> str:
    cells = "，".join(f"{s.cell} {_amount(s.key, s.value)}".strip() for s in each.sources)
    if not each.project_id:
        return f"{each.unit}自己填　{cells}"
    return f"{each.unit}《{each.project}》　{cells}　版本 {each.version}"


def _place(each: Part, subject: str, version: int) -> str:
    keys = "+".join(each.keys)
    if not each.project_id:
        return f"{subject}/{keys}/{version}/1"
    return f"{subject.partition(':')[0]}:{each.project_id}/{keys}/{each.version}/1"


def district(
    title: str, lead: str, rows: Sequence[tuple[str, str, str]], formula: str, page: int, again: str
) -> Card:
    """A figure of the whole district: (department, what it gives, the action that goes on into it)."""
    shown, lead = _page(rows, page, lead)
    return Card(
        name="tracing.district",
        title=title,
        lead=lead,
        rows=tuple(Row(str(n), f"{name}　{with_units(said)}") for n, (name, said, _) in shown),
        text=f"算式：{with_units(formula)}",
        buttons=(
            *(Button(action, short(f"{n} {name}", 10), Style.PRIMARY) for n, (name, _, action) in shown),
            *_turning(again, len(rows), page),
        ),
        note="按各部门报送财政的那一版；没报财政的不在内。",
    )


def words(
    title: str,
    lead: str,
    filed: Filed | None,
    found: Sequence[Origin],
    page: int,
    *,
    again: str,
    subject: str,
    looks: tuple[Button, ...] = (),
) -> Card:
    """Who said the cells of one form, when, where and how; the messages themselves stand below, whole."""
    shown, lead = _page(found, page, lead)
    cells = [each for _, each in shown]
    return Card(
        name="tracing.words",
        title=short(title, 26),
        lead=lead,
        tone=Tone.WARN if filed and filed.stood_in else Tone.PLAIN,
        rows=(
            *((Row(filed.action or "报送", f"{filed.by}　{_at(filed)}"),) if filed and filed.by else ()),
            *(
                (Row("代填", f"{filed.by}替单位填：{filed.stood_in}", "△"),)
                if filed and filed.stood_in
                else ()
            ),
            *(Row(each.label, _origin(each)) for each in cells),
        ),
        text="\n".join(_messages(cells)),
        buttons=(*looks, *_turning(again, len(found), page)),
        note="电话、账号这样的内容不显示。",
        subject=subject,
    )


def _at(filed: Filed) -> str:
    return clock(filed.at) if filed.at else ""


def _origin(each: Origin) -> str:
    where = " ".join(filter(None, (each.who, clock(each.at) if each.at else "", each.platform, each.how)))
    said = f"“{short(each.said, 80)}”" if each.said else ""
    return f"{short(each.shown, 80)} ← " + "　".join(filter(None, (where, each.cell, said)))


def _messages(found: Sequence[Origin]) -> list[str]:
    """Every message once, with who said it."""
    known = {(each.who, each.at, each.message): None for each in found if each.message and not each.cell}
    return [f"原话（{who} {clock(at) if at else ''}）：“{message}”" for who, at, message in known]


def _amount(key: str, value: str) -> str:
    if not key.startswith(_MONEY) or not value.replace(".", "", 1).isdecimal():
        return short(without_numbers(value), 80)
    return wan(Decimal(value))


def _page(known: Sequence, page: int, lead: str) -> tuple[list, str]:  # type: ignore[type-arg]
    pages = max(1, -(-len(known) // PAGE))
    begin = (page - 1) * PAGE
    numbered = list(enumerate(known, 1))[begin : begin + PAGE]
    return numbered, f"{lead} · 第 {page}/{pages} 页" if pages > 1 else lead


def _turning(action: str, count: int, page: int) -> tuple[Button, ...]:
    back = (Button(f"{action}/{page - 1}", "上一页"),) if page > 1 else ()
    on = (Button(f"{action}/{page + 1}", "下一页"),) if page * PAGE < count else ()
    return back + on
