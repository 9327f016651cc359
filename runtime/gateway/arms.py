"""Which version answers whom, while a publication has a canary beside the version of everybody."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from runtime.agents.agent import Agent
from runtime.errors import HongyanError, NotSaved, StoreFailed
from runtime.gateway.canaries import Canary, place_of
from runtime.gateway.context import Context
from runtime.gateway.debugging import Debugging
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.pinned import Pinned
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.readable import if_readable
from runtime.store.messages.people import Face
from runtime.store.messages.whose import asked

log = logging.getLogger(__name__)

STEP = "version"
"""Of a turn's journal, which a death in the middle does not lose."""
OFTEN = 10
"""Answers of a canary after which it is looked at at once; after a failure it always is."""
GONE = Text(
    "试用的 v{version} 读不出来了（{why}）。所有人都由 v{stable} 回答，试用已结束。",
    "The canary v{version} can no longer be read ({why}). v{stable} answers everybody; the canary is over.",
)


def _nothing() -> None: ...


def _nobody(publication: str, text: Text) -> None: ...


class Arms:
    """Whoever asks gets the same answer, in whatever process, as long as the person and the canary are the
    same: nothing is kept for it but the canary itself."""

    def __init__(self, context: Context) -> None:
        self._surfaces, self._pinned = context.surfaces, Pinned(context.surfaces)
        self._steps, self._database = context.messages.steps, context.messages.database
        self._clock, self._debugging = context.clock, Debugging(context)
        self._answers = 0
        self.wake: Callable[[], None] = _nothing
        """Somebody should look how a canary does."""
        self.alert: Callable[[str, Text], None] = _nobody
        """Tells the owner something of a publication."""
        self.drafts: Callable[[str], Agent] | None = None
        """Agents as they are saved, by id; may read the disk. Raises HongyanError."""

    async def choose(self, job: Job) -> None:
        """Give the job the version that its turn runs with, before anything of the turn is done. What was
        begun before a death goes on as it began."""
        began = await patiently(job.seq, lambda: self._steps.recall(job.seq, STEP)) if job.resumed else None
        if began == 0 or (began is None and await self._debugging.wants_draft(job.surface, job.message)):
            self._note(job, await self._draft(job.surface))
            return
        if isinstance(began, int):
            self._give(job, self._read(job.surface, began))
            return
        if (canary := self._canary(job.surface)) is None:
            return
        is_in = await patiently(job.seq, lambda: self._is_in(canary, job.surface, job.message))
        self._note(job, self._read(job.surface, canary.version) if is_in else job.surface)

    async def surface(self, surface: Surface, message: Message) -> Surface:
        """As it answers whoever wrote that. Raises StoreFailed."""
        canary = self._canary(surface)
        if canary is None or not await self._is_in(canary, surface, message):
            return surface
        return self._read(surface, canary.version)

    def ended(self, job: Job, failure: str) -> None:
        """Its turn is over, and stored."""
        canary = self._canary(job.surface)
        if canary is None or job.surface.version != canary.version:
            return
        self._answers += 1
        if failure or self._answers % OFTEN == 0:
            self.wake()

    def _canary(self, surface: Surface) -> Canary | None:
        canaries = self._surfaces.publications.canaries
        found: Canary | None = if_readable(lambda: canaries.find(surface.id), None)
        return found if found and found.version != surface.publication.version else None

    async def _is_in(self, canary: Canary, surface: Surface, message: Message) -> bool:
        who = await asked(self._database, Face(surface.id, message.sender))
        if who.tags.intersection(canary.tags):
            return True
        return place_of(canary.salt, f"{who.first.publication}\n{who.first.sender}") < canary.share

    def _read(self, surface: Surface, version: int) -> Surface:
        """The version of everybody, where that one cannot be read; then it is no canary any more."""
        try:
            return self._pinned.to(surface, version)
        except HongyanError as e:
            log.error("v%s of %s cannot be read: %s", version, surface.id, e.text.en)
            self._gone(surface, version, e.text)
        except Exception as e:  # a block of the owner's own may raise anything
            log.exception("v%s of %s cannot be made ready", version, surface.id)
            self._gone(surface, version, Text("{e}", "{e}").fill(e=type(e).__name__))
        return surface

    def _gone(self, surface: Surface, version: int, why: Text) -> None:
        try:
            is_first = self._surfaces.publications.canaries.end(surface.id, version, "gone", self._clock())
        except NotSaved as e:  # tried again with the next message
            log.error("the canary of %s is not ended: %s", surface.id, e.text.en)
            return
        if is_first:
            stable = surface.publication.version
            self.alert(surface.id, GONE.fill(version=version, stable=stable, why=why.bare()))

    async def _draft(self, surface: Surface) -> Surface:
        """As it is saved; as it answers everybody, where that cannot be read."""
        if self.drafts is None:
            return surface
        try:
            return replace(surface, agent=await asyncio.to_thread(self.drafts, surface.agent.id), pinned=0)
        except HongyanError as e:
            log.warning("the draft of %s cannot be read: %s", surface.id, e.text.en)
            return surface

    def _note(self, job: Job, surface: Surface) -> None:
        self._give(job, surface)
        self._steps.record(job.seq, {STEP: surface.version}).add_done_callback(_told)

    def _give(self, job: Job, surface: Surface) -> None:
        if surface.version != job.surface.version:
            job.public = job.public or job.surface.agent
            job.surface, job.history = surface, None  # it may remember more of what was said before
            vars(job).pop("start", None)  # of the other version's beginnings


def _told(storing: "asyncio.Future[None]") -> None:
    if not storing.cancelled() and isinstance(error := storing.exception(), StoreFailed):
        log.error("which version answers is not journaled: %s", error.text.en)
