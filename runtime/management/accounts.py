"""Calls to the platform in an account's name, with the token that its answers are sent with."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from runtime.channels import Managed, Management
from runtime.errors import SendFailed
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.metrics import Metrics
from runtime.management.line import line
from runtime.network.platform_api import Outbound

T = TypeVar("T")


class Accounts:
    """`sender` owns the access tokens."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    @classmethod
    def alone(cls, outbound: Outbound, hosts: dict[str, str]) -> "Accounts":
        """Where no gateway runs, as in a command: whoever made `outbound` closes it."""
        return cls(Sender(outbound, Tokens(Metrics()), hosts))

    async def ask(self, channel: Managed, call: Callable[[Management], T]) -> T:
        """Let `call` ask, in a thread. A token that is refused is replaced once. Raises SendFailed."""
        token = await self._sender.token(channel)
        try:
            return await self._asked(channel, token, call)
        except SendFailed as e:
            if e.code not in channel.codes.stale:
                raise
        return await self._asked(channel, await self._sender.token(channel, stale=token), call)

    async def _asked(self, channel: Managed, token: str, call: Callable[[Management], T]) -> T:
        there = line(self._sender.host(channel), self._sender.api(channel), asyncio.get_running_loop())
        return await asyncio.to_thread(lambda: call(channel.Management(channel, there, token)))
