"""How many customer-service messages a person's last action allows.

https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
"""

from dataclasses import dataclass
from typing import Literal

Trigger = Literal["message", "click", "subscribe", "scan", "enter"]
"""A tap on an item of a menu message counts as a click; who comes into a Mini Program's window enters."""

HOURS_48 = 48 * 3600.0
ALLOWED: dict[Trigger, tuple[int, float]] = {
    "message": (5, HOURS_48),
    "click": (3, 60.0),
    "subscribe": (3, 60.0),
    "scan": (3, 60.0),
    "enter": (2, 60.0),
}
"""Messages, and within how many seconds. Quotas do not add up: the newest trigger replaces the others."""
TYPING = 15.0
"""Seconds that the typing sign is shown."""
TYPING_AFTER = 30.0
"""Seconds after an action within which it may be shown."""

OUT_OF_TIME, OUT_OF_COUNT = 45015, 45047
ALREADY_TYPING, NOT_LATELY = 45081, 45080


@dataclass
class Standing:
    """One follower, as the platform keeps count. `bounded` False: nothing is counted."""

    follows: bool = True
    acted_at: float = -HOURS_48
    until: float = -HOURS_48
    left: int = 0
    typing_until: float = 0.0
    bounded: bool = True

    def acted(self, trigger: Trigger, now: float) -> None:
        self.left, seconds = ALLOWED[trigger]
        self.acted_at, self.until, self.follows, self.bounded = now, now + seconds, True, True

    def send(self, now: float) -> int:
        """Take one message from the quota; 0 or the errcode."""
        if not self.bounded:
            return 0
        if not self.follows or now >= self.until:
            return OUT_OF_TIME
        if self.left <= 0:
            return OUT_OF_COUNT
        self.left -= 1
        self.typing_until = 0.0
        return 0

    def type(self, now: float) -> int:
        if not self.bounded:
            return 0
        if not self.follows or now >= self.until:
            return OUT_OF_TIME
        if now - self.acted_at > TYPING_AFTER:
            return NOT_LATELY
        if now < self.typing_until:
            return ALREADY_TYPING
        self.typing_until = now + TYPING
        return 0
