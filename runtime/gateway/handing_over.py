"""Between agent and humans at the platform's desk: who has a person is stored here, and kept true there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from runtime.channels import Channel
from runtime.crash import crashpoint
from runtime.errors import Conflict, HongyanError, NotFound, SendFailed
from runtime.gateway.context import Context, Handing
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import NO_TOKEN
from runtime.gateway.job import Job
from runtime.gateway.lasting import now
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.messages.handed import Handed

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks at whom the platform is to be told of. Another process may have said so."""
ASK = 60.0
"""Seconds in which the platform is asked once about a person who writes while a human has them."""
PEOPLE = 100_000
"""That are remembered."""
AT_ONCE = 10
"""People about whom the platform is asked at a time."""
NO_WAY = "no_way"
"""Code: between the two states there are no steps that the account may take."""
TRIES = 2
"""Of a way: the platform's side may change while it is walked."""

STUCK = Text(
    "平台不让账号从现在的状态转到这一步。请让接待人员在平台的客户端里接入并结束会话。",
    "The platform lets no account go there from the state it is in. Let a human take the conversation and "
    "end it in the platform's client.",
)
NOBODY = Text("这位用户现在不在人工手里。", "No human has this person now.")


class HandOver:
    """Tells the platform whom the agent hands over and whom the owner gives back; asks it when in doubt."""

    def __init__(self, context: Context, sender: Sender, worker: Worker) -> None:
        self._messages = context.messages
        self._handed = context.messages.handed
        self._surfaces = context.surfaces
        self._handings = context.handings
        self._background = context.background
        self._sender = sender
        self._worker = worker
        self._clock = context.clock
        self._asked = Newest[tuple[str, str], float](PEOPLE)
        self._in_doubt = Newest[tuple[str, str], Handing](PEOPLE)
        """Who wrote while a human has them, until the platform said whether that is so."""
        self._shown = Newest[tuple[str, str], float](PEOPLE)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._ornaments = asyncio.Semaphore(AT_ONCE)
        self._telling = asyncio.Lock()

    async def watch(self) -> None:
        """What an earlier or another process left to be told, and what the platform refused for a while."""
        while True:
            for lane in [lane for lane in self._in_doubt if self._may_ask(lane)]:
                self._background.start(self._safely(self._ask, self._in_doubt[lane], self._places))
            try:
                await self._tell_all()
            except HongyanError as e:  # a disk that refuses for a while
                log.error("who is with a human cannot be looked at: %s", e.text.en)
            await asyncio.sleep(LOOK)

    async def follow(self) -> None:
        """What happens, as it happens."""
        acts = {"over": self._over, "refused": self._refused, "wrote": self._wrote, "begins": self._begins}
        while True:
            handing = await self._handings.get()
            places = self._ornaments if handing.what == "begins" else self._places
            if places is self._ornaments and places.locked():
                continue  # in a rush an ornament must hold up nobody
            self._background.start(self._safely(acts[handing.what], handing, places))

    async def give_back(self, publication: str, sender: str) -> None:
        """The agent is to answer again, because the owner wants it.

        Raises NotFound when no human has the person, Conflict when the platform does not let them go.
        """
        if not await self._handed.returning(publication, sender):
            raise NotFound(NOBODY)
        await self._tell_all()
        left = await self._handed.find(publication, sender, self._clock())
        if left and left.code:
            surface = self._surfaces.find(publication)
            raise Conflict(explained(surface.channel, left.code) if surface else STUCK)

    async def _safely(
        self, act: Callable[[Handing], Awaitable[None]], handing: Handing, places: asyncio.Semaphore
    ) -> None:
        try:
            async with places:
                await act(handing)
        except HongyanError as e:
            log.warning("a person of %s: %s", handing.surface.id, e.text.en)

    async def _over(self, handing: Handing) -> None:
        await self._tell_all()

    async def _tell_all(self) -> None:
        async with self._telling:
            for row in await self._handed.to_tell(self._clock()):
                surface = self._surfaces.find(row.publication)
                if surface is None:
                    continue  # unpublished, or unreadable for now
                if surface.hander is None:
                    await self._handed.end(row.publication, row.sender)
                else:
                    await self._tell(surface, row)

    async def _tell(self, surface: Surface, row: Handed) -> None:
        """Raises StoreFailed."""
        hander, is_over = surface.hander, row.state == "wanted"
        assert hander
        crashpoint("before_hand_over")
        try:
            await self._walk(surface, row.sender, hander.at_desk if is_over else hander.given_back)
            crashpoint("after_hand_over")
        except SendFailed as e:
            log.warning("a person of %s cannot be handed %s: %s", surface.id, row.state, e.text.en)
            if _passes(surface, e):
                return  # at the next look
            if is_over:
                await self._handed.end(row.publication, row.sender, code=e.code, now=self._clock())
                await self._answer_after_all(surface, row.sender, row.seq)
            else:
                await self._handed.told(row.publication, row.sender, "taken", e.code)
            return
        if is_over:
            await self._handed.told(row.publication, row.sender, "taken")
        else:
            self._shown.pop((row.publication, row.sender), None)
            await self._handed.end(row.publication, row.sender)

    async def _walk(self, surface: Surface, to: str, end: str) -> None:
        """Raises SendFailed."""
        assert surface.hander
        standings = surface.hander.standings
        is_over = end in standings.with_human
        last: SendFailed | None = None
        for _ in range(TRIES):
            at = await self._sender.standing(surface, to)
            if at is None or at == end or (at in standings.with_human) == is_over:
                return  # it cannot be asked, or is so already
            way = standings.way(at, end)
            if way is None:
                raise last or SendFailed(STUCK, code=NO_WAY)
            try:
                for state in way:
                    await self._sender.move(surface, to, state)
            except SendFailed as e:
                if _passes(surface, e):
                    raise
                last = e  # a human may have been quicker
            else:
                return
        if last:
            raise last

    async def _refused(self, handing: Handing) -> None:
        """A push was refused in a way that may mean that a human has the person."""
        surface, to = handing.surface, handing.sender
        at = await self._sender.standing(surface, to)
        if surface.hander and at in surface.hander.standings.with_human:
            seconds = surface.desk_seconds
            self._worker.withdraw(await self._handed.take(surface.id, to, self._clock(), seconds))

    async def _wrote(self, handing: Handing) -> None:
        """A person wrote while a human has them: does the platform say so, too? It tells nobody of an end
        that it, or another program, made."""
        lane = (handing.surface.id, handing.sender)
        if lane not in self._in_doubt:
            self._in_doubt[lane] = handing
        await self._ask(self._in_doubt[lane])

    def _may_ask(self, lane: tuple[str, str]) -> bool:
        return now() - self._asked.get(lane, float("-inf")) >= ASK

    async def _ask(self, handing: Handing) -> None:
        """Not now, or without an answer: then it is asked a while later."""
        lane = (handing.surface.id, handing.sender)
        if not self._may_ask(lane):
            return
        self._asked[lane] = now()
        surface = self._surfaces.find(handing.surface.id)
        row = await self._handed.find(*lane, self._clock())
        if surface is None or surface.hander is None or row is None or row.state != "taken":
            self._in_doubt.pop(lane, None)
            return
        at = await self._sender.standing(surface, handing.sender)
        self._in_doubt.pop(lane, None)
        if at is not None and at not in surface.hander.standings.with_human:
            await self._handed.end(*lane)
            await self._answer_after_all(surface, handing.sender, handing.seq - 1)

    async def _answer_after_all(self, surface: Surface, sender: str, after: int) -> None:
        for left in await self._handed.answer_after_all(surface.id, sender, after):
            self._worker.put(Job(left.seq, surface, left.message, resumed=True, acknowledged=True))

    async def _begins(self, handing: Handing) -> None:
        """Let humans see that the agent has the person, once a conversation. It is only an ornament."""
        surface, to = handing.surface, handing.sender
        hander, lane = surface.hander, (handing.surface.id, handing.sender)
        if hander is None or not hander.with_assistant or now() < self._shown.get(lane, float("-inf")):
            return
        self._shown[lane] = now() + hander.desk_seconds
        at = await self._sender.standing(surface, to) or ""
        if at in hander.standings.with_agent and hander.with_assistant in hander.standings.steps.get(at, ()):
            await self._sender.move(surface, to, hander.with_assistant)


def explained(channel: Channel, code: str) -> Text:
    """Why a person could not be handed over, or back."""
    return STUCK if code == NO_WAY else channel.explain(code)


def _passes(surface: Surface, error: SendFailed) -> bool:
    """It is the way to the platform, or the account, and not this person: to be tried again."""
    codes = surface.hander.codes if surface.hander else None
    is_way = error.code in ("uncertain", "unreachable", NO_TOKEN) or error.code.startswith("http_")
    return is_way or error.retryable or bool(codes and error.code in (codes.blocking.keys() | codes.stale))
