"""The sign that an answer is being written: an ornament, a few calls at once."""

import asyncio

from runtime.channels import ApiRequest, Types, TypesByTicket, TypesUnder
from runtime.gateway.delivery.sender import Sender, continued
from runtime.gateway.delivery.tokens import Account, account
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

TYPING = 10
"""Calls at once."""
TICKETS = 5000
"""That are remembered."""


class TypingSign:
    """`thread`: see Continues."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._calls = asyncio.Semaphore(TYPING)
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
