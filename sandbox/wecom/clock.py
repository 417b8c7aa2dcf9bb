"""The platform's clock: real, or set to a moment and moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Real time, shifted once it is set; ``frozen`` it moves only by hand."""

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        self.frozen = frozen
        self._at = at.astimezone(SHANGHAI) if at else datetime.now(SHANGHAI)
        self._since = datetime.now(SHANGHAI)

    def now(self) -> datetime:
        """This instant, Asia/Shanghai."""
        passed = timedelta(0) if self.frozen else datetime.now(SHANGHAI) - self._since
        return self._at + passed

    def seconds(self) -> int:
        """This instant as the whole seconds of a CreateTime."""
        return int(self.now().timestamp())

    def set(self, at: datetime) -> None:
        """It is now ``at``; time may also go back."""
        self._at, self._since = at.astimezone(SHANGHAI), datetime.now(SHANGHAI)

    def advance(self, by: timedelta) -> None:
        """So much later."""
        self.set(self.now() + by)
