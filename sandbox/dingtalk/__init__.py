"""A local DingTalk: gateway and stream, OpenAPI, cards, files, 工作通知, and the phones of an invented organisation."""

from sandbox.dingtalk.directory import Department, Directory, Person
from sandbox.dingtalk.rules import Rules
from sandbox.dingtalk.server import serving
from sandbox.dingtalk.world import App, World

__all__ = ["App", "Department", "Directory", "Person", "Rules", "World", "serving"]
