"""Messages that wait at a platform: fetched on a signal, and now and then without one."""

import asyncio
import contextlib
import logging
import math

from runtime.channels import Page
from runtime.crash import crashpoint
from runtime.errors import HongyanError, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.intake import Intake
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks at which publication is due."""
PUBLICATIONS = 1000
"""That are remembered."""
PAGES = 100
"""Of one look; a platform that always has more goes on at the next one."""
PAUSES = (1.0, 3.0, 9.0)
"""Before another try, when the platform or the disk refused; then it is left until it is due."""


class Fetching:
    """One page after another, for each publication. What it brought is stored together with its
    cursor: no death loses a page, and one that comes again brings nothing new."""

    def __init__(self, context: Context, sender: Sender, intake: Intake) -> None:
        self._surfaces = context.surfaces
        self._sender = sender
        self._intake = intake
        self._facts = context.messages.facts
        self._background = context.background
        self._clock = context.clock
        self._doctor = context.doctor
        self._wanted: dict[str, bool] = {}
        """Publications that are being fetched; True: a signal came meanwhile."""
        self._tickets = Newest[str, tuple[str, float]](PUBLICATIONS)
        """The newest signal's, and until when it is good on the loop's clock."""
        self._due = Newest[str, float](PUBLICATIONS)
        self._called = Newest[str, str](PUBLICATIONS)
        """By account, through which publication's address its signals come."""

    def called(self, surface: Surface, account: str) -> list[Surface]:
        """A signal came there: who is to fetch. Accounts of one owner may share an address, each with its own
        messages; and of several publications of one account, one answers."""
        assert surface.fetcher
        if account in ("", surface.fetcher.account):
            fact = _of_account(surface)
            if self._called.get(fact) != surface.id:
                self._called[fact] = surface.id
                self._background.start(self._remember(fact, surface.id))
            return [surface]
        kind, owner = surface.publication.channel, surface.fetcher.owner
        return [
            one
            for one in self._surfaces.all()
            if (fetcher := one.fetcher)
            and (one.publication.channel, fetcher.owner, fetcher.account) == (kind, owner, account)
        ][-1:]

    async def _remember(self, fact: str, publication: str) -> None:
        with contextlib.suppress(HongyanError):  # the next signal tells again
            await self._facts.learn(fact, publication, self._clock())

    def signal(self, surface: Surface, ticket: str = "") -> None:
        """Something waits there, and the ticket is the right to fetch it. Never waits."""
        if ticket and surface.fetcher:
            until = asyncio.get_running_loop().time() + surface.fetcher.ticket_seconds
            self._tickets[surface.id] = ticket, until
        if surface.id in self._wanted:
            self._wanted[surface.id] = True
            return
        self._wanted[surface.id] = False
        self._background.start(self._fetch(surface))

    async def watch(self) -> None:
        """At the start what came while nobody was here, and then what no signal told of."""
        now = asyncio.get_running_loop().time
        while True:
            for surface in await self._readers():
                if surface.fetcher and now() >= self._due.get(surface.id, 0.0):
                    self._due[surface.id] = now() + surface.fetcher.fetch_seconds
                    self.signal(surface)
            await asyncio.sleep(LOOK)

    async def _readers(self) -> list[Surface]:
        """One of each account: where its signals come, or else the newest."""
        readers: dict[str, Surface] = {}
        for surface in self._surfaces.all():
            if surface.fetcher is None or surface.fetcher.holds:
                continue  # see Polling
            fact = _of_account(surface)
            if fact not in self._called:
                with contextlib.suppress(HongyanError):  # a disk that refuses for a while
                    self._called[fact] = await self._facts.find(fact) or ""
            if fact not in readers or readers[fact].id != self._called.get(fact):
                readers[fact] = surface
        return list(readers.values())

    async def _fetch(self, surface: Surface) -> None:
        try:
            again = True
            while again:
                self._wanted[surface.id] = False
                await self._all_pages(surface)
                again = self._wanted[surface.id]
        finally:
            del self._wanted[surface.id]

    async def _all_pages(self, surface: Surface) -> None:
        for pause in (*PAUSES, None):
            try:
                for _ in range(PAGES):
                    if not await self.one_page(surface):
                        return
                log.warning("%s has more than %s pages; the next look goes on", surface.id, PAGES)
                self._due.pop(surface.id, None)
                return
            except HongyanError as e:
                log.warning("messages of %s cannot be fetched: %s", surface.id, e.text.en)
                if pause is not None:
                    await asyncio.sleep(pause)

    async def one_page(self, surface: Surface, *, at_once: bool = False) -> bool:
        """Whether there is another one. `at_once`: nobody waits for a message. Raises SendFailed,
        StoreFailed: then nothing was taken."""
        assert surface.fetcher
        # a cursor is the account's: of another one nobody knows what it would skip
        name = f"cursor {surface.id} {surface.fetcher.account}"
        cursor = await self._facts.find(name) or ""
        page = await self._page(surface, cursor, at_once)
        following = cursor if page.cursor is None else page.cursor
        crashpoint("after_fetch")
        now = self._surfaces.find(surface.id)
        if now is None or now.fetcher is None or now.fetcher.account != surface.fetcher.account:
            return False  # taken back meanwhile: it stays with the platform
        if page.messages or page.bounces or following != cursor:
            facts = {name: following}
            since = await self._answered_since(now, facts)
            await self._intake.take(
                now,
                page.messages,
                facts=facts,
                bounces=page.bounces,
                answered_since=since,
                same=now.fetcher.is_same,
            )
        if page.messages:
            self._doctor.saw(now.id, "message", "", self._clock())
        return page.more and following != cursor  # a cursor that stands still would go on for ever

    async def _page(self, surface: Surface, cursor: str, at_once: bool) -> Page:
        """Raises SendFailed."""
        ticket, until = self._tickets.get(surface.id, ("", 0.0))
        if asyncio.get_running_loop().time() >= until:
            ticket = ""
        try:
            return await self._sender.fetch(surface, cursor, ticket, at_once=at_once)
        except SendFailed as e:
            if not ticket or surface.fetcher is None or e.code not in surface.fetcher.refused_tickets:
                raise
            self._tickets.pop(surface.id, None)
        return await self._sender.fetch(surface, cursor, "")

    async def _answered_since(self, surface: Surface, facts: dict[str, str]) -> float:
        """What was written before is not answered: it is from before our time, or the platform lets nobody
        answer it any more. When our time began is stored with the first page."""
        assert surface.fetcher
        name, now = f"began {surface.id} {surface.fetcher.account}", self._clock()
        began = await self._facts.find(name)
        if began is None or float(began) > now:  # a clock that was ahead then
            began = facts[name] = str(now)
        longest = surface.pusher.push_seconds if surface.pusher else math.inf
        return max(float(began) - surface.fetcher.fresh_seconds, now - longest)


def _of_account(surface: Surface) -> str:
    """The name of the fact where an account's signals come."""
    assert surface.fetcher
    return f"called {surface.publication.channel} {surface.fetcher.account}"
