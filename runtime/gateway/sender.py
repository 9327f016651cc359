"""Send through the platform's API, with a valid access token."""

from collections.abc import Awaitable, Callable, Mapping

from runtime.channels import Api, CanPush
from runtime.errors import SendFailed
from runtime.gateway.outbound import Outbound
from runtime.gateway.surfaces import Surface
from runtime.gateway.tokens import Tokens


class Sender:
    """`hosts` replaces the platforms' API hosts by the name of the environment variable."""

    def __init__(self, outbound: Outbound, tokens: Tokens, hosts: Mapping[str, str]) -> None:
        self._outbound = outbound
        self._tokens = tokens
        self._hosts = hosts

    async def send(self, surface: Surface, to: str, text: str) -> None:
        """Raises SendFailed."""
        channel = _pusher(surface)
        await self._with_token(channel, lambda api, token: channel.push(api, token, to, text))

    async def show_typing(self, surface: Surface, to: str) -> None:
        """Raises SendFailed."""
        channel = surface.typist
        assert channel
        await self._with_token(_pusher(surface), lambda api, token: channel.show_typing(api, token, to))

    async def probe(self, surface: Surface) -> bool:
        """May the account push? Raises SendFailed when it cannot be told."""
        channel = _pusher(surface)
        api = self._api(channel)
        return await channel.probe(api, await self._tokens.get(channel, api))

    async def _with_token(self, channel: CanPush, call: Callable[[Api, str], Awaitable[None]]) -> None:
        """A refused token is replaced once; a second refusal is the account's fault and is raised."""
        api = self._api(channel)
        token = await self._tokens.get(channel, api)
        try:
            await call(api, token)
        except SendFailed as e:
            if e.code not in channel.stale_token_codes:
                raise
            await call(api, await self._tokens.get(channel, api, stale=token))

    def _api(self, channel: CanPush) -> Api:
        return self._outbound.api(self._hosts.get(channel.api_host_setting) or channel.api_host)


def _pusher(surface: Surface) -> CanPush:
    assert surface.pusher
    return surface.pusher
