"""What an operator sets about 钉钉, as the platform takes it."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import API, OAPI, Configuration

ADDRESS = r"^https?://[^\s?#]+$"
WEB = "要写成 http:// 或 https:// 开头的地址"


class DingTalkSettings(BaseSettings):
    """``JIXIAO_DINGTALK_CLIENT_ID`` …; every one is described in docs/manual/dingtalk.md."""

    #: the application's Client ID and Client Secret.
    dingtalk_client_id: str = ""
    dingtalk_client_secret: SecretStr = SecretStr("")
    #: the organisation's CorpId; frames of another are refused.
    dingtalk_corp_id: str = ""
    #: the robot's code, the Client ID when empty; the micro application's number for 工作通知.
    dingtalk_robot_code: str = ""
    dingtalk_agent_id: str = Field(default="", pattern=r"^\d*$", description="要写成一个数")
    #: the published card template; without one there are no cards, only Markdown.
    dingtalk_template_id: str = ""
    #: where the calls go.
    dingtalk_api: str = Field(default=API, pattern=ADDRESS, description=WEB)
    dingtalk_oapi: str = Field(default=OAPI, pattern=ADDRESS, description=WEB)
    #: what the organisation's edition includes each month, and how fast one interface may be called.
    dingtalk_monthly_calls: int = Field(default=5000, ge=1)
    dingtalk_monthly_pushes: int = Field(default=3000, ge=1)
    #: whether answers to what people do still go by calls when the month's are used up.
    dingtalk_replies_when_used_up: bool = False
    dingtalk_qps: int = Field(default=15, ge=1, le=60)
    #: messages one person gets in a minute at most.
    dingtalk_person_minute: int = Field(default=20, ge=1)
    #: bytes of one card value; the type of a number's field; whether links in messages may send a line.
    dingtalk_value_bytes: int = Field(default=LIMITS.value_bytes, ge=500, le=20000)
    dingtalk_number_field: str = Field(
        default="TEXT", pattern="^(TEXT|NUMBER)$", description="只有 TEXT 和 NUMBER"
    )
    dingtalk_links: bool = True


def configured(settings: DingTalkSettings) -> bool:
    """Whether the application is named."""
    return bool(settings.dingtalk_client_id)


def addresses(settings: DingTalkSettings) -> dict[str, str]:
    """Where the calls go, by setting; none when nothing is configured."""
    if not configured(settings):
        return {}
    return {"JIXIAO_DINGTALK_API": settings.dingtalk_api, "JIXIAO_DINGTALK_OAPI": settings.dingtalk_oapi}


def mistakes(settings: DingTalkSettings) -> list[str]:
    """What does not fit together, in words for the operator."""
    if bool(settings.dingtalk_client_id) == bool(settings.dingtalk_client_secret.get_secret_value()):
        return []
    return ["JIXIAO_DINGTALK_CLIENT_ID 和 JIXIAO_DINGTALK_CLIENT_SECRET 要一起设"]


def configuration(settings: DingTalkSettings) -> Configuration:
    """The same for the platform."""
    return Configuration(
        settings.dingtalk_client_id,
        settings.dingtalk_client_secret.get_secret_value(),
        settings.dingtalk_api.rstrip("/"),
        settings.dingtalk_oapi.rstrip("/"),
        corp_id=settings.dingtalk_corp_id,
        robot_code=settings.dingtalk_robot_code,
        agent_id=settings.dingtalk_agent_id,
        template_id=settings.dingtalk_template_id,
        number_field=settings.dingtalk_number_field,
        links=settings.dingtalk_links,
        monthly_calls=settings.dingtalk_monthly_calls,
        monthly_pushes=settings.dingtalk_monthly_pushes,
        replies_when_used_up=settings.dingtalk_replies_when_used_up,
        qps=settings.dingtalk_qps,
        person_minute=settings.dingtalk_person_minute,
        limits=replace(LIMITS, value_bytes=settings.dingtalk_value_bytes),
    )
