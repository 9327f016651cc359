"""Send one part through the platform's API, with a valid access token."""

from collections.abc import Mapping

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

    def api(self, channel: CanPush) -> Api:
        return self._outbound.api(self._hosts.get(channel.api_host_setting) or channel.api_host)

    async def send(self, surface: Surface, to: str, part: str) -> None:
        """Raises SendFailed. A refused token is replaced once, and the part sent once more."""
        channel = surface.channel
        assert isinstance(channel, CanPush)
        api = self.api(channel)
        token = await self._tokens.get(channel, api)
        try:
            await channel.push(api, token, to, part)
        except SendFailed as e:
            if e.code not in channel.stale_token_codes:
                raise
            token = await self._tokens.get(channel, api, stale=token)
            await channel.push(api, token, to, part)

    async def probe(self, surface: Surface) -> bool:
        """May the account push? Raises SendFailed when it cannot be told."""
        channel = surface.channel
        assert isinstance(channel, CanPush)
        api = self.api(channel)
        return await channel.probe(api, await self._tokens.get(channel, api))
