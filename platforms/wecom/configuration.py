"""What an operator tells about the application and the 智能机器人; their secrets show themselves nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from platforms.wecom.drawing import HOME

API = "https://qyapi.weixin.qq.com/cgi-bin/"
GATEWAY = "wss://openws.work.weixin.qq.com"
#: hosts files sent to the 智能机器人 are fetched from, with everything below them; nothing else ever is (M12).
FILE_HOSTS = ("myqcloud.com", "weixin.qq.com", "qq.com")


@dataclass(frozen=True, slots=True)
class Keys:
    """Token and EncodingAESKey of the callback."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Application:
    """A self-built application; ``keys`` the key set in force first, none when there is no public address."""

    corp_id: str
    agent: int
    secret: str = field(repr=False)
    keys: tuple[Keys, ...] = ()
    api: str = API
    home: str = HOME
    #: whether a tapped card is replaced in the answer to the callback; else by a call of its own.
    passive: bool = False
    per_day: int = 20_000


@dataclass(frozen=True, slots=True)
class Robot:
    """A 智能机器人 on the long connection; ``name`` is what people look for."""

    bot_id: str
    secret: str = field(repr=False)
    name: str = "绩监通"
    gateway: str = GATEWAY
    file_hosts: tuple[str, ...] = FILE_HOSTS


@dataclass(frozen=True, slots=True)
class Configuration:
    """Either half works alone."""

    application: Application | None = None
    robot: Robot | None = None
