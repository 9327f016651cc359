"""The sign that an answer is being written: an ornament, a few calls at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from runtime.channels import ApiRequest, Types, TypesByTicket, TypesUnder
from runtime.errors import SendFailed
from runtime.gateway.delivery.sender import Sender, continued
from runtime.gateway.delivery.tokens import Account, account
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

log = logging.getLogger(__name__)

TYPING = 10
"""Calls at once."""
TYPING_PAUSE = 0.02
"""Seconds between two people who are shown it: in a rush an ornament must not cost more than answers."""
TICKETS = 5000
"""That are remembered."""


class TypingSign:
    """`thread`: see Continues."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._calls = asyncio.Semaphore(TYPING)
        self._beginning = asyncio.Lock()
        self._tickets = Newest[tuple[*Account, str], tuple[str, float]](TICKETS)
        """By person; and until when each may be used."""

    async def show(self, surface: Surface, to: str, thread: str = "") -> None:
        """Raises SendFailed."""
        channel = surface.typist
        assert channel
        if isinstance(channel, TypesUnder) and not thread:
            return
        async with self._calls:
            asking = _asking(channel, to, thread)
            request = await self._ticketed(channel, asking, to, thread)
            await self._sender.asked(channel, request, channel.typed)

    async def end(self, surface: Surface, to: str, thread: str = "") -> None:
        """Where it would stay. Raises SendFailed."""
        channel = surface.typist
        if channel and (request := channel.typing_over(to)):
            request = await self._ticketed(channel, request, to, thread)
            await self._sender.asked(channel, request, lambda answer: None)

    async def until_answered(self, job: Job, thread: Callable[[], Awaitable[str]]) -> None:
        """A platform that refuses is left alone: it is only an ornament."""
        surface, to, typist = job.surface, job.message.sender, job.surface.typist
        is_shown = False
        try:
            while typist:
                async with self._beginning:
                    await asyncio.sleep(TYPING_PAUSE)
                if job.answered.done():
                    break
                is_shown = True
                await self.show(surface, to, await thread())
                await asyncio.wait([job.answered], timeout=typist.typing_seconds)
            if is_shown:
                await self.end(surface, to, await thread())
        except SendFailed as e:
            log.debug("typing is not shown for message %s: %s", job.seq, e.text.en)

    async def _ticketed(self, channel: Types, request: ApiRequest, to: str, thread: str) -> ApiRequest:
        """With the person's ticket, where the sign wants one."""
        if not isinstance(channel, TypesByTicket):
            return request
        of = (*account(channel), to)
        value, until = self._tickets.get(of, ("", 0.0))
        if until <= _now():
            asking = continued(channel, channel.ticket_request(to), thread)
            ticket = await self._sender.asked(channel, asking, channel.ticket)
            value = ticket.value
            self._tickets[of] = value, _now() + ticket.expires_in
        return channel.ticketed(request, value)


def _asking(channel: Types, to: str, thread: str) -> ApiRequest:
    return channel.typing_under(thread) if isinstance(channel, TypesUnder) else channel.typing(to)


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
