"""How much one person may write to one agent; what that may cost is counted in spendings.py."""

from typing import Literal

from runtime.errors import Refused
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.store.vanishing import Share, Vanishing

DAY = 86_400
BEYOND = 100
"""Messages that are taken and stored of somebody whose day is used up, who is told that (spendings.py): no
flood."""
RATED, HOUR = 60, 3600
LONG_APART = 60.0
"""Seconds in which somebody is told once that a message is too long."""
LONGEST = 256 * 1024
"""Bytes of a message that are taken and stored; a person types a few hundred."""

TOO_LONG = Text("消息太长，最多 {most} KB。", "The message is too long: {most} kB at most.")

Verdict = Literal["taken", "told", "quiet"]
"""Refused messages are not stored: the person is told once, and then nothing until one is taken again."""


class Allowance:
    """What vanishes is forgiven."""

    def __init__(self, vanishing: Vanishing) -> None:
        self._vanishing = vanishing

    async def judge(self, surface: Surface, message: Message) -> Verdict:
        """A repeat is judged alike, wherever it arrives."""
        limits, place, sender = surface.agent.limits, surface.id, message.sender
        if _is_long(message):
            wait = LONG_APART
        else:
            minute = Share(("minute", place, sender), limits.messages_per_minute, 60)
            day = Share(("day", place, sender), limits.messages_per_day + BEYOND, DAY)
            wait = await self._vanishing.take(minute, day, once=("took", place, sender, message.id))
        if not wait:
            return "taken"
        told = Share(("told", place, sender), 1, wait)  # until one is taken again
        once = ("telling", place, sender, message.id)
        return "quiet" if await self._vanishing.take(told, once=once) else "told"

    async def may_rate(self, surface: Surface, message: Message) -> bool:
        """Judgements are beside messages: so many an hour of one person, and the rest is nothing."""
        share = Share(("rated", surface.id, message.sender), RATED, HOUR)
        return not await self._vanishing.take(share, once=("rating", surface.id, message.sender, message.id))


def check_length(message: Message) -> None:
    """Raises Refused (too_large)."""
    if _is_long(message):
        raise Refused(TOO_LONG.fill(most=LONGEST // 1024), code="too_large")


def _is_long(message: Message) -> bool:
    text = message.text  # no character has more than four bytes
    return len(text) > LONGEST // 4 and len(text.encode("utf-8", "replace")) > LONGEST
