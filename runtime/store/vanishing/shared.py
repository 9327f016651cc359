"""What may vanish, at a server: every question is bounded, and a server in trouble is not asked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

from runtime.lang import Text
from runtime.store.vanishing import LARGEST, Counted, Name, Share
from runtime.store.vanishing.hearing import Ears
from runtime.store.vanishing.memory import InMemory

log = logging.getLogger(__name__)

T = TypeVar("T")
N = TypeVar("N")

PATIENCE = 0.05
"""Seconds for which an answer is waited for."""
CONNECTING = 5.0
"""Seconds that a connection may take, for which nobody waits."""
PAUSE = 1.0
"""Seconds between two tries to reach a server that is in trouble…"""
LOOKS = 5.0
"""…and between two looks whether it still answers."""
MOST_SLOW = 3
"""Questions one after the other without an answer in time; then the server is in trouble."""
TRIES = 3
"""Looks of which one has to be quick before a server is used again."""
TOLD = 600.0
"""Seconds in which the same trouble is told once, though it comes and goes."""

NOT_YET = Text("还在连接", "it is being connected to")
SLOW = Text("没有及时回答", "it does not answer in time")


class Engine(Protocol):
    """A server. Whatever is wrong is raised as its client raises it."""

    shown: str
    """Its address, without a password."""

    async def connect(self, heard: Callable[[Name, bytes], None], lost: Callable[[Exception], None]) -> None:
        """Anew, with every connection that is needed. `lost`: one is of no use any more."""

    async def check(self) -> None:
        """Hold something and read it, on each connection."""

    async def disconnect(self) -> None:
        """At once, whatever is asked just now."""

    async def get(self, name: Name) -> bytes | None: ...
    async def put(self, name: Name, value: bytes, seconds: float) -> None: ...
    async def drop(self, name: Name) -> None: ...
    async def count(self, name: Name, seconds: float, amount: int) -> Counted: ...
    async def take(self, shares: Sequence[Share], once: Name) -> float: ...
    async def say(self, name: Name, message: bytes) -> None: ...

    async def listen(self, name: Name) -> None:
        """Returns once nothing that is said from now on is missed."""

    async def leave(self, name: Name) -> None: ...

    def why(self, error: BaseException) -> Text:
        """What went wrong and what to do."""


class Shared:
    """Of one event loop. It connects by itself, and again: nobody who asks waits for that."""

    def __init__(
        self,
        engine: Engine,
        patience: float = PATIENCE,
        pause: float = PAUSE,
        connecting: float = CONNECTING,
    ) -> None:
        self._engine, self._patience, self._pause = engine, patience, pause
        self._connecting = connecting
        self._trouble: Text | None = NOT_YET
        self._own = InMemory()
        """Counts while the server does not."""
        self._ears = Ears()
        self._listened: set[Name] = set()
        self._listening = asyncio.Lock()
        self._broken = asyncio.Event()
        self._slow = 0
        self._told: tuple[Text, float] = NOT_YET, 0.0
        """The trouble that was told last, and when."""
        self._left: set[asyncio.Task[Any]] = set()
        self._watching: asyncio.Task[None] | None = None
        self.settled = asyncio.Event()
        """Set once it is known whether the server can be used."""

    def start(self) -> None:
        self._watching = asyncio.create_task(self._watch(), name="hold what may vanish")

    @property
    def trouble(self) -> Text | None:
        return self._trouble

    async def get(self, name: Name) -> bytes | None:
        return await self._ask(lambda: self._engine.get(name), None)

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        if len(value) <= LARGEST:
            await self._ask(lambda: self._engine.put(name, value, seconds), None)
        else:
            await self.drop(name)

    async def drop(self, name: Name) -> None:
        await self._own.drop(name)
        await self._ask(lambda: self._engine.drop(name), None)

    async def count(self, name: Name, seconds: float, amount: int = 1) -> Counted:
        counted = await self._ask(lambda: self._engine.count(name, seconds, amount), None)
        return counted or await self._own.count(name, seconds, amount)

    async def take(self, *shares: Share, once: Name = ()) -> float:
        wait = await self._ask(lambda: self._engine.take(shares, once), None)
        return await self._own.take(*shares, once=once) if wait is None else wait

    async def say(self, name: Name, message: bytes) -> None:
        if len(message) > LARGEST:
            return
        if self._trouble is not None:
            self._ears.heard(name, message)  # whoever hears it here need not miss it
        await self._ask(lambda: self._engine.say(name, message), None)

    @asynccontextmanager
    async def hear(self, name: Name) -> AsyncIterator[AsyncIterator[bytes]]:
        ear = self._ears.add(name)
        try:
            await self._ask(self._listen, None)
            yield ear
        finally:
            self._ears.remove(name, ear)
            if self._trouble is None:
                self._later(self._ask(self._listen, None))

    async def close(self) -> None:
        tasks = [*self._left, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._disconnect()

    async def _ask(self, question: Callable[[], Coroutine[Any, Any, T]], otherwise: N) -> T | N:
        """The answer, if there is one in time. A client that is stopped may take its own time for it."""
        if self._trouble is not None:
            return otherwise
        task = asyncio.ensure_future(question())
        try:
            await self._answered(task)
        except asyncio.CancelledError:
            self._stop(task)
            raise
        if not task.done() or task.cancelled():
            self._stop(task)
            self._slow += 1
            if self._slow >= MOST_SLOW:
                self._in_trouble(SLOW)
            return otherwise
        self._slow = 0
        if error := task.exception():
            self._in_trouble(self._engine.why(error))
            return otherwise
        return task.result()

    async def _answered(self, task: asyncio.Task[Any]) -> None:
        """When this process itself was late, the answer may be there and was not looked at."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self._patience
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done() and clock() > ends + self._patience / 2:
            await asyncio.wait({task}, timeout=self._patience)

    def _in_trouble(self, why: Text) -> None:
        now = asyncio.get_running_loop().time()
        is_news = why != self._told[0] or now - self._told[1] > TOLD
        if is_news and (self._trouble is None or self._trouble is NOT_YET):
            log.warning("%s: %s. Until then everything is as if it held nothing.", self._engine.shown, why.en)
            self._told = why, now
        self._trouble = why
        self._broken.set()

    async def _watch(self) -> None:
        """Connect, look now and then, and connect again, for ever."""
        while True:
            self._broken.clear()
            try:
                async with asyncio.timeout(self._connecting):
                    is_quick = await self._connect()
            except Exception as e:  # noqa: BLE001 # whatever its client raises means that it cannot be used
                self._in_trouble(self._engine.why(e))
            else:
                if is_quick:
                    await self._used()
                else:
                    self._in_trouble(SLOW)
            self.settled.set()
            await self._disconnect()
            await asyncio.sleep(self._pause)

    async def _connect(self) -> bool:
        """Whether it answers in time. One slow look may be this machine's fault."""
        self._listened.clear()
        await self._engine.connect(self._ears.heard, lambda e: self._in_trouble(self._engine.why(e)))
        await self._engine.check()
        clock = asyncio.get_running_loop().time
        for _ in range(TRIES):
            began = clock()
            await self._engine.check()
            if clock() - began <= self._patience:
                await self._listen()
                return True
        return False

    async def _used(self) -> None:
        if not self._broken.is_set():
            log.info("%s is used for what may vanish", self._engine.shown)
            self._trouble, self._slow = None, 0
        self.settled.set()
        await self._stays_well()

    async def _stays_well(self) -> None:
        while not self._broken.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS):
                    await self._broken.wait()
                return
            await self._ask(self._engine.check, None)

    async def _disconnect(self) -> None:
        with suppress(Exception):  # it is of no use any more, whatever is wrong with it
            async with asyncio.timeout(CONNECTING):
                await self._engine.disconnect()

    async def _listen(self) -> None:
        """To the names that are heard here, and to no others."""
        async with self._listening:
            for name in set(self._ears.names) - self._listened:
                await self._engine.listen(name)
                self._listened.add(name)
            for name in self._listened - set(self._ears.names):
                await self._engine.leave(name)
                self._listened.discard(name)

    def _stop(self, task: asyncio.Task[Any]) -> None:
        task.cancel()
        self._later(_over(task))

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._left.add(task)
        task.add_done_callback(self._left.discard)


async def _over(task: asyncio.Task[Any]) -> None:
    """Whatever it still comes to, nobody asks for it."""
    with suppress(Exception, asyncio.CancelledError):
        await task
