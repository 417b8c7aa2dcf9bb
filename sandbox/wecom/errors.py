"""The return codes the platform answers with, and what each is called."""

from __future__ import annotations

from typing import Any

MEANING = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40032: "too many userids",
    40033: "request contains \\uxxxx escapes",
    40035: "invalid parameter",
    40056: "invalid agentid",
    40058: "invalid argument",
    40063: "parameter is empty",
    40145: "media_id expired",
    41001: "access_token missing",
    42001: "access_token expired",
    42014: "invalid task_id of the card",
    42016: "unknown task_id of the card",
    42015: "card was not sent by this app",
    42017: "button key missing",
    42018: "button key too long",
    42019: "button key repeated",
    42020: "button name missing",
    42027: "keyname missing",
    42028: "url missing",
    42029: "media_id missing",
    42030: "appid missing",
    42031: "invalid card_type",
    42033: "main_title.title missing",
    42035: "horizontal_content_list too long",
    42036: "vertical_content_list too long",
    42037: "option_list length out of range",
    42038: "button text missing",
    42039: "button key missing",
    42040: "option id missing or repeated",
    42041: "option text missing",
    42042: "jump_list too long",
    42043: "question_key missing or repeated",
    42044: "card_image.url missing",
    42045: "card_action missing or invalid",
    42046: "submit_button key missing",
    42047: "select_list length out of range",
    42049: "submit_button text missing",
    42050: "horizontal_content_list userid missing",
    42051: "action_menu key missing or repeated",
    42052: "message is older than 24 hours",
    43012: "callback url required",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "message content out of limit",
    45009: "api freq out of limit",
    48002: "api forbidden",
    48006: "api permission withdrawn, app unused too long",
    50001: "redirect domain is not trusted",
    50002: "member not in scope",
    50003: "app is disabled",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "response_code invalid or expired",
    81013: "user & party & tag all invalid",
    82001: "touser & toparty & totag all empty",
    82002: "too many parties",
    82003: "too many tags",
    93000: "invalid webhook url",
    301002: "agentid does not belong to this access_token",
    846601: "bot is not in long connection mode",
    846604: "req_id expired",
    846605: "req_id invalid",
    846606: "already replied to this req_id",
    846607: "bot may not push to this conversation",
    846608: "stream timed out",
    846609: "not subscribed",
    853000: "invalid bot_id or secret",
}


class Refusal(Exception):
    """A request is answered with this return code; ``detail`` names the field or the reason."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{code} {MEANING.get(code, 'error')}{f': {detail}' if detail else ''}")
        self.code = code
        self.detail = detail

    def body(self, peer: str = "127.0.0.1") -> dict[str, Any]:
        """The JSON answer, worded the way the platform words it."""
        meaning = MEANING.get(self.code, "error")
        about = f"{meaning} ({self.detail})" if self.detail else meaning
        more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={self.code}"
        return {"errcode": self.code, "errmsg": f"{about}, hint: [sandbox], from ip: {peer}, {more}"}
