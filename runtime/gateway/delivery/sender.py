"""Send through the platform's API, with a valid access token where it wants one, so many at a time."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import TypeVar, cast

from runtime.channels import (
    AccessToken,
    Announces,
    ApiAnswer,
    ApiRequest,
    AsksPlatform,
    Authenticates,
    Bubble,
    Chooses,
    Connects,
    Continues,
    Edits,
    Frame,
    Granted,
    Judged,
    Page,
    Pushes,
    PushesMedia,
    Shown,
    Steps,
)
from runtime.channels._consenting import Fresh
from runtime.choices import Choices
from runtime.errors import SendFailed
from runtime.gateway.delivery.asking import Asking
from runtime.gateway.delivery.granting import Granting
from runtime.gateway.delivery.hosts import api_host
from runtime.gateway.delivery.sockets import Sockets
from runtime.gateway.delivery.steps import BROKEN, Came, heard, step
from runtime.gateway.delivery.tokens import ACCOUNTS, Account, Tokens, account
from runtime.gateway.grants import GrantsInMemory
from runtime.gateway.place import Place
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.network.platform_api import Outbound, PlatformApi
from runtime.network.transports import Line
from runtime.newest import Newest

T = TypeVar("T")
R = TypeVar("R", bound=ApiRequest | Frame)

PUSHES = 150
"""That are sent to one account's platform at once. The next ones wait here, where nothing is claimed yet."""
MOST_STEPS = 110
"""Calls that one file may take: some platforms take it in pieces."""


