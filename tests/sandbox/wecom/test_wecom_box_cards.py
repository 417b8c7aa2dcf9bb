"""Template cards: every documented limit refuses with its documented code, and what is within passes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.wecom.cards import check_card
from sandbox.wecom.errors import Refusal
from sandbox.wecom.messages import check_hook, check_message
from sandbox.wecom.schema import Checker

Card = dict[str, Any]
OPTIONS = [{"id": f"o{n}", "text": f"选项{n}"} for n in range(10)]
CARDS: dict[str, Card] = {
    "text_notice": {
        "card_type": "text_notice",
        "source": {"desc": "绩监通", "desc_color": 2},
        "main_title": {"title": "题" * 36, "desc": "字" * 44},
        "emphasis_content": {"title": "1" * 14, "desc": "字" * 22},
        "sub_title_text": "字" * 160,
        "horizontal_content_list": [{"keyname": "五个字啊啊", "value": "字" * 30}] * 6,
        "jump_list": [{"type": 1, "title": "字" * 18, "url": "https://example.invalid"}] * 3,
        "card_action": {"type": 1, "url": "https://example.invalid"},
    },
    "news_notice": {
        "card_type": "news_notice",
        "main_title": {"title": "题"},
        "card_image": {"url": "https://example.invalid/a.png", "aspect_ratio": 1.3},
        "vertical_content_list": [{"title": "字" * 38, "desc": "字" * 160}] * 4,
        "card_action": {"type": 2, "appid": "app", "pagepath": "/"},
    },
    "button_interaction": {
        "card_type": "button_interaction",
        "main_title": {"title": "题"},
        "action_menu": {"desc": "更多", "action_list": [{"text": "甲", "key": f"m{n}"} for n in range(3)]},
        "button_selection": {"question_key": "q", "option_list": OPTIONS, "selected_id": "o3"},
        "button_list": [{"text": "字" * 10, "style": 4, "key": f"k{n}"} for n in range(6)],
        "task_id": "a_-@1" + "x" * 123,
    },
    "vote_interaction": {
        "card_type": "vote_interaction",
        "main_title": {"title": "题" * 16, "desc": "字" * 160},
        "checkbox": {
            "question_key": "q",
            "mode": 1,
            "option_list": [{"id": f"o{n}", "text": "字" * 17, "is_checked": n < 2} for n in range(20)],
        },
        "submit_button": {"text": "选好了", "key": "go"},
        "task_id": "t",
    },
    "multiple_interaction": {
        "card_type": "multiple_interaction",
        "main_title": {"title": "题"},
        "select_list": [{"question_key": f"q{n}", "title": "问", "option_list": OPTIONS} for n in range(3)],
        "submit_button": {"text": "选好了", "key": "go"},
        "task_id": "t",
    },
}


def at(*path: str | int, to: Any) -> Callable[[Card], None]:
    """Put a value somewhere; ``...`` takes the field away."""

    def change(card: Card) -> None:
        place: Any = card
        for step in path[:-1]:
            place = place[step]
        if to is ...:
            del place[path[-1]]
        else:
            place[path[-1]] = to

    return change


LONG = [{"id": f"o{n}", "text": "字"} for n in range(21)]
BROKEN: list[tuple[str, Callable[[Card], None], int]] = [
    ("text_notice", at("card_type", to="button"), 42031),
    ("text_notice", at("nonsense", to=1), 40035),
    ("text_notice", at("main_title", "subtitle", to="字"), 40035),
    ("text_notice", at("main_title", "title", to="题" * 37), 40058),
    ("text_notice", at("sub_title_text", to="字" * 161), 40058),
    ("text_notice", at("sub_title_text", to=5), 40035),
    ("text_notice", at("source", "desc_color", to=4), 40058),
    ("text_notice", at("horizontal_content_list", to=[{"keyname": "甲"}] * 7), 42035),
    ("text_notice", at("horizontal_content_list", 0, "keyname", to=""), 42027),
    ("text_notice", at("horizontal_content_list", 0, "type", to=1), 42028),
    ("text_notice", at("horizontal_content_list", 0, "type", to=2), 42029),
    ("text_notice", at("horizontal_content_list", 0, "type", to=3), 42050),
    ("text_notice", at("jump_list", to=[{"title": "甲"}] * 4), 42042),
    ("text_notice", at("jump_list", 0, "url", to=...), 42028),
    ("text_notice", at("card_action", to=...), 42045),
    ("text_notice", at("card_action", "type", to=0), 42045),
    ("text_notice", at("card_action", "type", to=2), 42030),
    ("text_notice", at("task_id", to="t"), 42014),
    ("text_notice", at("button_list", to=[]), 40035),
    ("news_notice", at("main_title", to=...), 42033),
    ("news_notice", at("card_image", to=...), 42044),
    ("news_notice", at("card_image", "aspect_ratio", to=2.3), 42044),
    ("news_notice", at("vertical_content_list", to=[{"title": "甲"}] * 5), 42036),
    ("button_interaction", at("main_title", "title", to=""), 42033),
    ("button_interaction", at("task_id", to=...), 42014),
    ("button_interaction", at("task_id", to="中文"), 42014),
    ("button_interaction", at("task_id", to="x" * 129), 42014),
    ("button_interaction", at("button_list", to=[]), 42038),
    ("button_interaction", at("button_list", to=[{"text": "甲", "key": f"k{n}"} for n in range(7)]), 42038),
    ("button_interaction", at("button_list", 0, "text", to=""), 42038),
    ("button_interaction", at("button_list", 0, "text", to="字" * 11), 40058),
    ("button_interaction", at("button_list", 0, "key", to="k1"), 42019),
    ("button_interaction", at("button_list", 0, "key", to="k" * 1025), 42018),
    ("button_interaction", at("button_list", 0, "key", to=...), 42039),
    ("button_interaction", at("button_list", 0, "type", to=1), 42028),
    ("button_interaction", at("button_list", 0, "style", to=5), 40058),
    ("button_interaction", at("button_selection", "option_list", to=LONG[:11]), 42037),
    ("button_interaction", at("button_selection", "option_list", 0, "id", to="o1"), 42040),
    ("button_interaction", at("button_selection", "selected_id", to="nowhere"), 42040),
    ("button_interaction", at("button_selection", "disable", to=True), 40035),
    ("button_interaction", at("action_menu", "action_list", 0, "key", to="m1"), 42051),
    ("button_interaction", at("replace_text", to="已提交"), 40035),
    ("vote_interaction", at("source", to={"desc_color": 1}), 40035),
    ("vote_interaction", at("main_title", "title", to="题" * 17), 40058),
    ("vote_interaction", at("checkbox", "option_list", to=LONG), 42037),
    ("vote_interaction", at("checkbox", "option_list", 0, "text", to=""), 42041),
    ("vote_interaction", at("checkbox", "question_key", to=""), 42043),
    ("vote_interaction", at("submit_button", "key", to=...), 42046),
    ("vote_interaction", at("submit_button", "text", to=""), 42049),
    ("multiple_interaction", at("select_list", to=[]), 42047),
    ("multiple_interaction", at("select_list", 0, "question_key", to="q1"), 42043),
    ("multiple_interaction", at("select_list", 0, "option_list", 0, "id", to="o" * 129), 42040),
    ("multiple_interaction", at("horizontal_content_list", to=[]), 40035),
]


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_at_every_limit_passes(card: Card) -> None:
    check_card(card, Checker())


@pytest.mark.parametrize(("kind", "change", "code"), BROKEN)
def test_a_card_over_a_limit_is_refused_with_its_code(
    kind: str, change: Callable[[Card], None], code: int
) -> None:
    card = copy.deepcopy(CARDS[kind])
    change(card)
    with pytest.raises(Refusal) as refused:
        check_card(card, Checker())
    assert refused.value.code == code


def test_a_lenient_platform_only_complains_of_recommended_lengths() -> None:
    card = copy.deepcopy(CARDS["text_notice"])
    card["main_title"]["title"] = "题" * 40
    checker = Checker(strict=False)
    check_card(card, checker)
    assert checker.complaints == ["template_card.main_title.title: 40 characters, recommended 36"]


def test_a_card_that_replaces_another_says_a_little_more() -> None:
    card = copy.deepcopy(CARDS["multiple_interaction"])
    del card["task_id"]
    card["replace_text"] = "已提交"
    card["select_list"][0] |= {"disable": True}
    check_card(card, Checker(), update=True)


def test_a_bots_card_asks_but_attaches_nothing() -> None:
    card = copy.deepcopy(CARDS["text_notice"])
    card["jump_list"] = [{"type": 3, "title": "问一句", "question": "进度"}]
    check_card(card, Checker(), bot=True)
    card["horizontal_content_list"] = [{"keyname": "表", "media_id": "m"}]
    with pytest.raises(Refusal):
        check_card(card, Checker(), bot=True)


MESSAGES: list[tuple[dict[str, Any], int]] = [
    ({"msgtype": "text", "text": {"content": "好"}}, 0),
    ({"msgtype": "text", "text": {"content": ""}}, 44004),
    ({"msgtype": "text"}, 40063),
    ({"msgtype": "sms", "sms": {}}, 40008),
    ({"msgtype": "markdown", "markdown": {"content": "字" * 682}}, 0),
    ({"msgtype": "markdown", "markdown": {"content": "字" * 683}}, 45002),
    ({"msgtype": "textcard", "textcard": {"title": "题", "description": "字"}}, 42028),
    ({"msgtype": "news", "news": {"articles": [{"title": "题"}] * 9}}, 40058),
    ({"msgtype": "text", "text": {"content": "好"}, "duplicate_check_interval": 14401}, 40058),
    ({"msgtype": "text", "text": {"content": "好"}, "safe": 2}, 40058),
    ({"msgtype": "text", "text": {"content": "好"}, "priority": 1}, 40035),
    ({"msgtype": "text", "text": {"content": "好"}, "agentid": "1"}, 40035),
]


@pytest.mark.parametrize(("request_", "code"), MESSAGES)
def test_messages(request_: dict[str, Any], code: int) -> None:
    whole = {"touser": "u", "agentid": 1, **request_}
    if not code:
        check_message(whole, Checker())
        return
    with pytest.raises(Refusal) as refused:
        check_message(whole, Checker())
    assert refused.value.code == code


def test_a_group_gets_notices_but_no_buttons() -> None:
    check_hook({"msgtype": "template_card", "template_card": CARDS["text_notice"]}, Checker())
    check_hook({"msgtype": "markdown_v2", "markdown_v2": {"content": "|a|b|"}}, Checker())
    with pytest.raises(Refusal):
        check_hook({"msgtype": "template_card", "template_card": CARDS["vote_interaction"]}, Checker())
