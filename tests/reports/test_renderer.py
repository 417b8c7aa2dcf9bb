"""What a card's attachment becomes: the right form at the right version, read through the records only."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.cards.card import Attachment
from regulation.annexes import Entry, reported
from regulation.deviation import Finding, judge, parse_thresholds, thresholds_on
from regulation.parameters import read
from regulation.roster import FundSource, Indicator, Project, ResponsibleUnit
from regulation.rounds import MonitoringRound, parse_round
from reports import picture
from reports.deviation import Bar, Tone, deviation_picture
from reports.render import Renderer

D = Decimal
Q3 = parse_round("2026Q3")
RULES = thresholds_on(parse_thresholds(read("thresholds.toml")), Q3.last_day)
PROJECT = Project(
    id="p017",
    year=2026,
    unit_id="u1",
    filler_id="zhang",
    name="新桥小学校舍安全改造",
    budget_initial=D(320),
    budget_current=D(320),
    sources=((FundSource.PROVINCIAL, D(120)), (FundSource.DISTRICT, D(200))),
    indicators=(
        Indicator(1, "产出指标", "数量指标", "改造教室数量", "48间"),
        Indicator(2, "产出指标", "数量指标", "采购课桌椅", "2160套", stage_q3=D(1080)),
        Indicator(3, "产出指标", "时效指标", "资金拨付及时率", "≥100%"),
        Indicator(4, "效益指标", "社会效益指标", "办学条件", "明显改善"),
        Indicator(5, "满意度指标", "服务对象满意度指标", "学生满意度", "≥95%"),
    ),
)


def said(**values: str) -> dict[str, Entry]:
    return {key.replace("_", "."): Entry(value, value, "m1") for key, value in values.items()}


FIRST = said(arrived="256", spent="118.4", actual_1="20", actual_2="930", actual_3="85", likely_1="certain")
SECOND = said(
    arrived="256",
    spent="201.345",
    actual_1="36",
    actual_2="930",
    actual_3="85",
    actual_4="部分达成",
    actual_5="96",
    likely_1="certain",
    likely_2="unlikely",
    situation="=教室已完成36间",
    reason="招标晚",
    plan="11月底到货",
)


@dataclass
class Stored:
    """One stored finding."""

    version: int
    finding: Finding


@dataclass
class Shelf:
    """Records of one project with two filed versions."""

    known: Project | None = PROJECT
    versions: Mapping[int, Mapping[str, Entry]] = field(default_factory=lambda: {1: FIRST, 2: SECOND})
    raised: Sequence[Stored] = ()
    snapshots: Mapping[int, Project] = field(default_factory=dict)

    def project(self, project_id: str) -> Project | None:
        return self.known if self.known and self.known.id == project_id else None

    def definition(self, project_id: str, round: MonitoringRound, version: int) -> Project | None:
        return self.snapshots.get(version)

    def unit(self, unit_id: str) -> ResponsibleUnit:
        return ResponsibleUnit(unit_id, "d1", "新桥小学")

    def entries(
        self, project_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]:
        return self.versions.get(version or 0, {})

    def findings(self, round: MonitoringRound, *, project_id: str | None = None) -> Sequence[Stored]:
        return self.raised


def wanted(kind: str, version: int = 2, subject: str = "2026Q3:p017") -> Attachment:
    return Attachment(kind, subject, version, "附表1.xlsx")


def cells(package: bytes) -> dict[str, object]:
    page = load_workbook(io.BytesIO(package)).worksheets[0]
    return {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.value is not None}


def test_the_workbook_of_a_filed_version() -> None:
    seen = cells(Renderer().render(wanted("annex1.xlsx"), Shelf()))
    assert (seen["A3"], seen["B5"], seen["B6"], seen["E6"]) == (
        "（2026年度三季度）",
        PROJECT.name,
        320,
        "省级、区级",
    )
    assert (seen["B7"], seen["E7"], seen["B8"]) == (256, 201.345, "=教室已完成36间")
    assert [seen.get(f"{column}13") for column in "BCDEF"] == [
        None,
        "采购课桌椅",
        "2160套",
        "930套",
        "可能性小",
    ]


def test_each_version_prints_its_own_figures() -> None:
    renderer, shelf = Renderer(), Shelf()
    assert cells(renderer.render(wanted("annex1.xlsx", 1), shelf))["E7"] == 118.4
    assert cells(renderer.render(wanted("annex1.xlsx", 2), shelf))["E7"] == 201.345


def test_before_anything_is_filed_what_is_known_is_printed() -> None:
    seen = cells(Renderer().render(wanted("annex1.xlsx", 0), Shelf()))
    assert (seen["B5"], seen["B6"], seen["C12"], seen["D12"]) == (PROJECT.name, 320, "改造教室数量", "48间")
    assert seen.keys().isdisjoint({"B7", "E7", "B8", "B9", "B10", "E12", "F12"})


@pytest.mark.parametrize("kind", ["annex1.png", "deviation.png"])
@pytest.mark.parametrize("version", [0, 1, 2])
def test_pictures_of_every_version(kind: str, version: int) -> None:
    assert Renderer().render(wanted(kind, version), Shelf()).startswith(b"\x89PNG")


def test_a12_a_rehearsal_is_printed_on_the_form() -> None:
    assert cells(Renderer(stamp="演练").render(wanted("annex1.xlsx"), Shelf()))["F1"] == "演练"


def test_effects_are_printed_where_the_district_wants_them() -> None:
    assert (
        "学生满意度" in cells(Renderer(append_effects=True).render(wanted("annex1.xlsx"), Shelf())).values()
    )
    assert "学生满意度" not in cells(Renderer().render(wanted("annex1.xlsx"), Shelf())).values()


def test_the_same_form_is_drawn_once_and_a_changed_project_again() -> None:
    renderer = Renderer()
    first = renderer.render(wanted("annex1.png"), Shelf())
    assert renderer.render(wanted("annex1.png"), Shelf()) is first
    renamed = Shelf(known=replace(PROJECT, name="新桥小学校舍改造"))
    assert renderer.render(wanted("annex1.png"), renamed) != first


def test_f09_a_filed_version_prints_the_project_as_it_was_then() -> None:
    shelf = Shelf(known=replace(PROJECT, name="改过的名称"), snapshots={1: PROJECT})
    assert cells(Renderer().render(wanted("annex1.xlsx", 1), shelf))["B5"] == PROJECT.name
    assert cells(Renderer().render(wanted("annex1.xlsx", 2), shelf))["B5"] == "改过的名称"


def test_only_so_many_drawings_are_remembered() -> None:
    renderer = Renderer(kept=1)
    first = renderer.render(wanted("annex1.xlsx", 2), Shelf())
    renderer.render(wanted("annex1.xlsx", 1), Shelf())
    again = renderer.render(wanted("annex1.xlsx", 2), Shelf())
    assert again == first
    assert again is not first


@pytest.mark.parametrize(
    ("attachment", "error"),
    [
        (wanted("annex9.xlsx"), LookupError),
        (wanted("annex1.xlsx", subject="2026Q3:p999"), LookupError),
        (wanted("annex1.xlsx", subject="2026Q1:p017"), ValueError),
        (wanted("annex1.xlsx", subject="../p017"), ValueError),
    ],
)
def test_what_cannot_be_made_is_said(attachment: Attachment, error: type[Exception]) -> None:
    with pytest.raises(error):
        Renderer().render(attachment, Shelf())


def judged(entries: Mapping[str, Entry]) -> tuple[Finding, ...]:
    return judge(PROJECT, Q3, reported(PROJECT, entries), RULES, date(2026, 10, 9))


def test_the_deviation_picture_holds_each_figure_against_its_own_measure() -> None:
    shown = deviation_picture(PROJECT, Q3, reported(PROJECT, SECOND), judged(SECOND))
    assert (shown.title, shown.subtitle) == (PROJECT.name, "附表1 · 2026年三季度")
    bars = {bar.label: bar for bar in shown.bars}
    assert list(bars) == ["已支出资金", *(indicator.name for indicator in PROJECT.indicators)]
    assert bars["改造教室数量"] == Bar("改造教室数量", "36 / 48间", D("0.75"), D("0.75"))
    assert bars["采购课桌椅"].tick == D("0.5"), "a planned stage value goes before time"
    assert bars["已支出资金"].value_text == "201.35 / 320.00万元"
    late = bars["资金拨付及时率"]
    assert (late.value_text, late.tick, late.tone) == ("85 / ≥100%", None, Tone.WARN)
    assert late.remark
    assert (bars["办学条件"].ratio, bars["办学条件"].value_text) == (None, "部分达成 / 明显改善")
    assert (bars["学生满意度"].tick, bars["学生满意度"].tone) == (None, Tone.PLAIN)


@pytest.mark.parametrize(
    ("entries", "headline", "tone"),
    [
        (
            SECOND | said(actual_2="1700", actual_3="100", actual_4="达成", likely_2="certain", spent="250"),
            "没有发现偏离",
            Tone.PLAIN,
        ),
        (
            SECOND | said(actual_3="100", actual_4="达成", actual_2="800", likely_2="certain", spent="250"),
            "1 处偏离",
            Tone.WARN,
        ),
        (
            SECOND | said(actual_3="100", actual_4="达成", actual_2="1700", likely_2="certain", spent="0"),
            "1 处偏离，其中 1 处严重",
            Tone.BAD,
        ),
    ],
)
def test_the_headline_counts_places_not_sentences(
    entries: Mapping[str, Entry], headline: str, tone: Tone
) -> None:
    shown = deviation_picture(PROJECT, Q3, reported(PROJECT, entries), judged(entries))
    assert (shown.headline, shown.tone) == (headline, tone)


def test_nothing_reported_is_drawn_as_such() -> None:
    shown = deviation_picture(PROJECT, Q3, reported(PROJECT, {}), ())
    assert {bar.ratio for bar in shown.bars} == {None}
    assert all(bar.value_text.startswith("未填") for bar in shown.bars)


def test_funds_arrival_is_drawn_only_when_it_is_behind() -> None:
    behind = SECOND | said(arrived="100", spent="90")
    labels = [b.label for b in deviation_picture(PROJECT, Q3, reported(PROJECT, behind), judged(behind)).bars]
    assert labels[:2] == ["已支出资金", "已到位资金"]


def test_a05_nobody_is_named_in_a_picture_that_may_stand_in_a_group() -> None:
    shown = deviation_picture(PROJECT, Q3, reported(PROJECT, SECOND), judged(SECOND))
    assert "zhang" not in picture.deviation_svg(shown)


def test_findings_of_a_later_version_are_not_in_the_picture_of_an_earlier_one() -> None:
    later = Shelf(raised=[Stored(2, finding) for finding in judged(SECOND)])
    plain = Renderer().render(wanted("deviation.png", 1), Shelf())
    assert Renderer().render(wanted("deviation.png", 1), later) == plain
    assert Renderer().render(wanted("deviation.png", 2), later) != Renderer().render(
        wanted("deviation.png", 2), Shelf()
    )
