"""What an operator sets, from environment variables that start with JIXIAO_ or from a .env file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong; the text names it and what it takes."""


class Settings(BaseSettings):
    """``JIXIAO_DATABASE``, ``JIXIAO_DATA``, ``JIXIAO_ROLL`` …; every one is described in docs/manual/operator.md."""

    model_config = SettingsConfigDict(env_prefix="JIXIAO_", env_file=".env", extra="ignore")

    #: where everything is kept: sqlite:///file or postgresql+psycopg://user@host/name.
    database: str = Field(default="", pattern=r"^$|^sqlite:///.+|^postgresql(\+psycopg)?://.+")
    #: the folder for the default SQLite file and the rehearsal.
    data: Path = Path("var")
    #: whether a last day that falls on a rest day moves to the next workday before 逾期 begins (民法典 203).
    roll: bool = True

    #: where ``jixiao run`` listens for callbacks, the API, /health and /metrics; a reverse proxy stands in front.
    listen: str = Field(default="127.0.0.1:8080", pattern=r"^[^\s:/]+:\d{1,5}$")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of :attr:`listen`."""
        host, _, port = self.listen.rpartition(":")
        return host, int(port)

    @property
    def database_url(self) -> str:
        """The database in use; SQLite in the data folder when none is named."""
        return self.database or f"sqlite:///{self.data / 'jixiao.sqlite'}"


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming each wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"JIXIAO_{str(e['loc'][0]).upper()}：{e['msg']}" for e in error.errors())
        raise SettingsError(f"设置有误：{wrong}") from error
