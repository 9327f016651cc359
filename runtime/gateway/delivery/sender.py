"""Send through the platform's API, with a valid access token, so many at a time."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from runtime.channels import Api, CanPush
from runtime.errors import SendFailed
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.place import Place
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.network.platform_api import Outbound

T = TypeVar("T")

log = logging.getLogger(__name__)

PUSHES = 150
"""That are sent to one account's platform at once. The next ones wait here, where nothing is claimed yet."""
TYPING = 10
"""Calls of the ornament at once."""

BROKEN = Text(
    "平台的回应无法识别，不确定是否收到。", "The platform's answer is unreadable; it may have got it."
)


class Sender:
    """`hosts` replaces the platforms' API hosts by the name of the environment variable."""

    def __init__(self, outbound: Outbound, tokens: Tokens, hosts: Mapping[str, str]) -> None:
        self._outbound = outbound
        self._tokens = tokens
        self._hosts = hosts
        self._places: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PUSHES))
        self._typing = asyncio.Semaphore(TYPING)

    async def place_at_once(self, surface: Surface) -> Place | None:
        """If one is free and a token is at hand, so that what is claimed now leaves now. Never waits."""
        channel = _pusher(surface)
        places = self._places[channel.account]
        if places.locked() or not self._tokens.has(channel):
            return None
        await places.acquire()
        return Place(places)

    async def place(self, surface: Surface) -> Place:
        """Wait for one, and for a token. Raises SendFailed: no token, so nothing was sent."""
        channel = _pusher(surface)
        places = self._places[channel.account]
        await places.acquire()
        place = Place(places)
        try:
            await self._tokens.get(channel, self._api(channel))
        except BaseException:  # also when whoever waits is cancelled: it is raised on
            place.give_back()
            raise
        return place

    async def send(self, surface: Surface, to: str, text: str) -> None:
        """Whoever sends has a place. Raises SendFailed."""
        channel = _pusher(surface)
        await self._with_token(channel, lambda api, token: channel.push(api, token, to, text))

    async def show_typing(self, surface: Surface, to: str) -> None:
        """Raises SendFailed."""
        channel = surface.typist
        assert channel
        async with self._typing:
            await self._with_token(_pusher(surface), lambda api, token: channel.show_typing(api, token, to))

    async def probe(self, surface: Surface) -> bool:
        """May the account push? Raises SendFailed when it cannot be told."""
        channel = _pusher(surface)
        api = self._api(channel)
        token = await self._tokens.get(channel, api)
        return await _within_errors(channel.probe(api, token))

    async def _with_token(self, channel: CanPush, call: Callable[[Api, str], Awaitable[None]]) -> None:
        """A refused token is replaced once; a second refusal is the account's fault and is raised."""
        api = self._api(channel)
        token = await self._tokens.get(channel, api)
        try:
            await _within_errors(call(api, token))
        except SendFailed as e:
            if e.code not in channel.stale_token_codes:
                raise
            fresh = await self._tokens.get(channel, api, stale=token)
            await _within_errors(call(api, fresh))

    def _api(self, channel: CanPush) -> Api:
        return self._outbound.api(self._hosts.get(channel.api_host_setting) or channel.api_host)


async def _within_errors(call: Awaitable[T]) -> T:
    """A fault of ours in reading an answer says nothing about what the platform did."""
    try:
        return await call
    except SendFailed:
        raise
    except Exception as e:
        log.exception("an answer of a platform's API broke its reader")
        raise SendFailed(BROKEN, code="uncertain") from e


def _pusher(surface: Surface) -> CanPush:
    assert surface.pusher
    return surface.pusher
