"""XML from outside is refused or read plainly; XML of ours cannot be broken out of."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.wecom.xmltext import TEXT_LIMIT, BadXml, camel, parse, render

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(9))
WRONG = {
    "M01 empty": "",
    "M01 not XML": "{}",
    "M01 not closed": "<xml><a>1</a>",
    "another root": "<html><a>1</a></html>",
    "no elements": "<xml>text</xml>",
    "M02 billion laughs": f"<!DOCTYPE xml [{BOMB}]><xml><a>&l8;</a></xml>",
    "M02 a DTD that does nothing": "<!DOCTYPE xml><xml><a>1</a></xml>",
    "M03 a file": '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><a>&x;</a></xml>',
    "M04 nested": "<xml>" + "<a>" * 20_000 + "</a>" * 20_000 + "</xml>",
    "M05 too large": "<xml><a>" + "x" * TEXT_LIMIT + "</a></xml>",
    "M06 an element twice": "<xml><FromUserName>a</FromUserName><FromUserName>b</FromUserName></xml>",
    "M06 twice inside": "<xml><a><b>1</b><b>2</b></a></xml>",
    "an entity": "<xml><a>&nbsp;</a></xml>",
}


@pytest.mark.parametrize("name", WRONG)
def test_m01_m06_what_is_not_a_message_is_refused_at_once(name):
    began = time.process_time()
    with pytest.raises(BadXml):
        parse(WRONG[name])
    assert time.process_time() - began < 1


def test_the_letters_of_a_dtd_in_somebodys_words_are_words():
    words = "<!DOCTYPE xml [<!ENTITY a 'b'>]> &a;"
    assert parse(render({"Content": words})) == {"Content": words}


@pytest.mark.parametrize("unseen", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_a_sign_xml_may_not_hold_costs_nobody_their_words(unseen):
    """Word's line break is 0x0B; refused, the message was delivered three times and never answered."""
    assert parse(f"<xml><Content><![CDATA[支出{unseen}201.35]]></Content></xml>") == {"Content": "支出201.35"}
    with pytest.raises(BadXml):
        parse(f"<!DOC{unseen}TYPE xml [{BOMB}]><xml><a>&l8;</a></xml>")


def test_elements_that_repeat_are_lists_even_when_alone():
    text = (
        "<xml><SelectedItems><SelectedItem><QuestionKey>q</QuestionKey>"
        "<OptionIds><OptionId>a</OptionId></OptionIds></SelectedItem></SelectedItems></xml>"
    )
    item = {"QuestionKey": "q", "OptionIds": {"OptionId": ["a"]}}
    assert parse(text) == {"SelectedItems": {"SelectedItem": [item]}}


@given(st.text(alphabet="]>&<[CDATA!x一", max_size=40))
def test_no_text_breaks_out_of_a_passive_reply(text):
    """wechatpy's replies let ``]]>`` end the CDATA; ours divide it."""
    assert parse(render({"Content": text, "MsgType": "text"})) == {"Content": text, "MsgType": "text"}


def test_names_and_lists_of_a_card_become_elements():
    card = {
        "card_type": "x",
        "horizontal_content_list": [{"keyname": "k", "userid": "u"}, {"keyname": "l"}],
        "checkbox": {"mode": 0, "option_list": [{"id": "1", "is_checked": False}]},
    }
    assert render(camel(card)) == (
        "<xml><CardType><![CDATA[x]]></CardType>"
        "<HorizontalContentList><KeyName><![CDATA[k]]></KeyName><UserId><![CDATA[u]]></UserId></HorizontalContentList>"
        "<HorizontalContentList><KeyName><![CDATA[l]]></KeyName></HorizontalContentList>"
        "<CheckBox><Mode>0</Mode><OptionList><Id><![CDATA[1]]></Id><IsChecked>false</IsChecked></OptionList></CheckBox>"
        "</xml>"
    )
