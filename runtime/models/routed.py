"""Ask models: find the one that a name means, try again, fall back on others."""

import asyncio
import contextlib
import copy
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from runtime.child_process import Seen
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.adapters import Adapter, registry
from runtime.models.breaker import Unwell
from runtime.models.budgets import OURS, Budgets, Cut, may_spend
from runtime.models.completion import Answer, Request
from runtime.models.context_window import size, tokens
from runtime.models.failures import took_too_long
from runtime.models.hiding import hidden, pieces, put_back
from runtime.models.keyring import Resting
from runtime.models.listing import listed
from runtime.models.pictures import Fetches, Kept, Pictures, nothing_kept
from runtime.models.policy import NOTHING_DECIDED, Policy
from runtime.models.preloading import preload
from runtime.models.providers import Endpoint, Endpoints
from runtime.models.reading.unfinished import Unfinished
from runtime.models.routed_media import RoutedMedia
from runtime.models.routed_ranks import RoutedRanks
from runtime.models.routed_tries import Tries
from runtime.models.routing import Asked, Routing
from runtime.models.targets import (
    LITELLM,
    PATIENCE,
    Target,
    address_of,
    keys_of,
    needs,
    resolve,
    target_of,
)

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
        policy: Policy = NOTHING_DECIDED,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`wall`: seconds since 1970. `shared`: adapters by name that others use too, as one with a process.
        `http` fetches pictures, `kept` has those that came."""
        self._endpoints = endpoints
        self._environment = os.environ if environment is None else environment
        self._clock = clock
        self._patience, self._wall = patience, wall
        self._policy = policy
        self.budgets = Budgets(policy.budgets, wall, policy.zone)
        """What was spent today, and may be."""
        self.routing = Routing(policy, endpoints.default_model)
        self.routing.left = self.budgets.left
        made = {name: kind(self._environment) for name, kind in registry().items() if name not in shared}
        self._adapters: Mapping[str, Adapter] = {**made, **shared}
        self._tries = Tries(self._adapters, Pictures(http, kept), clock, sleep)
        self._tries.keyring.headers = policy.headers
        ways, keyring = self._adapters[LITELLM], self._tries.keyring
        self.sound = self.painting = RoutedMedia(endpoints, self._environment, ways, keyring, self._meant)
        self.ranks = RoutedRanks(endpoints, self._environment, ways, keyring, sleep, self.budgets.check)

    def apart(self) -> "RoutedModels":
        """The same, for work that nobody waits for: what fails there rests for nobody else."""
        made = copy.copy(self)
        made._tries = self._tries.apart()
        return made

    def unwell(self) -> list[Unwell]:
        """Models that failed since they last answered, as far as this process knows."""
        now = self._clock()
        return [
            Unwell(name, state, health.failures, max(0.0, health.until - now), health.failed)
            for name, (state, health) in self._tries.breaker.known(now).items()
        ]

    def processes(self) -> list[Seen]:
        """Those that models are asked by, other than this one."""
        return [one.process for one in self._adapters.values() if one.process]

    def resting(self, endpoint: Endpoint) -> list[Resting]:
        """The endpoint's keys, and how they are."""
        ring = self._tries.keyring
        keys = keys_of(endpoint)
        base = address_of(endpoint)
        return [Resting(key.name, *ring.rests(base, key)) for key in keys]

    def _priced(self, answer: Answer) -> Answer:
        """With the owner's price, if there is one: that counts from now on, and changes nothing before."""
        price = self._policy.price(answer.model)
        if price is None:
            return answer
        return replace(answer, cost=price.cost(answer.prompt_tokens, answer.completion_tokens))

    async def _meant(self, name: str) -> str:
        """What a name means where nothing is asked in words. Raises ModelFailed when nothing may be spent."""
        may_spend()
        found = await self.routing.of([name], Asked("", False, self._wall(), self.routing.left))
        return found.names[0]

    async def warm(self) -> None:
        """Load what the first answer would wait for, if a provider that needs it is set up."""
        for via in needs(self._endpoints, self._environment):
            await self._adapters[via].warm()

    async def preload(self, names: Sequence[str]) -> None:
        """See preloading."""
        await preload(names, self._endpoints, self._environment)

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
        request = await hidden(request)
        on_text, on_reset, end = pieces(on_text, on_reset)
        unfinished, tries = Unfinished(on_text, on_reset, self._clock, request.tools), list[str]()
        try:
            async with asyncio.timeout(request.seconds):
                answer = await self._first_answer(request, unfinished, tries)
            end()
            return put_back(answer, request)
        except TimeoutError:
            raise took_too_long(request.model).after(tries) from None
        except ModelFailed as e:
            e.after(tries)
            raise

    async def listed(self, endpoint: Endpoint) -> list[str]:
        """The models that its server says it has; none where it cannot be asked. Raises ModelFailed."""
        return await listed(endpoint, self._environment)

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
                await self._tries.keyed(target, request, unfinished, unfinished.started + CHECK_SECONDS)
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

    async def _first_answer(self, request: Request, unfinished: Unfinished, tries: list[str]) -> Answer:
        """`tries`: gets the names of those that are asked."""
        may_spend()
        deadline = unfinished.started + request.seconds
        failures: dict[str, ModelFailed | None] = {}
        asked = Asked.of(request, self._wall(), self.routing.left)
        found = await self.routing.of([request.model, *request.fallbacks], asked)
        routed = tuple(one.to_json() for one in found.chosen)
        targets = self._found(found.names, failures)
        is_watched = unfinished.pieces_wished
        for place, target in enumerate(targets):
            left = len(targets) - place
            tries.append(target.name)
            # One that hangs must leave time for those behind it.
            share = (deadline - self._clock()) / left if left > 1 else None
            # Whether it lives is seen only in pieces.
            unfinished.pieces_wished = is_watched or left > 1
            try:
                async with asyncio.timeout(share) as limit:
                    with _impatience(limit, unfinished, share, self._patience):
                        last = left == 1
                        tried = self._tries.persist(target, request, unfinished, deadline, last=last)
                        answer = replace(await tried, routed=routed, failed=tuple(tries[:-1]))
                        return self._priced(answer)
            except TimeoutError:
                failures[target.name] = failed = took_too_long(target.name)
                self._tries.breaker.hung(target.name, self._clock(), failed)
            except ModelFailed as e:
                if e.code == "policy":
                    raise
                failures[target.name] = e
            except asyncio.CancelledError:
                # Whoever gives up the whole question may have waited for this one.
                if self._clock() >= deadline:
                    self._tries.breaker.failed(target.name, self._clock(), took_too_long(target.name))
                self._cut(target.name, request, unfinished)
                raise
        raise next(failed for failed in failures.values() if failed)

    def _cut(self, model: str, request: Request, unfinished: Unfinished) -> None:
        """Whoever hangs up has had it: else who always does would have models for nothing."""
        purse = OURS.get()
        if purse.origin is not None:
            asked, written = size([*request.messages, *request.tools]), tokens(unfinished.written)
            price = self._policy.price(model)
            purse.cut.append(Cut(model, asked, written, price.cost(asked, written) if price else None))

    def _found(self, names: Sequence[str], failures: dict[str, ModelFailed | None]) -> list[Target]:
        """Where these models are asked, those that keep failing last. `failures`, in the order of asking,
        gets those that are not there."""
        targets: dict[str, Target] = {}
        for name in names:
            try:
                target = resolve(name, self._endpoints, self._environment)
            except ModelFailed as e:
                failures[name] = e
            else:
                failures.setdefault(target.name, self.budgets.check(target.name))
                if failures[target.name] is None:
                    targets.setdefault(target.name, target)
        return [targets[name] for name in self._tries.breaker.order(targets, self._clock())]


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
