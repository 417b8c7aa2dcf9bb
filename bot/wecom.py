"""What an operator sets about 企业微信, as the platform takes it."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from platforms.wecom.configuration import API, FILE_HOSTS, GATEWAY, Application, Configuration, Keys, Robot
from platforms.wecom.drawing import HOME

ADDRESS = r"^https?://[^\s?#]+$"
WEB = "要写成 http:// 或 https:// 开头的地址"


class WecomSettings(BaseSettings):
    """``JIXIAO_WECOM_CORP`` …; every one is described in docs/manual/wecom.md."""

    #: the corporation; the application's number and secret.
    wecom_corp: str = ""
    wecom_agent: int = 0
    wecom_secret: SecretStr = SecretStr("")
    #: the callback's Token and EncodingAESKey; the earlier ones during a change.
    wecom_token: SecretStr = SecretStr("")
    wecom_aes_key: SecretStr = SecretStr("")
    wecom_old_token: SecretStr = SecretStr("")
    wecom_old_aes_key: SecretStr = SecretStr("")
    #: where the calls go, and where a tap on a card without buttons leads.
    wecom_api: str = Field(default=API, pattern=ADDRESS, description=WEB)
    wecom_home: str = Field(default=HOME, pattern=ADDRESS, description=WEB)
    #: whether a tapped card is replaced in the answer to the callback itself.
    wecom_passive: bool = False
    #: how many person-times a day the application may send.
    wecom_daily: int = Field(default=20_000, ge=1)
    #: the 智能机器人 and the name people find it by.
    wecom_bot_id: str = ""
    wecom_bot_secret: SecretStr = SecretStr("")
    wecom_bot_name: str = "绩监通"
    wecom_bot_gateway: str = Field(
        default=GATEWAY, pattern=r"^wss?://[^\s?#]+$", description="要写成 ws:// 或 wss:// 开头的地址"
    )
    #: hosts its files come from, by commas.
    wecom_file_hosts: str = ",".join(FILE_HOSTS)
    #: the address of a group's 消息推送; all of it is a secret.
    wecom_webhook: SecretStr = SecretStr("")


def configured(settings: WecomSettings) -> bool:
    """Whether either half is set."""
    return bool(settings.wecom_corp or settings.wecom_bot_id)


def addresses(settings: WecomSettings) -> dict[str, str]:
    """Where the calls, the bot's connection and what is said to the group go, by setting; only what is configured."""
    known = (
        (settings.wecom_corp, "JIXIAO_WECOM_API", settings.wecom_api),
        (settings.wecom_bot_id, "JIXIAO_WECOM_BOT_GATEWAY", settings.wecom_bot_gateway),
        (settings.wecom_webhook, "JIXIAO_WECOM_WEBHOOK", settings.wecom_webhook.get_secret_value()),
    )
    return {name: url for wanted, name, url in known if wanted}


def mistakes(settings: WecomSettings) -> list[str]:
    """What does not fit together, in words for the operator."""
    app, found = settings.wecom_corp, []
    if app and not (settings.wecom_agent and settings.wecom_secret.get_secret_value()):
        found.append("设了 JIXIAO_WECOM_CORP，还要设 JIXIAO_WECOM_AGENT 和 JIXIAO_WECOM_SECRET")
    if settings.wecom_bot_id and not settings.wecom_bot_secret.get_secret_value():
        found.append("设了 JIXIAO_WECOM_BOT_ID，还要设 JIXIAO_WECOM_BOT_SECRET")
    for (token_name, key_name), token, key in _key_sets(settings):
        if bool(token) != bool(key):
            found.append(f"{token_name} 和 {key_name} 要一起设")
        elif key and (len(key) != 43 or not key.isalnum()):
            found.append(f"{key_name} 应是43位字母和数字")
    return found


KEYS = ("JIXIAO_WECOM_TOKEN", "JIXIAO_WECOM_AES_KEY")
OLD_KEYS = ("JIXIAO_WECOM_OLD_TOKEN", "JIXIAO_WECOM_OLD_AES_KEY")


def _key_sets(settings: WecomSettings) -> tuple[tuple[tuple[str, str], str, str], ...]:
    return (
        (KEYS, settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value()),
        (
            OLD_KEYS,
            settings.wecom_old_token.get_secret_value(),
            settings.wecom_old_aes_key.get_secret_value(),
        ),
    )


def configuration(settings: WecomSettings) -> Configuration:
    """The same for the platform."""
    return Configuration(
        application=_application(settings) if settings.wecom_corp else None,
        robot=_robot(settings) if settings.wecom_bot_id else None,
    )


def _application(settings: WecomSettings) -> Application:
    return Application(
        settings.wecom_corp,
        settings.wecom_agent,
        settings.wecom_secret.get_secret_value(),
        keys=tuple(Keys(token, key) for _, token, key in _key_sets(settings) if token and key),
        api=settings.wecom_api,
        home=settings.wecom_home,
        passive=settings.wecom_passive,
        per_day=settings.wecom_daily,
    )


def _robot(settings: WecomSettings) -> Robot:
    return Robot(
        settings.wecom_bot_id,
        settings.wecom_bot_secret.get_secret_value(),
        name=settings.wecom_bot_name,
        gateway=settings.wecom_bot_gateway,
        file_hosts=tuple(filter(None, (each.strip() for each in settings.wecom_file_hosts.split(",")))),
    )
