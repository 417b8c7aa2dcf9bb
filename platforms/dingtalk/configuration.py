"""What an operator tells about the DingTalk application; its secret shows itself nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from platforms.dingtalk.capabilities import LIMITS, Limits

API, OAPI = "https://api.dingtalk.com", "https://oapi.dingtalk.com"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One application of one organisation. What only a real tenant can tell is a number here, not in the code."""

    client_id: str
    client_secret: str = field(repr=False)
    api: str = API  # base address of the new interfaces
    oapi: str = OAPI  # base address of the older ones, media and contacts
    corp_id: str = ""  # frames of another organisation are refused; of any are taken when empty
    robot_code: str = ""  # the client id when empty
    agent_id: str = ""  # for 工作通知; without one broadcasts go by the robot
    template_id: str = ""  # without one there are no cards, only Markdown
    number_field: str = "TEXT"  # or NUMBER
    links: bool = True  # whether a Markdown message may carry buttons as dtmd links
    monthly_calls: int = 5000
    monthly_pushes: int = 3000
    replies_when_used_up: bool = False  # whether answers still go by calls when the month's are used up
    qps: int = 15  # below DingTalk's 20 for one interface
    person_minute: int = 20
    notice_minute: int = 5000
    limits: Limits = LIMITS
    #: seconds after which a tap is answered whatever happens, below DingTalk's 2.
    answer_within: float = 1.5
    connect_seconds: float = 10.0

    @property
    def robot(self) -> str:
        """The robot's code."""
        return self.robot_code or self.client_id
