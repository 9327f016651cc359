"""Calls to the platform in an account's name, with the token that its answers are sent with."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from runtime.channels import ApiAnswer, ApiRequest, AsksPlatform, Authenticates, Managed, Management
from runtime.errors import SendFailed
from runtime.gateway.delivery.granting import Granting
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.grants import Grants
from runtime.metrics.metrics import Metrics
from runtime.network.platform_api import Outbound
from runtime.network.proxy import Proxy

T = TypeVar("T")


@asynccontextmanager
async def on_its_own(proxy: Proxy, hosts: Mapping[str, str], grants: Grants) -> AsyncIterator["Accounts"]:
    """Where no gateway runs, as in a command."""
    outbound = Outbound(proxy)
    try:
        yield Accounts.alone(outbound, hosts, grants)
    finally:
        await outbound.close()


class Accounts:
    """`sender` owns the access tokens."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    @classmethod
    def alone(cls, outbound: Outbound, hosts: Mapping[str, str], grants: Grants | None = None) -> "Accounts":
        """Without a gateway; whoever made `outbound` closes it. `grants`: what some tokens hang on."""
        return cls(Sender(outbound, Tokens(Metrics()), hosts, Granting(grants) if grants else None))

    async def ask(self, channel: Managed, call: Callable[[Management], T]) -> T:
        """Let `call` ask, in a thread. A token that is refused is replaced once. Raises SendFailed."""
        token = await self._sender.token(channel)
        try:
            return await self._asked(channel, token, call)
        except SendFailed as e:
            if e.code not in channel.codes.stale:
                raise
        return await self._asked(channel, await self._sender.token(channel, stale=token), call)

    async def called(self, channel: AsksPlatform, request: ApiRequest) -> ApiAnswer:
        """By a request that carries no access token. Raises SendFailed."""
        return await self._sender.ask(channel, request)

    async def token(self, channel: Authenticates) -> str:
        """The one that answers are sent with. Raises SendFailed."""
        return await self._sender.token(channel)

    @property
    def grants(self) -> Grants:
        """What some tokens hang on."""
        return self._sender.granting.grants

    async def asked(self, channel: Authenticates, request: ApiRequest, read: Callable[[ApiAnswer], T]) -> T:
        """One question, with an access token. Raises SendFailed."""
        return await self._sender.asked(channel, request, read)

    async def try_secret(self, channel: Authenticates) -> None:
        """Ask for a token with the channel's own credentials, whatever is remembered. Raises SendFailed."""
        await self._sender.fresh_token(channel)

    async def _asked(self, channel: Managed, token: str, call: Callable[[Management], T]) -> T:
        line = await asyncio.to_thread(_line)
        there = line(self._sender.host(channel), self._sender.api(channel), asyncio.get_running_loop())
        return await asyncio.to_thread(lambda: call(channel.Management(channel, there, token)))


def _line() -> Any:
    """Not on the loop, which the import would hold up."""
    from runtime.management.line import line  # requests has 7 MB, and no gateway needs it before

    return line
