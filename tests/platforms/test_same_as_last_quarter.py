"""同 is offered only where the last quarter has a number: on the card, in the text, in the workbook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards import collect
from bot.cards.card import Input, InputKind
from bot.cards.gallery import ROUND, SCHOOL, SUBJECT
from platforms.common.batch import questions
from regulation import worksheet
from regulation.annexes import Entry

SPENT = Input("spent", "支出", "已支出资金", InputKind.NUMBER, "万元")


@pytest.mark.parametrize(("last", "offered"), [("上季 118.40", True), ("", False)])
def test_same_is_offered_where_there_is_a_last_quarter(last: str, offered: bool) -> None:
    inputs = (replace(SPENT, last=last),)
    card = collect.form(
        SCHOOL, ROUND, due="", inputs=inputs, subject=SUBJECT, revision=1, others=0, correcting=False
    )
    previous = {"spent": Entry("118.40", "118.40", "m1")} if last else {}
    said = (card.note, questions(inputs)[0], worksheet.hint(worksheet.lines(SCHOOL, previous)))
    assert ["“同”" in text for text in said] == [offered] * len(said)
