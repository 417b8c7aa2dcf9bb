"""The same figure everywhere it is seen: card, picture, workbook, published page (N17, N18)."""

import io
from collections.abc import Callable
from decimal import Decimal

from openpyxl import load_workbook

from bot.cards.card import Attachment
from regulation.annexes import compose
from regulation.rates import rounded
from rehearsal.stage import Stage
from reports import annex1, picture
from reports.render import Renderer
from reports.sheet import shown
from tests.bot.office import FINE, Q3, Office, words


def test_n17_card_picture_and_workbook_show_the_same_figure(open_story: Callable[[], Stage]) -> None:
    """201.345 is shown as 201.35 on the card, in the picture and in the workbook, and kept whole in all of them."""
    office = Office(open_story())
    try:
        office.say("zhangmin", "填报 校舍")
        card = words(office.say("zhangmin", FINE.replace("支出240", "支出201.345")))
        office.say("zhangmin", "确认提交")
        with office.stage.store.read() as tx:
            project = tx.project("p001")
            assert project is not None
            form = compose(project, "新桥小学", Q3, tx.entries("p001", Q3))
            made = Renderer().render(Attachment("annex1.xlsx", "2026Q3:p001", 1, "x"), tx)
    finally:
        office.close()
    sheet = annex1.sheet(form)
    assert form.spent == Decimal("201.345")
    assert str(rounded(form.spent)) == "201.35"
    assert "201.35万元（执行率 62.92%，" in card
    assert "预算执行率62.92%" in form.situation
    assert shown(sheet.rows[6][4]) == "201.35"
    assert ">201.35<" in picture.table_svg(sheet)
    cell = load_workbook(io.BytesIO(made)).worksheets[0]["E7"]
    assert (cell.value, cell.number_format) == (201.345, "0.00")
