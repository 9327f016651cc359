"""What an account may do: found out once and remembered, and what stands in its way just now."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from runtime.channels import CanPush
from runtime.errors import SendFailed
from runtime.gateway.background import Background
from runtime.gateway.sender import Sender
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.store.messages import Messages

log = logging.getLogger(__name__)

NOT_PERMITTED = "48001"
"""The account may not use the API: unverified. https://developers.weixin.qq.com/doc/service/ error codes."""

AGAIN = 60.0
"""Seconds before an account that could not be asked, or was blocked, is tried again."""


class Doctor(Protocol):
    """Told why an account cannot push."""

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        """`text`: what is wrong and what to do; None once a push works again."""
        ...


class Abilities:
    """`can_push` is True, False, or None while it is not known."""

    def __init__(
        self,
        messages: Messages,
        sender: Sender,
        doctor: Doctor,
        background: Background,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._messages = messages
        self._sender = sender
        self._doctor = doctor
        self._background = background
        self._clock = clock
        self._known: dict[str, bool] = {}
        self._blocked: dict[str, float] = {}
        """Until when an account that had trouble is left alone; it stays until a push works."""
        self._probed: dict[str, float] = {}
        self._probing: dict[str, asyncio.Task[None]] = {}
        self._unblocking: dict[str, asyncio.Task[None]] = {}
        self.on_unblocked: Callable[[Surface], Awaitable[None]] | None = None
        """Called when an account that could not push, or did not get something through, is to try again."""

    def can_push(self, surface: Surface) -> bool | None:
        """Never waits: asks the platform in the background when it is not known."""
        channel = surface.pusher
        if channel is None or not channel.may_push:
            return False
        if _now() < self._blocked.get(channel.account, 0):
            return False
        known = self._known.get(channel.account)
        if known is None and _now() - self._probed.get(channel.account, float("-inf")) > AGAIN:
            self._probed[channel.account] = _now()
            self._probing[channel.account] = self._background.start(self.find_out(surface))
        return known

    def probing(self, surface: Surface) -> asyncio.Task[None] | None:
        """The question that is under way, if one is."""
        return self._probing.get(surface.pusher.account) if surface.pusher else None

    async def find_out(self, surface: Surface) -> None:
        """Recall or probe. Leaves it unknown when the platform cannot be asked."""
        channel = surface.pusher
        if channel is None or not channel.may_push:
            return
        self._probed[channel.account] = _now()
        remembered = await self._messages.facts.find(f"can_push {channel.account}")
        if remembered is not None:
            self._known[channel.account] = remembered == "yes"
            return
        try:
            await self._learn(channel, await self._sender.probe(surface))
        except SendFailed as e:
            log.warning("cannot tell whether %s may push: %s", channel.account, e.text.en)
            self._block(surface, channel, e)

    async def refused(self, surface: Surface, error: SendFailed) -> None:
        """Learn from a refusal that concerns the account and not the person."""
        channel = surface.pusher
        if channel is None:
            return
        if error.code == NOT_PERMITTED:
            await self._learn(channel, False)
        elif error.code in channel.blocking_codes:
            self._block(surface, channel, error)
        elif error.retryable:
            self._unblock_after(surface, AGAIN)

    def worked(self, surface: Surface) -> None:
        """A push got through."""
        channel = surface.pusher
        if channel and channel.account in self._blocked:
            del self._blocked[channel.account]
            self._doctor.trouble(surface.id, None, self._clock())

    def _block(self, surface: Surface, channel: CanPush, error: SendFailed) -> None:
        """Answer passively meanwhile instead of asking again for each message."""
        seconds = channel.blocking_codes.get(error.code, 0.0)
        self._blocked[channel.account] = _now() + seconds
        self._doctor.trouble(surface.id, error.text, self._clock())
        if seconds:
            self._unblock_after(surface, seconds)

    def _unblock_after(self, surface: Surface, seconds: float) -> None:
        """What is kept meanwhile is pushed then; once, however many pushes failed."""

        async def unblock() -> None:
            await asyncio.sleep(seconds)
            del self._unblocking[surface.id]
            if self.on_unblocked:
                await self.on_unblocked(surface)

        if surface.id not in self._unblocking:
            self._unblocking[surface.id] = self._background.start(unblock())

    async def _learn(self, channel: CanPush, can: bool) -> None:
        self._known[channel.account] = can
        await self._messages.facts.learn(f"can_push {channel.account}", "yes" if can else "no", self._clock())


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
