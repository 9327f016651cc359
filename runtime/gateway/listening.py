"""Whoever asks here is told of a turn that another instance works on, as it runs.

The store says whether it is over; what is heard before only makes it quicker, and the text visible while it
is written.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import suppress

from runtime.errors import StoreFailed
from runtime.gateway.live import ASKED, Ask, End, Told, asked_for, read, written
from runtime.lang import stored
from runtime.store.messages.instances import Instances
from runtime.store.vanishing import Name, Vanishing
from runtime.turn.events import Event, ModelUsed, Replied, TextDelta, TextReset, Waited

SOON = 0.1
"""Seconds after which it is asked for again when nobody told anything; each time twice as many…"""
LOOK = 1.0
"""…up to so many. As often it is asked for anew, and looked whether it is over."""


class Listening:
    """To one turn. `needs_listener`: it is for nobody but us."""

    def __init__(
        self,
        vanishing: Vanishing,
        instances: Instances,
        seq: int,
        name: Name,
        *,
        pieces: bool,
        needs_listener: bool,
    ) -> None:
        self._vanishing, self._instances = vanishing, instances
        self._seq, self._name = seq, name
        me = secrets.token_hex(8)
        self._ask = Ask(seq=seq, turn=asked_for(name), by=me, pieces=pieces, needs_listener=needs_listener)
        self._told: Told | None = None
        """The last."""
        self._has_shown = False
        """Something of the text."""
        self._is_torn = False
        """A piece is missing: the rest of the text comes with the end."""

    async def events(self) -> AsyncGenerator[Event, None]:
        """What is written, until the turn is over."""
        pause, is_over = SOON, False
        async with self._vanishing.hear(self._name) as ear:
            try:
                while not is_over:
                    await self._say(self._ask)
                    pause = LOOK if self._told else min(2 * pause, LOOK)
                    ends = asyncio.get_running_loop().time() + pause
                    async for told in _until(ear, ends):
                        for event in self._heard(told):
                            yield event
                        if told.end:
                            return
                    is_over = await self._is_over()
            finally:
                await self._say(self._ask.model_copy(update={"leaves": True}))

    def end(self, stored: Event) -> Iterator[Event]:
        """How it ended, as the store has it, with what was told beside."""
        end = self._told.end if self._told else None
        if end is None or not isinstance(stored, Replied):
            yield stored
            return
        if end.prompt_tokens or end.completion_tokens:
            yield ModelUsed("", "", end.prompt_tokens, end.completion_tokens, None, 0, end.ms, end.finish)
        yield stored if isinstance(stored, Waited) else _replied(stored, end)

    def _heard(self, told: Told) -> Iterator[Event]:
        last, self._told = self._told, told
        if last and last.by == told.by:
            fits = told.number == last.number + 1
        else:
            fits = told.is_whole and not self._has_shown
        self._is_torn = self._is_torn or not fits
        if self._is_torn:
            return
        self._has_shown = self._has_shown or bool(told.pieces)
        for piece in told.pieces:
            yield TextReset(piece.block) if piece.text is None else TextDelta(piece.block, piece.text)

    async def _is_over(self) -> bool:
        with suppress(StoreFailed):  # looked at again; the message is safe there
            return (await self._instances.how_far(self._seq)).is_over
        return False

    async def _say(self, ask: Ask) -> None:
        await self._vanishing.say(ASKED, written(ask))


async def _until(ear: AsyncIterator[bytes], ends: float) -> AsyncIterator[Told]:
    """What is told before that moment of the loop's clock."""
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout_at(ends):
                found = await anext(ear)
            if told := read(Told, found):
                yield told


def _replied(kept: Replied, end: End) -> Replied:
    if end.kind != "waited":
        return Replied(kept.text, end.ms, finish=kept.finish)
    what = stored((end.zh, end.en))
    return Waited(
        kept.text, end.ms, finish=end.finish, block=end.block, wait=end.wait, what=what, until=end.until
    )
