"""DingTalk: cards and messages through its stream and its interfaces."""

from platforms.dingtalk.capabilities import CAN, LIMITS, PLAIN, Limits
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.drawing import Drawn, draw
from platforms.dingtalk.platform import DingTalkPlatform
from platforms.dingtalk.reading import read

__all__ = ["CAN", "LIMITS", "PLAIN", "Configuration", "DingTalkPlatform", "Drawn", "Limits", "draw", "read"]
