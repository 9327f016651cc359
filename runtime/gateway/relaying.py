"""Turns that run here are told to other instances, where somebody listens to them, and to no others."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from runtime.gateway.as_public import as_public
from runtime.gateway.background import Background
from runtime.gateway.job import Job
from runtime.gateway.live import ASKED, PRESENT, Ask, End, Piece, Told, asked_for, name_of, read, written
from runtime.store.vanishing import Name, Vanishing
from runtime.turn.events import Event, Failed, ModelUsed, Replied, TextDelta, TextReset, Waited


@dataclass(eq=False)
class _Relay:
    job: Job
    name: Name
    is_whole: bool
    by: str = field(default_factory=lambda: secrets.token_hex(8))
    listeners: dict[str, float] = field(default_factory=dict)
    """When each asked last."""
    number: int = 0
    pieces: list[Piece] = field(default_factory=list)
    end: End | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    task: "asyncio.Task[None] | None" = None

    def take(self, event: Event) -> None:
        match event := as_public(self.job, event):
            case TextDelta():
                self.pieces.append(Piece(block=event.block, text=event.text))
            case TextReset():
                self.pieces.append(Piece(block=event.block, text=None))
            case ModelUsed():
                self.prompt_tokens += event.prompt_tokens
                self.completion_tokens += event.completion_tokens
            case Replied():
                self.end = self._end(event)
            case Failed():
                self.end = End(kind="failed")

    def _end(self, event: Replied) -> End:
        used = {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens}
        if not isinstance(event, Waited):
            return End(kind="replied", ms=event.ms, finish=event.finish, **used)
        what = {"zh": event.what.zh, "en": event.what.en, "block": event.block, "wait": event.wait}
        return End(kind="waited", ms=event.ms, finish=event.finish, until=event.until, **what, **used)


class Relaying:
    def __init__(
        self, vanishing: Vanishing, find: Callable[[int], Job | None], background: Background
    ) -> None:
        self._vanishing, self._find, self._background = vanishing, find, background
        self._relays: dict[int, _Relay] = {}

    async def watch(self) -> None:
        """For as long as the gateway runs."""
        async with self._vanishing.hear(ASKED) as asks:
            async for told in asks:
                if ask := read(Ask, told):
                    self._asked(ask)

    def _asked(self, ask: Ask) -> None:
        job = self._find(ask.seq)
        name = name_of(job.surface.id, job.message, job.seq) if job else ()
        if job is None or asked_for(name) != ask.turn:
            return
        if ask.halts:
            return job.halt()
        relay = self._relays.get(ask.seq)
        if ask.leaves:
            if relay and relay.listeners.pop(ask.by, None) is not None and not relay.listeners:
                _nobody_listens(relay, is_unwanted=ask.needs_listener)
            return
        job.pieces = job.pieces or ask.pieces
        job.waits_elsewhere = job.waits_elsewhere or ask.needs_listener
        if relay is None or relay.job is not job:
            relay = self._relays[ask.seq] = _Relay(job, name, is_whole=not job.written)
            relay.task = self._background.start(self._tell(relay))
        relay.listeners[ask.by] = _now()

    async def _tell(self, relay: _Relay) -> None:
        """Until the turn is over, or nobody listens any more."""
        job = relay.job
        try:
            with job.listener() as events:
                if job.ended:
                    relay.take(job.ended)
                await self._say(relay)
                while relay.end is None and relay.listeners:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(PRESENT):
                            relay.take(await events.get())
                    while not events.empty():
                        relay.take(events.get_nowait())
                    if relay.pieces or relay.end:
                        await self._say(relay)
                    silent = [by for by, at in relay.listeners.items() if at < _now() - PRESENT]
                    for by in silent:
                        del relay.listeners[by]
        finally:
            if self._relays.get(job.seq) is relay:
                del self._relays[job.seq]

    async def _say(self, relay: _Relay) -> None:
        """What came meanwhile, together."""
        pieces, relay.pieces = relay.pieces, []
        told = Told(
            by=relay.by, number=relay.number, is_whole=relay.is_whole, pieces=tuple(pieces), end=relay.end
        )
        relay.number += 1
        relay.is_whole = relay.is_whole and not pieces
        await self._vanishing.say(relay.name, written(told))


def _nobody_listens(relay: _Relay, *, is_unwanted: bool) -> None:
    """`is_unwanted`: nor can anybody come back for the answer."""
    if is_unwanted and len(relay.job.watchers) <= 1:
        relay.job.unwanted.set()
    if relay.task:
        relay.task.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()
