"""What is arranged to go wrong: on calls of the API, on callbacks, on the bot's line."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: kinds of trouble on a call: a return code, a page instead of JSON, a slow answer, a line cut before or after.
KINDS = ("code", "html", "slow", "cut", "cut_after", "status")


@dataclass(frozen=True, slots=True)
class Fault:
    """The next ``times`` calls of ``path`` ('' = any) go wrong in this way; -1 = from now on."""

    path: str
    kind: str
    code: int = -1
    seconds: float = 0.0
    times: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")


@dataclass(slots=True)
class Switches:
    """What the documentation leaves open or a tenant may have set."""

    strict: bool = True  # refuse what is longer than recommended
    same_token: bool = True  # gettoken answers the same token until it ends
    token_seconds: int = 7200
    apply_card_replies: bool = True  # passive answers to template_card_event are applied
    retry_any_status: bool = True  # a callback answered with another status than 200 is delivered again
    files_to_app: bool = False  # a file sent to an app is delivered as MsgType file
    queue_for_bot: bool = False  # what happens while no bot is connected waits for it
    callback_seconds: float = 5.0
    callback_tries: int = 3
    bot_seconds: float = 5.0  # for a welcome or a card update
    duplicate_callbacks: int = 0  # the next callback comes so many times more, with another nonce
    hold_callbacks: int = 0  # so many of the next callbacks wait and come after the one that follows
    drop_messages: int = 0  # so many of the next messages are answered ok and shown to nobody


class Faults:
    """The armed faults, taken one by one."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """From the next fitting call on."""
        self.armed.append(fault)

    def clear(self) -> None:
        """Everything works again."""
        self.armed.clear()

    def take(self, path: str) -> Fault | None:
        """What goes wrong with this call, if anything; used up by it."""
        for place, fault in enumerate(self.armed):
            if fault.path in ("", path):
                if fault.times == 1:
                    del self.armed[place]
                elif fault.times > 1:
                    self.armed[place] = replace(fault, times=fault.times - 1)
                return fault
        return None