class Sender:
    """`hosts` replaces the platforms' API hosts by the name of the environment variable."""

    def __init__(
        self,
        outbound: Outbound,
        tokens: Tokens,
        hosts: Mapping[str, str],
        granting: Granting | None = None,
    ) -> None:
        self._outbound = outbound
        self.granting = granting or Granting(GrantsInMemory())
        self._tokens = tokens
        self._hosts = hosts
        self._asking = Asking(outbound, hosts)
        self.sockets = Sockets()
        """The connections that are held."""
        self._places = Newest[Account, asyncio.Semaphore](ACCOUNTS)

    async def place_at_once(self, surface: Surface) -> Place | None:
        """If one is free and a token is at hand, so that what is claimed now leaves now. Never waits."""
        channel, places = _pusher(surface), self._of(_pusher(surface))
        if places.locked() or (isinstance(channel, Authenticates) and not self._tokens.has(channel)):
            return None
        await places.acquire()
        return Place(places)

    async def place(self, surface: Surface) -> Place:
        """Wait for one, and for a token. Raises SendFailed: no token, so nothing was sent."""
        channel = _pusher(surface)
        places = self._of(channel)
        await places.acquire()
        place = Place(places)
        try:
            if isinstance(channel, Authenticates):
                await self.token(channel)
        except BaseException:  # also when whoever waits is cancelled: it is raised on
            place.give_back()
            raise
        return place

    def _of(self, channel: Pushes) -> asyncio.Semaphore:
        return self._places.of(account(channel), lambda: asyncio.Semaphore(PUSHES))

    async def send(
        self,
        surface: Surface,
        to: str,
        text: str,
        key: str,
        after: Message | None = None,
        thread: str = "",
        *,
        unasked: bool = False,
    ) -> str:
        """By what a judgement names it, or "". Whoever sends has a place. `key`: see Pushes.push; `after`:
        the person's newest message; `thread`: see Continues; `unasked`: see Announces.push_unasked. Raises
        SendFailed."""
        channel = _pusher(surface)
        request = channel.push_after(after, text, key) if after else channel.push(text, to, key)
        if unasked and isinstance(channel, Announces):
            request = channel.push_unasked(text, to, key)
        return await self._taken(surface, channel, continued(channel, request, thread))

    async def _taken(self, surface: Surface, channel: Pushes, request: ApiRequest | Frame) -> str:
        """By what a judgement names what was sent, where somebody wants to know; or "". Raises SendFailed."""
        if isinstance(channel, Judged) and surface.publication.judged:
            return await self.asked(channel, request, channel.taken)
        await self.asked(channel, request, channel.pushed)
        return ""

    async def grow(self, surface: Surface, bubble: Bubble, text: str, now: float, *, done: bool) -> None:
        """Show so much of an answer. Raises SendFailed."""
        channel, streamer = _pusher(surface), surface.streamer
        assert streamer
        begin = partial(streamer.grow, bubble, text, now, done=done)
        if isinstance(request := begin(), Generator):
            return await self.walk(channel, cast(Callable[[], Steps[None]], begin))
        assert isinstance(request, ApiRequest | Frame)
        return await self.asked(channel, request, streamer.grown)

    async def send_shown(
        self, surface: Surface, to: str, shown: Shown, key: str, after: Message | None, thread: str = ""
    ) -> str:
        """The same for what is more than text, on a channel that pushes it. Raises SendFailed."""
        channel = surface.channel
        if shown.edits and isinstance(channel, Edits):
            try:
                await self.asked(channel, channel.edit(shown.edits, shown.words), channel.edited)
            except SendFailed as e:  # the same once more changes nothing
                again = e.retryable or e.code == "uncertain"
                raise SendFailed(e.text, code=e.code, retryable=again, wait=e.wait) from e
            return shown.edits if isinstance(channel, Judged) and surface.publication.judged else ""
        if shown.kind == "choices":
            assert isinstance(channel, Chooses)
            request = channel.push_choices(Choices.of(shown.data), to, key, after)
        else:
            assert isinstance(channel, PushesMedia)
            request = (
                channel.push_media_after(after, shown, key) if after else channel.push_media(shown, to, key)
            )
        return await self._taken(surface, channel, continued(channel, request, thread))

    async def offer(self, surface: Surface, to: str, choices: Choices, key: str) -> str:
        """Something to tap, to somebody who did not write; by what it can be settled later (Chooses.handle).
        Whoever sends has a place. Raises SendFailed."""
        channel = surface.channel
        assert isinstance(channel, Chooses)
        return await self.asked(channel, channel.push_choices(choices, to, key), channel.taken)

    async def ask(self, channel: AsksPlatform, request: ApiRequest) -> ApiAnswer:
        """What the platform answers to a request that carries no access token. Raises SendFailed."""
        return await self._answer(channel, request)

    async def probe(self, surface: Surface) -> bool:
        """May the account push? One in trouble is asked nothing else: a token that was refused meanwhile is
        replaced here, too. Raises SendFailed when it cannot be told."""
        channel = _pusher(surface)
        request = channel.probe()
        return request is None or await self.asked(channel, request, channel.probed)

    async def greet(self, surface: Surface, request: ApiRequest | Frame) -> None:
        """See Greets. Whoever sends has a place. Raises SendFailed."""
        channel = _pusher(surface)
        await self.asked(channel, request, channel.pushed)

    async def fetch(self, surface: Surface, cursor: str, ticket: str, *, at_once: bool = False) -> Page:
        """A page of what waits at the platform; `at_once`: as it is now. Raises SendFailed."""
        channel = surface.fetcher
        assert channel
        look = channel.fetch(cursor, ticket)
        return await self.asked(channel, channel.at_once(look) if at_once else look, channel.page)

    async def standing(self, surface: Surface, to: str) -> str | None:
        """In which state the person's conversation is at the platform; None when it cannot be asked.

        Raises SendFailed.
        """
        channel = surface.hander
        assert channel
        request = channel.standing(to)
        return await self.asked(channel, request, channel.stands) if request else None

    async def move(self, surface: Surface, to: str, state: str) -> None:
        """Bring it to another one. Raises SendFailed."""
        channel = surface.hander
        assert channel
        await self.asked(channel, channel.move(to, state), channel.moved)

    async def connect(self, channel: Connects, told: str = "") -> Line:
        """`told`: see Link.next_address. Raises OSError, also TimeoutError and transports.Unopened,
        SendFailed."""
        return await self._asking.connect(channel, told)

    async def walk(self, channel: AsksPlatform, begin: Callable[[], Steps[T]]) -> T:
        """Calls one after another, see Steps. A refused token is replaced once, and all begun anew. Raises
        SendFailed."""
        try:
            return await self._walked(channel, begin())
        except SendFailed as e:
            if not isinstance(channel, Authenticates) or e.code not in channel.codes.stale:
                raise
        await self.token(channel, stale=await self.token(channel))
        return await self._walked(channel, begin())

    async def _walked(self, channel: AsksPlatform, steps: Steps[T]) -> T:
        request = step(steps, None)
        for _ in range(MOST_STEPS):
            if isinstance(request, Came):
                return request.value
            if isinstance(channel, Authenticates) and isinstance(request, ApiRequest) and not request.host:
                request = channel.authorized(request, await self.token(channel))
            request = step(steps, await self._answer(channel, request))
        raise SendFailed(BROKEN, code="steps")

    async def asked(
        self,
        channel: AsksPlatform,
        request: ApiRequest | Frame,
        read: Callable[[ApiAnswer], T],
    ) -> T:
        """A refused token is replaced once; a second refusal is the account's fault and is raised."""
        if not isinstance(channel, Authenticates) or isinstance(request, Frame):
            return await heard(self._answer(channel, request), read)
        token = await self.token(channel)
        try:
            return await heard(self._answer(channel, channel.authorized(request, token)), read)
        except SendFailed as e:
            if e.code not in channel.codes.stale:
                raise
        fresh = await self.token(channel, stale=token)
        return await heard(self._answer(channel, channel.authorized(request, fresh)), read)

    async def token(self, channel: Authenticates, stale: str = "") -> str:
        """The account's access token, other than `stale`. Raises SendFailed."""
        return await self._tokens.get(channel, lambda: self.fresh_token(channel, stale), stale)

    async def fresh_token(self, channel: Authenticates, stale: str = "") -> AccessToken:
        """One that is asked for now and not remembered in this process. Raises SendFailed."""
        if not isinstance(channel, Granted):
            return channel.token(await self._answer(channel, channel.token_request()))

        async def ask(request: ApiRequest) -> Fresh:
            if channel.bearer is None:
                return await heard(self._answer(channel, request), channel.fresh)
            return await self.asked(channel.bearer, request, channel.fresh)

        return await self.granting.token(channel, stale, ask)

    def host(self, channel: AsksPlatform) -> str:
        """Of the platform's API."""
        return api_host(channel, self._hosts)

    def api(self, channel: AsksPlatform) -> PlatformApi:
        return self._outbound.api(self.host(channel))

    async def _answer(self, channel: AsksPlatform, request: ApiRequest | Frame) -> ApiAnswer:
        if isinstance(request, Frame):
            return await self.sockets.ask(channel, request)
        return await self._asking.answer(channel, request)


def continued(channel: AsksPlatform, request: R, thread: str) -> R | ApiRequest:
    if isinstance(channel, Continues) and isinstance(request, ApiRequest) and thread:
        return channel.continued(request, thread)
    return request


def _pusher(surface: Surface) -> Pushes:
    assert surface.pusher
    return surface.pusher
