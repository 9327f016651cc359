"""How much one person may write to one agent; what that may cost is counted in spendings.py."""

from typing import Literal

from runtime.errors import Refused
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.newest import Newest
from runtime.store.vanishing import Share, Vanishing, named

DAY = 86_400
REMEMBERED = 20_000
"""Messages whose verdict is the same when the platform sends them again…"""
REPEATED = 300.0
"""…within so many seconds, and people who were told."""
LONGEST = 256 * 1024
"""Bytes of a message that are taken and stored; a person types a few hundred."""

TOO_LONG = Text("消息太长，最多 {most} KB。", "The message is too long: {most} kB at most.")

Verdict = Literal["taken", "told", "quiet"]
"""Refused messages are not stored: the person is told once, and then nothing until one is taken again."""


class Allowance:
    """What vanishes is forgiven: in memory, with a restart."""

    def __init__(self, vanishing: Vanishing) -> None:
        self._vanishing = vanishing
        self._verdicts = Newest[tuple[str, str, str], tuple[Verdict, float]](REMEMBERED)
        self._told = Newest[str, None](REMEMBERED)

    async def judge(self, surface: Surface, message: Message, now: float) -> Verdict:
        """`now` in seconds of a clock that does not jump. A repeat is judged alike, wherever it arrives."""
        key = (surface.id, message.sender, message.id)
        known = self._verdicts.get(key)
        if known is None:
            known = self._verdicts[key] = await self._new(surface, message), now
            self._verdicts.forget(lambda its: now - its[1] > REPEATED)
        return known[0]

    async def _new(self, surface: Surface, message: Message) -> Verdict:
        who, limits = f"{surface.id} {message.sender}", surface.agent.limits
        minute, day, once = (
            named(kind, surface.id, message.sender, *more)
            for kind, more in (("minute", ()), ("day", ()), ("took", (message.id,)))
        )
        shares = Share(minute, limits.messages_per_minute, 60), Share(day, limits.messages_per_day, DAY)
        if not _is_long(message) and not await self._vanishing.take(*shares, once=once):
            self._told.pop(who, None)
            return "taken"
        if who in self._told:
            return "quiet"
        self._told[who] = None
        return "told"


def check_length(message: Message) -> None:
    """Raises Refused (too_large)."""
    if _is_long(message):
        raise Refused(TOO_LONG.fill(most=LONGEST // 1024), code="too_large")


def _is_long(message: Message) -> bool:
    return len(message.text.encode("utf-8", "replace")) > LONGEST
