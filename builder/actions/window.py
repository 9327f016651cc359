"""One window of the playground: what is asked in it is asked in its order, each line once.

Where the chat stands is known here: what a page was told of that may come after its next line.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from runtime.newest import Newest

T = TypeVar("T")
Json = dict[str, Any]

LINES = 200
"""Of which is known that they were asked."""
LONGEST_ID = 64
COLUMNS = 4
"""That may answer side by side."""


@dataclass
class View:
    """The chat that is shown, and the turn at which it stands: one for each column, by its place."""

    chat: str | None = None
    """None: nothing was shown yet, and where it stands is what the page says."""
    tips: Newest[int, str] = field(default_factory=lambda: Newest(COLUMNS))

    def placed(self, given: Any) -> Json:
        """What the page says, where the chat really stands."""
        told = dict(given) if isinstance(given, dict) else {}
        asked = told.get("columns")
        columns = [dict(one) for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
        if self.chat is None:
            return {**told, "columns": columns}
        placed = [{**one, "tip": self.tips.get(at, one.get("tip", ""))} for at, one in enumerate(columns)]
        return {**told, "chat": self.chat, "tip": self.tips.get(0, ""), "columns": placed}

    def stands(self, results: Mapping[int, Mapping[str, Any]]) -> None:
        """`results`: what is told of each column that is new."""
        for at, told in results.items():
            if "tip" in told:
                self.chat = str(told["chat"])
                self.tips[at] = str(told["tip"])


class Window:
    def __init__(self) -> None:
        self.view = View()
        self._turn = asyncio.Lock()
        self._asked = Newest[str, None](LINES)
        self._stop = asyncio.Event()
        self._under_way = 0

    @property
    def is_idle(self) -> bool:
        return not self._under_way

    async def ask(
        self, line: str, rows: Callable[[View], AsyncGenerator[T]], stopped: Callable[[View], Awaitable[T]]
    ) -> AsyncGenerator[T]:
        """What comes of a line, once those before it are answered; nothing of one that was asked already.

        `line`: its id, "" for one that has none; `stopped`: what is shown when it was stopped. Where another
        chat is shown meanwhile, it goes on unseen.
        """
        id = line[:LONGEST_ID]
        if id and id in self._asked:
            return
        if id:
            self._asked[id] = None
        view = self.view
        self._under_way += 1
        try:
            async with self._turn:
                self._stop.clear()
                async with aclosing(_until(self._stop, rows(view))) as seen:
                    async for row in seen:
                        if view is self.view:
                            yield row
                if self._stop.is_set() and view is self.view:
                    yield await stopped(view)
        finally:
            self._under_way -= 1

    def stop(self) -> None:
        """What is answered now; what was asked behind it comes next."""
        self._stop.set()

    def show(self) -> View:
        """Another chat, or the same from another turn, is shown from now on."""
        self.view = View()
        return self.view


async def _until(stop: asyncio.Event, rows: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """As long as nobody stops it; then it is closed at once, also in the middle of a step."""
    ends = asyncio.ensure_future(stop.wait())
    step: asyncio.Future[T] | None = None
    async with aclosing(rows):
        try:
            while True:
                step = asyncio.ensure_future(anext(rows))
                await asyncio.wait({step, ends}, return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    return
                try:
                    row = step.result()
                except StopAsyncIteration:
                    return
                yield row
        finally:
            await _over(step, ends)


async def _over(*left: "asyncio.Future[Any] | None") -> None:
    for one in left:
        if one is not None and not one.done():
            one.cancel()
            await asyncio.wait({one})
