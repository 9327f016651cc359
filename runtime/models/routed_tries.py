"""Ask one model: again when that may help, with another key, in words and at an address that it takes."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from runtime.errors import ModelFailed
from runtime.models.adapters import Adapter
from runtime.models.breaker import Breaker
from runtime.models.completion import Answer, Request
from runtime.models.failures import AskedToWait, at_its_limit
from runtime.models.keyring import OF_THE_KEY, Keyring
from runtime.models.keys import Key
from runtime.models.manners import LESSONS, Manners, as_taken, lesson
from runtime.models.pictures import Pictures
from runtime.models.questions import body
from runtime.models.reading.unfinished import Unfinished
from runtime.models.spelling import Spelling
from runtime.models.targets import MODELS, PAUSES, TRIES, Target, directly
from runtime.models.usage import counted
from runtime.models.witness import witnessed
from runtime.newest import Newest

log = logging.getLogger(__name__)


class Tries:
    """Used on one event loop. Times are monotonic seconds."""

    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        pictures: Pictures,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._adapters, self._pictures = adapters, pictures
        self._clock, self._sleep = clock, sleep
        self.breaker = Breaker()
        self.keyring = Keyring(clock)
        self._spelling = Spelling()
        self._manners = Manners(clock)
        self._direct = Newest[tuple[str, str], None](MODELS)
        """Servers and models whose answers litellm does not understand."""

    def apart(self) -> "Tries":
        """The same servers and keys, and nothing known of how they are."""
        made = Tries(self._adapters, self._pictures, self._clock, self._sleep)
        made.keyring.headers = self.keyring.headers
        return made

    async def persist(
        self, target: Target, request: Request, unfinished: Unfinished, deadline: float, *, last: bool
    ) -> Answer:
        """Try one model, and again when that may help and there is time."""
        name, passed_on = target.name, target
        if (target.api_base, target.model) in self._direct:
            target = directly(target)
        await self.breaker.turn(name)
        tries = 1 if self.breaker.is_out(name) else TRIES if last else TRIES - 1
        attempt = 0
        while True:
            attempt += 1
            try:
                with self.breaker.tried(name, lambda: unfinished.began):
                    answer = await self.keyed(target, request, unfinished, deadline)
            except ModelFailed as e:
                self.breaker.failed(name, self._clock(), e)
                if not e.retryable:
                    raise
                if e.code == "malformed" and (direct := directly(target)) is not target:
                    # litellm reads fewer dialects than we do.
                    target, tries = direct, max(tries, attempt + 1)
                pause = e.wait if isinstance(e, AskedToWait) else PAUSES[min(attempt, len(PAUSES)) - 1]
                # Where another model stands ready, nobody waits long for this one.
                if attempt == tries or pause > (deadline - self._clock() if last else max(PAUSES)):
                    raise
                await self._sleep(pause)
            else:
                self.breaker.succeeded(name)
                if target is not passed_on:
                    self._direct[passed_on.api_base, passed_on.model] = None
                return answer

    async def keyed(
        self, target: Target, request: Request, unfinished: Unfinished, deadline: float
    ) -> Answer:
        """One try; with another of the endpoint's keys at once, when only the key was refused."""
        left = list(target.keys) or [Key("", target.api_key)]
        while True:
            key = self.keyring.best(target.api_base, left)
            if wait := self.keyring.wait(target.api_base, key):
                raise at_its_limit(target.name, wait)
            left.remove(key)
            try:
                with self.keyring.lent(target.api_base, key) as spent:
                    keyed = replace(target, api_key=key.secret, headers=self.keyring.headers())
                    answer = await self._ask(keyed, request, unfinished, deadline)
                    spent(answer.prompt_tokens + answer.completion_tokens)
                    return answer
            except ModelFailed as e:
                if not left or e.code not in OF_THE_KEY:
                    raise
                log.info("%s is asked with another key: %s", target.name, e.code)

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
        streams = unfinished.streams
        witnessed(lambda: {"model": target.model, **body(request, streams=streams)})
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
