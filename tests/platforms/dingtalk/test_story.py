"""A whole 附表1 on DingTalk: asked for, filled inside the card, corrected, filed; with the real SDK."""

from __future__ import annotations

FILLED = {"arrived": "256", "spent": "201.35", "actual__1": "36", "actual__2": "930"}
REST = {
    "actual__3": "100",
    "actual__4": "99",
    "actual__5": "99",
    "actual__6": "100",
    "actual__7": "6.4",
    "actual__8": "1260",
    "actual__9": "96",
    "actual__10": "2",
}


def test_a_form_is_filled_and_filed_inside_its_card(play, world):
    async def told(house):
        await house.said("zhangmin", "填报 校舍")
        form = await house.shown("zhangmin", "新桥小学校舍安全改造", "填好了")
        phone = house.phone("zhangmin")
        outcome = await phone.submit(form["id"], {**FILLED, **REST})
        assert outcome.answered
        echo = await house.shown("zhangmin", "还差")
        assert echo["card"] == form["card"], "the same card changed in place"
        assert echo["id"] == form["id"]
        names = [f["name"] for e in echo["elements"] if e["kind"] == "form" for f in e["fields"]]
        assert "reason" in names
        outcome = await phone.submit(form["id"], {"reason": "招标晚，设备未到", "plan": "11月底前到货安装"})
        assert outcome.answered
        await house.shown("zhangmin", "请核对")
        outcome = await phone.submit(form["id"])
        assert outcome.answered
        await house.shown("zhangmin", "已报送")
        await house.shown("liqiang", "新桥小学校舍安全改造")

    play(told)
    assert world.quota.calls
