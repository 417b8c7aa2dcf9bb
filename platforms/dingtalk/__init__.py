"""DingTalk: cards and messages through its stream and its interfaces; its SDK is loaded with ``platform``, by whom it
connects."""

from platforms.dingtalk.capabilities import CAN, LIMITS, PLAIN, Limits
from platforms.dingtalk.configuration import Configuration

__all__ = ["CAN", "LIMITS", "PLAIN", "Configuration", "Limits"]
