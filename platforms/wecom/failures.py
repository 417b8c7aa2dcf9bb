"""What the error codes of 企业微信 mean for a message: given up, tried later, or a setting somebody must mend."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import SendFailed

BUSY = -1
#: the token is no longer good; asked anew once.
EXPIRED = frozenset((40001, 40014, 42001))
#: gettoken says so of a wrong secret; asking again and again gets the address banned for an hour.
WRONG_SECRET = frozenset((40001, 40013, 41004))
LIMITED = 45009
BAD_CODE = 60140
NOBODY = 81013
TASK_USED = 42014


class WecomError(Exception):
    """A call that did not succeed. ``code`` 0: no answer that could be understood. Its text holds the endpoint and
    the code, never an address with a token or a secret in it (K08)."""

    def __init__(self, endpoint: str, code: int, why: str = "") -> None:
        super().__init__(f"{endpoint}: {code or why}")
        self.endpoint = endpoint
        self.code = code
        self.why = why

    @property
    def unreachable(self) -> bool:
        """Nobody answered, or something that is not 企业微信 did (a proxy's page)."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Meaning:
    """``advice`` for people; ``pause`` seconds before the next try, 0: no other try helps."""

    advice: str
    pause: int = 0


HOUR = 3600
#: a setting to mend: not a storm of tries, but the message is not given up while somebody mends it (T19).
MEANINGS: dict[int, Meaning] = {
    40001: Meaning("应用 Secret 不对，或应用已停用", HOUR),
    40013: Meaning("企业 ID（corpid）不对", HOUR),
    40056: Meaning("应用编号（agentid）不对", HOUR),
    301002: Meaning("应用编号和 Secret 不是同一个应用的", HOUR),
    43012: Meaning("应用还没有配置接收消息的回调地址，发不了带按钮的卡片", HOUR),
    48001: Meaning("应用没有这个接口的权限", HOUR),
    48002: Meaning("应用没有这个接口的权限", HOUR),
    48006: Meaning("应用长时间没用，权限被收回，请企业管理员在管理后台重新启用", HOUR),
    50003: Meaning("应用已停用", HOUR),
    60011: Meaning("应用没有权限操作这个人或部门", HOUR),
    60020: Meaning("本机的出口 IP 不在应用的“企业可信IP”里", HOUR),
    48010: Meaning("TLS 版本太旧，中间的代理要升级", HOUR),
    BUSY: Meaning("企业微信系统繁忙", 60),
    LIMITED: Meaning("发得太快或超过当天总量，企业微信暂时不收", 60),
    45033: Meaning("同时发得太多", 60),
    40014: Meaning("access_token 失效", 60),
    42001: Meaning("access_token 过期", 60),
    NOBODY: Meaning("收件人不在应用可见范围，或账号不存在"),
    40003: Meaning("账号不存在"),
    60111: Meaning("账号不存在"),
    50002: Meaning("收件人不在应用可见范围"),
    44001: Meaning("文件是空的"),
    45001: Meaning("文件太大"),
    45002: Meaning("内容太长"),
    853000: Meaning("机器人 ID 或 Secret 不对", HOUR),
    846601: Meaning("机器人没有切换到“长连接”方式", HOUR),
    846609: Meaning("机器人还没有连上", 60),
    846607: Meaning("发得太快，或对方还没有和机器人说过话", 60),
}
UNKNOWN = Meaning("企业微信不收这条消息")
UNREACHABLE = Meaning("连不上企业微信", 60)

INVALID = "收件人不在应用可见范围，或账号不存在"
UNLICENSED = "收件人没有接口许可"


def meaning(error: WecomError) -> Meaning:
    """What to make of it."""
    return UNREACHABLE if error.unreachable else MEANINGS.get(error.code, UNKNOWN)


def send_failed(error: WecomError, pause: int = 0) -> SendFailed:
    """The same as the shell knows it; ``pause`` in place of the usual one."""
    found = meaning(error)
    code = f"{error.code} {found.advice}" if error.code else found.advice
    seconds = pause or found.pause
    return SendFailed(code, retryable=found.pause > 0, pause_seconds=seconds, outage=error.unreachable)
