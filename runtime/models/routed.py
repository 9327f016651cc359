"""Ask models: find the one that a name means, try again, fall back on others."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.adapters import Adapter, registry
from runtime.models.completion import Answer, Request
from runtime.models.failures import AskedToWait, took_too_long
from runtime.models.manners import LESSONS, Manners, as_taken, lesson
from runtime.models.pictures import Fetches, Kept, Pictures, nothing_kept
from runtime.models.providers import Endpoint, Endpoints
from runtime.models.reading.unfinished import Unfinished
from runtime.models.routed_ranks import RoutedRanks
from runtime.models.routed_sound import RoutedSound
from runtime.models.spelling import Spelling
from runtime.models.targets import (
    LITELLM,
    MODELS,
    PATIENCE,
    PAUSES,
    TRIES,
    Breaker,
    Target,
    directly,
    needs,
    resolve,
    target_of,
)
from runtime.models.usage import counted
from runtime.newest import Newest

NONE: Mapping[str, Adapter] = {}
CHECK_SECONDS = 30.0
"""A thinking model may be silent for long."""

log = logging.getLogger(__name__)


class RoutedModels:
    """Implements completion.Models."""

    def __init__(
        self,
        endpoints: Endpoints,
        environment: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shared: Mapping[str, Adapter] = NONE,
        http: Fetches | None = None,
        kept: Kept = nothing_kept,
        patience: float = PATIENCE,
    ) -> None:
        """`shared`: adapters by name that others use too, as one with a process. `http` fetches pictures,
        `kept` has those that came."""
        self._endpoints = endpoints
        self._environment = os.environ if environment is None else environment
        self._clock = clock
        self._patience = patience
        self._sleep = sleep
        self._breaker = Breaker()
        self._spelling = Spelling()
        self._manners = Manners(clock)
        self._direct = Newest[tuple[str, str], None](MODELS)
        """Servers and models whose answers litellm does not understand."""
        self._pictures = Pictures(http, kept)
        made = {name: kind(self._environment) for name, kind in registry().items() if name not in shared}
        self._adapters: Mapping[str, Adapter] = {**made, **shared}
        self.sound = RoutedSound(endpoints, self._environment, self._adapters[LITELLM])
        self.ranks = RoutedRanks(endpoints, self._environment, self._adapters[LITELLM], sleep)

    async def warm(self) -> None:
        """Load what the first answer would wait for, if a provider that needs it is set up."""
        for via in needs(self._endpoints, self._environment):
            await self._adapters[via].warm()

    async def close(self) -> None:
        """Close the connections."""
        for adapter in self._adapters.values():
            await adapter.close()

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        """See completion.Models. What a content filter refused is not asked elsewhere."""
        unfinished = Unfinished(on_text, on_reset, self._clock, request.tools)
        try:
            async with asyncio.timeout(request.seconds):
                return await self._first_answer(request, unfinished)
        except TimeoutError:
            raise took_too_long(request.model) from None

    async def check(self, endpoint: Endpoint, model: str = "") -> Text:
        """Ask one tiny question as a person would, streamed (at most 30 s); a sentence that it works.

        Raises ModelFailed.
        """
        target = target_of(endpoint, model, self._environment)
        # No longest answer: some models refuse it, others spend it on their thoughts.
        request = Request(target.name, [{"role": "user", "content": "Reply with the two letters: OK"}])
        await self._adapters[target.via].warm()
        unfinished = Unfinished(lambda _: None, clock=self._clock)
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._ask(target, request, unfinished, unfinished.started + CHECK_SECONDS)
        except TimeoutError:
            if not unfinished.began:
                raise took_too_long(target.name) from None
        except ModelFailed as e:
            # A thinking model may spend all its tokens on its thoughts: it works all the same.
            if e.code != "length":
                raise
        took = self._clock() - unfinished.started
        return Text(
            "可以使用：{name} 用 {took:.1f} 秒回答了。",
            "It works: {name} answered in {took:.1f} s.",
        ).fill(name=target.name, took=took)

    async def _first_answer(self, request: Request, unfinished: Unfinished) -> Answer:
        deadline = unfinished.started + request.seconds
        names = self._breaker.order([request.model, *request.fallbacks], self._clock())
        failures: list[ModelFailed] = []
        is_watched = unfinished.pieces_wished
        for place, name in enumerate(names):
            left = len(names) - place
            # One that hangs must leave time for those behind it.
            share = (deadline - self._clock()) / left if left > 1 else None
            # Whether it lives is seen only in pieces.
            unfinished.pieces_wished = is_watched or left > 1
            try:
                target = resolve(name, self._endpoints, self._environment)
                async with asyncio.timeout(share) as limit:
                    with _impatience(limit, unfinished, share, self._patience):
                        return await self._persist(
                            name, target, request, unfinished, deadline, last=left == 1
                        )
            except TimeoutError:
                self._breaker.hung(name, self._clock())
                failures.append(took_too_long(target.name))
            except ModelFailed as e:
                if e.code == "policy":
                    raise
                failures.append(e)
        raise failures[0]

    async def _persist(
        self,
        name: str,
        target: Target,
        request: Request,
        unfinished: Unfinished,
        deadline: float,
        *,
        last: bool,
    ) -> Answer:
        """Try one model, and again when that may help and there is time."""
        passed_on = target
        if (target.api_base, target.model) in self._direct:
            target = directly(target)
        tries = 1 if self._breaker.cooling(name, self._clock()) else TRIES if last else TRIES - 1
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = await self._ask(target, request, unfinished, deadline)
            except ModelFailed as e:
                if not e.retryable:
                    raise
                if e.code == "malformed" and (direct := directly(target)) is not target:
                    # litellm reads fewer dialects than we do.
                    target, tries = direct, max(tries, attempt + 1)
                self._breaker.failed(name, self._clock())
                pause = e.wait if isinstance(e, AskedToWait) else PAUSES[min(attempt, len(PAUSES)) - 1]
                # Where another model stands ready, nobody waits long for this one.
                if attempt == tries or pause > (deadline - self._clock() if last else max(PAUSES)):
                    raise
                await self._sleep(pause)
            else:
                self._breaker.succeeded(name)
                if target is not passed_on:
                    self._direct[passed_on.api_base, passed_on.model] = None
                return answer

    async def _ask(self, target: Target, request: Request, unfinished: Unfinished, deadline: float) -> Answer:
        """One try, in the words that this server takes; what it refuses is left out, and asked once more."""
        manner = before = self._manners.of(target)
        for lessons in range(LESSONS + 1):
            asked = as_taken(request, target, manner)
            unfinished.begin(manner.streams, manner.hold(target))
            try:
                answer = await self._spelled(target, asked, unfinished, deadline - self._clock())
            except ModelFailed as e:
                learnt = lesson(e, asked, unfinished.streams, manner)
                if learnt is None or learnt == manner or lessons == LESSONS:
                    raise
                log.info("%s is asked once more: %s", target.name, learnt)
                manner = learnt
            else:
                manner = replace(manner, thoughts=unfinished.ways_of_thinking(manner.thoughts))
                if manner != before:
                    self._manners.keep(target, manner)
                return counted(answer, asked)
        raise AssertionError("the last try is returned or raised")

    async def _spelled(
        self, target: Target, request: Request, unfinished: Unfinished, seconds: float
    ) -> Answer:
        """One try; another of the same, when the address only wants to be spelled otherwise."""
        adapter = self._adapters[target.via]
        until = self._clock() + seconds
        pictures = self._pictures.inlined(request.messages, all=not target.fetches_pictures)
        request = replace(request, messages=await pictures)
        try:
            return await adapter.ask(self._spelling.right(target), request, unfinished, seconds)
        except ModelFailed as e:
            others = self._spelling.others(target, e)
            for other in others:
                unfinished.reset()
                with contextlib.suppress(ModelFailed):
                    answer = await adapter.ask(other, request, unfinished, until - self._clock())
                    self._spelling.learn(target, other)
                    return answer
            if others:
                self._spelling.learn(target, None)
            raise


@contextlib.contextmanager
def _impatience(
    limit: asyncio.Timeout, unfinished: Unfinished, share: float | None, patience: float
) -> Iterator[None]:
    """A model with another behind it (it has a share of the time) is given up when it says nothing at all."""
    loop = asyncio.get_running_loop()

    def look() -> None:
        if unfinished.streams and not unfinished.began:
            limit.reschedule(loop.time())

    waiting = loop.call_later(patience, look) if share and share > patience else None
    try:
        yield
    finally:
        if waiting:
            waiting.cancel()
