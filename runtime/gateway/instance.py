"""This gateway as one of several on a database: it lives, hears of messages, and takes over from the dead."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from runtime.errors import HongyanError, StoreFailed
from runtime.gateway import owner
from runtime.gateway.alarm import Alarm
from runtime.gateway.context import Context
from runtime.gateway.intake import Intake
from runtime.gateway.patience import patiently
from runtime.gateway.placing import AWAY
from runtime.gateway.resume import Resume
from runtime.gateway.worker import Worker
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.waking import DUE

log = logging.getLogger(__name__)

NAME = "hongyan_instances"
NET = 5.0
"""Seconds after which it is looked for what is ours although nobody told."""
GONE = 60.0
"""Seconds after which a publication that is not here is gone."""


class Instance:
    """Of this gateway, while it runs."""

    def __init__(
        self,
        context: Context,
        worker: Worker,
        intake: Intake,
        resume: Resume,
        alarm: Alarm,
        check_held: Callable[[], Awaitable[None]],
    ) -> None:
        """`check_held`: what another held for accounts that were unwell goes out, where they are well."""
        self._alarm, self._check_held = alarm, check_held
        self._messages = context.messages
        self._instances = context.messages.instances
        self._surfaces, self._name = context.surfaces, context.leases.owner
        self._background = context.background
        self._worker, self._intake, self._resume = worker, intake, resume
        self._heard: asyncio.Queue[str] = asyncio.Queue()
        self._unknown: set[int] = set()
        """Ours at the last look, and not in the worker's hands: perhaps just stored here."""
        self._missing: dict[str, float] = {}
        """Publications that are not here, and since when."""
        self._taking_up = asyncio.Lock()
        """What is ours is being put into its lanes: nobody else does so meanwhile, and what its people write
        comes after it."""
        self.lost = asyncio.Event()
        """Others have taken over what was ours."""
        self.living = 1
        """How many there are that live, this one included."""
        self._metrics = context.metrics
        self._metrics.show(NAME, lambda: [([], 0 if self.lost.is_set() else self.living)])

    @asynccontextmanager
    async def beginning(self) -> AsyncIterator[None]:
        """Inside, what was left is taken up. Raises StoreFailed."""
        async with self._taking_up:
            await self._instances.join(self._name)
            await self._inherit()
            self._background.keep(self.watch)
            yield

    async def after_earlier(self, accepted: Accepted) -> None:
        """What its person wrote before, and another stored for us, is begun before it. Raises
        StoreFailed (given_up): it is another's by now."""
        if not (accepted.after and accepted.is_to_begin) or self._worker.find(accepted.after):
            return
        own = self._messages.database.instance
        async with self._taking_up:
            await patiently(accepted.seq, lambda: self._begin_until(accepted.seq, accepted.seq - 1))
        if self._messages.database.instance != own:  # given up while it waited
            raise StoreFailed(AWAY, code="given_up")

    async def watch(self) -> None:
        """For as long as the gateway runs. One that was given up lets go of all, and comes back anew."""
        while True:
            await self._live()
            log.error("others took over what was ours, since we showed no sign of life for too long")
            await self._worker.let_go()
            await self._instances.join(self._name)
            self.lost.clear()

    async def _live(self) -> None:
        """Until it was given up."""
        loop = asyncio.get_running_loop()
        end = self._instances.live(
            lambda told: loop.call_soon_threadsafe(self._heard.put_nowait, told),
            lambda: loop.call_soon_threadsafe(self._give_up),
        )
        try:
            await self._listen()
        finally:
            await asyncio.to_thread(end)

    def _give_up(self) -> None:
        self.lost.set()
        self._heard.put_nowait("")

    def begin_to_leave(self) -> None:
        """What we have is brought to its end, as far as there is time; what comes is others'."""
        self._instances.begin_to_leave()

    def check(self) -> None:
        """Raises StoreFailed while others have what was ours."""
        if self.lost.is_set():
            raise StoreFailed(AWAY, code="given_up")

    async def leave(self) -> None:
        """What is not done is others' at once. Nothing can be written after this."""
        try:
            await self._instances.leave()
        except StoreFailed as e:  # then they find out by themselves
            log.error("others are not told of the stop: %s", e.text.en)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while not self.lost.is_set():
            told = await self._heard.get()
            if self.lost.is_set():
                return
            try:
                if told == DUE:
                    self._alarm.wake()
                elif told.isdecimal():
                    await self._begin([int(told)])
                elif not self._worker.draining:
                    await self._take_over()
                if loop.time() > looked + NET:
                    looked = loop.time()
                    await self._look()
            except HongyanError as e:
                log.error("what others told is looked at again: %s", e.text.en)

    async def _take_over(self) -> None:
        before = self.living
        async with self._taking_up:
            if seqs := await self._inherit():
                await self._resumed(seqs)
        if self.living < before:
            await self._check_held()

    async def _inherit(self) -> Collection[int]:
        """What the dead had, ours by now."""
        others = await self._instances.others()
        gone = [one.id for one in others if owner.is_gone(one.name)]
        self.living = 1 + len(others) - len(gone)
        inherited = await self._instances.take_over(gone)
        if inherited.was_leaving:
            await self._resume.release()
        if inherited.seqs:
            log.warning("%s messages of other instances are taken over", len(inherited.seqs))
        return inherited.seqs

    async def _resumed(self, seqs: Collection[int]) -> None:
        found = [left for left in await self._messages.unfinished() if left.seq in seqs]
        found = [left for left in found if self._is_known(left.publication)]
        self._background.start(await self._resume.take_up(found))

    def _is_known(self, publication: str) -> bool:
        """It is here, or surely nowhere: another may have published it just now."""
        if self._surfaces.accepted_by(publication):
            self._missing.pop(publication, None)
            return True
        now = asyncio.get_running_loop().time()
        return now - self._missing.setdefault(publication, now) > GONE

    async def _look(self) -> None:
        """What is ours for a while and nobody here knows of: it was stored by another, who could not tell."""
        unknown = {seq for seq in await self._instances.ours() if self._worker.find(seq) is None}
        left = unknown & self._unknown  # a dead one may have begun it, and it is not to be begun anew
        async with self._taking_up:
            await self._resumed([seq for seq in left if self._worker.find(seq) is None])
        self._unknown = unknown

    async def _begin(self, seqs: Collection[int]) -> None:
        """What another stored for us is looked at as if it had come here."""
        for seq in seqs:
            if self._worker.find(seq) is None:
                async with self._taking_up:
                    await self._begin_until(seq, seq)

    async def _begin_until(self, seq: int, last: int) -> None:
        """What that message's person wrote, in its order: they may have been told the other way round. What a
        dead one had begun may be among it, of which the store said no more than that it is ours by now."""
        known = self._worker.seqs()  # asked first, so that what is over by then is not begun anew
        for left in await self._messages.unfinished_until(seq, last):
            surface = self._surfaces.find(left.publication)
            if (
                surface
                and left.state == "accepted"
                and left.seq not in known
                and not self._worker.find(left.seq)
            ):
                if left.begun:
                    self._background.start(await self._resume.take_up([left]))
                else:
                    await self._intake.begin(surface, left.message, Accepted(left.seq, True, history=None))
