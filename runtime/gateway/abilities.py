"""What an account may do, found out once and remembered."""

import asyncio
import logging
import time
from collections.abc import Callable

from runtime.channels import CanPush
from runtime.errors import SendFailed
from runtime.gateway.sender import Sender
from runtime.gateway.surfaces import Surface
from runtime.store.messages import Messages

log = logging.getLogger(__name__)

NOT_PERMITTED = "48001"
"""The account may not use the API: unverified. https://developers.weixin.qq.com/doc/service/ error codes."""

AGAIN = 60.0
"""Seconds before an account that could not be probed is probed again."""


class Abilities:
    """`can_push` is True, False, or None while it is not known."""

    def __init__(self, messages: Messages, sender: Sender, clock: Callable[[], float] = time.time) -> None:
        self._messages = messages
        self._sender = sender
        self._clock = clock
        self._known: dict[str, bool] = {}
        self._probed: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def can_push(self, surface: Surface) -> bool | None:
        """Never waits: asks the platform in the background when it is not known."""
        channel = surface.channel
        if not isinstance(channel, CanPush) or not channel.may_push:
            return False
        known = self._known.get(channel.account)
        if known is None and self._clock() - self._probed.get(channel.account, 0) > AGAIN:
            self._probed[channel.account] = self._clock()
            task = asyncio.create_task(self.find_out(surface))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return known

    async def find_out(self, surface: Surface) -> None:
        """Recall or probe. Leaves it unknown when the platform cannot be asked."""
        channel = surface.channel
        if not isinstance(channel, CanPush) or not channel.may_push:
            return
        self._probed[channel.account] = self._clock()
        remembered = await self._messages.fact(f"can_push {channel.account}")
        if remembered is not None:
            self._known[channel.account] = remembered == "yes"
            return
        try:
            await self._learn(channel, await self._sender.probe(surface))
        except SendFailed as e:
            log.warning("cannot tell whether %s may push: %s", channel.account, e.text.en)

    async def refused(self, surface: Surface, error: SendFailed) -> None:
        """Remember a refusal that says the account may not push at all."""
        if error.code == NOT_PERMITTED and isinstance(surface.channel, CanPush):
            await self._learn(surface.channel, False)

    async def _learn(self, channel: CanPush, can: bool) -> None:
        self._known[channel.account] = can
        await self._messages.learn(f"can_push {channel.account}", "yes" if can else "no", self._clock())
