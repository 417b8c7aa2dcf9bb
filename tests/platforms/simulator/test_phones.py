"""The record of the phones: kept over restarts and torn lines, cut back in time, files under our own names."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from platforms.simulator import Phones

AT = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rehearsal" / "phones.jsonl"


def show(phones, user="zhangmin", n=1, at=AT, files=None, replaces=""):
    return phones.show(
        user,
        at,
        key=f"k{n}",
        token=f"t{n}",
        replaces=replaces,
        card={"title": f"卡{n}"},
        drawn={"wecom": {"messages": []}},
        files=files or {},
    )


def test_everybody_sees_their_own(path):
    phones = Phones(path)
    assert show(phones) == 1
    show(phones, "liqiang", 2)
    phones.said("zhangmin", AT, {"type": "text", "text": "进度"})
    assert [(m.seq, m.mine) for m in phones.messages("zhangmin")] == [(1, False), (3, True)]
    assert phones.messages("liqiang")[0].card == {"title": "卡2"}
    assert phones.messages("nobody") == []


def test_reopened_after_a_restart(path):
    first = Phones(path)
    show(first, files={"附表1.xlsx": b"PK"})
    first.mark_used("t1")
    first.mark_read("zhangmin", 1)
    again = Phones(path)
    assert again.messages("zhangmin") == first.messages("zhangmin")
    assert again.messages("zhangmin")[0].used
    assert again.unread("zhangmin") == 0
    assert again.length() == 2


@pytest.mark.parametrize(
    "torn", [b'{"kind":"shown","us', b"\xe6\x96", b'{"kind":"used","token":"t1"}', b"7\n"]
)
def test_a_torn_last_line_is_dropped_and_writing_goes_on(path, torn):
    show(Phones(path))
    with path.open("ab") as out:
        out.write(torn)
    phones = Phones(path)
    assert phones.length() == 1
    show(phones, n=2)
    assert [m.token for m in Phones(path).messages("zhangmin")] == ["t1", "t2"]


def test_cut_goes_back_in_time(path):
    phones = Phones(path)
    show(phones)
    length = phones.length()
    phones.mark_used("t1")
    show(phones, n=2, replaces="t1")
    phones.mark_read("zhangmin", 3)
    phones.cut(length)
    for view in (phones, Phones(path)):
        (message,) = view.messages("zhangmin")
        assert (message.used, message.replaced) == (False, False)
    show(phones, n=3)
    assert phones.unread("zhangmin") == 1
    phones.cut(0)
    assert path.read_bytes() == b""


@pytest.mark.parametrize("length", [-1, 2])
def test_cut_refuses_a_length_that_never_was(path, length):
    phones = Phones(path)
    show(phones)
    with pytest.raises(ValueError, match="no such length"):
        phones.cut(length)


def test_unread_counts_what_arrived_since(path):
    phones = Phones(path)
    show(phones)
    phones.mark_read("zhangmin", phones.length())
    show(phones, n=2)
    phones.said("zhangmin", AT, {"type": "text", "text": "好"})
    phones.mark_read("zhangmin", 1)
    assert phones.unread("zhangmin") == 1
    assert phones.unread("liqiang") == 0


def test_a_phone_that_was_read_is_still_somebodys(path):
    phones = Phones(path)
    show(phones)
    phones.said("liqiang", AT, {"type": "text", "text": "进度"})
    phones.mark_read("zhangmin", phones.length())
    phones.mark_used("t1")
    assert phones.users() == {"zhangmin", "liqiang"}


def test_a_damaged_read_file_means_unread(path):
    show(Phones(path))
    path.with_suffix(".read.json").write_bytes(b"[1")
    assert Phones(path).unread("zhangmin") == 1


def test_used_and_replaced(path):
    phones = Phones(path)
    show(phones)
    show(phones, n=2, replaces="t1")
    phones.mark_used("t2")
    phones.mark_used("t2")
    assert phones.length() == 3
    assert [(m.used, m.replaced) for m in phones.messages("zhangmin")] == [(False, True), (True, False)]


def test_s05_files_live_under_names_of_our_own(path):
    phones = Phones(path)
    show(phones, files={"../../etc/passwd": b"x", "附表1.xlsx": b"PK"})
    names = dict(phones.messages("zhangmin")[0].files)
    assert phones.file(names["附表1.xlsx"]) == ("附表1.xlsx", b"PK")
    assert phones.file("../../etc/passwd") is None
    assert {p.name for p in phones.folder.iterdir()} == set(names.values())


def test_the_platform_remembers_a_key_four_hours(path):
    phones = Phones(path)
    show(phones)
    assert phones.shown_lately("zhangmin", "k1", AT + timedelta(hours=4))
    assert not phones.shown_lately("zhangmin", "k1", AT + timedelta(hours=4, seconds=1))
    assert not phones.shown_lately("liqiang", "k1", AT)
