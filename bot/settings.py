"""What an operator sets, from environment variables that start with JIXIAO_ or from a .env file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict

from bot import dingtalk, wecom
from bot.dingtalk import DingTalkSettings
from bot.wecom import WecomSettings

_TOKEN = r"[\w-]{1,40}:(read|write):[0-9a-f]{64}"
_PORT = r"(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
PREFIX = "JIXIAO_"
#: hosts that are this machine.
LOCAL = ("127.0.0.1", "localhost", "::1")
#: names that are no settings: where a fault test kills the process (bot/failpoints.py).
_OTHERS = ("JIXIAO_FAIL", "JIXIAO_FAIL_TRACE")
#: pydantic's kind of mistake -> what the setting takes, where the setting does not say it itself.
_TAKES = {
    "bool_parsing": "要写 true 或 false",
    "int_parsing": "要写一个整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


class SettingsError(Exception):
    """A setting is wrong; the text names it and what it takes."""


class Settings(DingTalkSettings, WecomSettings):
    """``JIXIAO_DATABASE``, ``JIXIAO_DATA``, ``JIXIAO_ROLL`` …; every one is described in docs/manual."""

    model_config = SettingsConfigDict(env_prefix="JIXIAO_", env_file=".env", extra="ignore")

    #: where everything is kept: sqlite:///file or postgresql+psycopg://user@host/name.
    database: str = Field(
        default="",
        pattern=r"^$|^sqlite:///.+|^postgresql(\+psycopg)?://.+",
        description="要写成 sqlite:////文件的绝对路径，或 postgresql://用户@主机/库名",
    )
    #: the folder for the default SQLite file and the rehearsal.
    data: Path = Path("var")
    #: whether a last day that falls on a rest day moves to the next workday before 逾期 begins (民法典 203).
    roll: bool = True
    #: whether a unit's head confirms each 附表1 before it counts as reported.
    confirm: bool = False
    #: a folder with the district's own thresholds.toml and its departments' departments.toml, either of them.
    rules: Path | None = None

    #: where ``jixiao run`` listens for callbacks, the API, /health and /metrics; a reverse proxy stands in front.
    listen: str = Field(
        default="127.0.0.1:8080",
        pattern=rf"^[^\s:/]+:{_PORT}$",
        description="要写成 主机:端口，例如 127.0.0.1:8080，端口不过 65535",
    )

    #: the clock of a rehearsal (sandbox.clock), instead of the machine's time; only with local chat platforms.
    clock: Path | None = None

    #: whose tokens may use the interface below /api, as name:read or write:sha256 of the token, several with ``;``.
    api_tokens: str = Field(
        default="",
        pattern=rf"^$|^{_TOKEN}(\s*;\s*{_TOKEN})*;?$",
        description="要写成 名称:read:摘要 或 名称:write:摘要，几个之间用分号；用 jixiao api token 生成",
    )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of :attr:`listen`."""
        host, _, port = self.listen.rpartition(":")
        return host, int(port)

    @property
    def database_url(self) -> str:
        """The database in use; SQLite in the data folder when none is named."""
        return self.database or f"sqlite:///{self.data / 'jixiao.sqlite'}"


def load_settings(file: Path | None = None) -> Settings:
    """The settings of this process, of ``file`` instead of .env when one is named. Raises SettingsError naming each
    wrong one."""
    try:
        settings = Settings(_env_file=file or ".env")  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = "；".join(_said(each) for each in error.errors())
        raise SettingsError(f"设置有误：{wrong}。") from error
    wrong_together = [
        *_unknown({*os.environ, *dotenv_values(file or ".env")}),
        *dingtalk.mistakes(settings),
        *wecom.mistakes(settings),
        *_far_from(settings),
    ]
    if wrong_together:
        raise SettingsError(f"设置有误：{'；'.join(wrong_together)}。")
    return settings


def far(settings: Settings) -> list[tuple[str, str]]:
    """The addresses of configured chat platforms that are not on this machine, with their settings."""
    addresses = {**dingtalk.addresses(settings), **wecom.addresses(settings)}
    return [(name, url) for name, url in addresses.items() if urlsplit(url).hostname not in LOCAL]


def _far_from(settings: Settings) -> list[str]:
    """A clock of a rehearsal never runs what real people get."""
    names = "、".join(name for name, _ in far(settings)) if settings.clock else ""
    if not names:
        return []
    return [
        f"JIXIAO_CLOCK 是演练的钟，只能和本机的聊天平台一起用，可是 {names} 不在本机。正式运行请去掉 JIXIAO_CLOCK"
    ]


def _said(error: Any) -> str:
    """One wrong setting and what it takes; never its value, which may be a secret."""
    name = str(error["loc"][0]).lower().removeprefix(PREFIX.lower())
    field = Settings.model_fields.get(name)
    kind = _TAKES.get(error["type"], "写法不对，请对照运维手册").format(**error.get("ctx", {}))
    return f"{PREFIX}{name.upper()} {(field and field.description) or kind}"


def _unknown(names: Iterable[str]) -> list[str]:
    """Names that look like settings and are none: a slip there would otherwise have no effect and no word."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    slips = sorted({n.upper() for n in names if n.upper().startswith(PREFIX)} - {*known, *_OTHERS})
    near = {slip: get_close_matches(slip, known, 1) for slip in slips}
    return [f"没有 {slip} 这一项" + "".join(f"，是不是 {n}" for n in near[slip]) for slip in slips]
