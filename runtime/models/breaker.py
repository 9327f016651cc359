"""Which models fail, so that a fallback answers at once and nobody storms a server that comes back."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, cast

from runtime.errors import ModelCode, ModelFailed
from runtime.newest import Newest

THRESHOLD = 3
"""Failures in a row after which a model is asked last, and by one at a time."""
COOLDOWN = 30.0
"""Seconds it is asked last; then one try is made again, and the others go on as before until it went well."""
MODELS = 1000
"""Whose failures are remembered."""
LOOKS = 0.1
"""Seconds between two looks at whether the one that tries is being answered."""

ABOUT_IT = frozenset(
    {"auth", "quota", "rate_limit", "region", "not_found", "connection", "server", "timeout", "malformed"}
)
"""Failures that the next question would meet, too; the others are about what was asked."""

State = Literal["closed", "open", "half_open"]


@dataclass
class Health:
    """`failures` in a row; `until`: monotonic seconds until it is asked last; `failed`: the newest one."""

    failures: int = 0
    until: float = 0.0
    failed: ModelFailed | None = None
    trying: "Trying | None" = None

    @property
    def is_out(self) -> bool:
        return self.failures >= THRESHOLD


@dataclass(frozen=True)
class Unwell:
    """A model that failed since it last answered. `rests`: seconds that it is asked last."""

    model: str
    state: State
    failures: int
    rests: float
    failed: ModelFailed | None


@dataclass
class Trying:
    """One try of a model that is out, for which the others wait."""

    began: Callable[[], bool]
    """Whether something of an answer came."""
    ended: "asyncio.Future[ModelFailed | None]"


class Breaker:
    """By the name of endpoint and model. Used on one event loop; times are monotonic seconds."""

    def __init__(self) -> None:
        self._known = Newest[str, Health](MODELS)

    def failed(self, name: str, now: float, why: ModelFailed | None = None) -> None:
        if why is not None and why.code not in ABOUT_IT:
            return
        health = self._known.of(name, Health)
        health.failures += 1
        health.failed = why or health.failed
        if health.is_out:
            health.until = now + COOLDOWN

    def hung(self, name: str, now: float, why: ModelFailed | None = None) -> None:
        """Its time was used up: as bad as failing again and again, since somebody waited for it."""
        health = self._known.of(name, Health)
        health.failures = max(THRESHOLD - 1, health.failures)
        self.failed(name, now, why)

    def succeeded(self, name: str) -> None:
        self._known.pop(name, None)

    def is_out(self, name: str) -> bool:
        """Whether it kept failing and has not answered since."""
        return name in self._known and self._known[name].is_out

    def state(self, name: str, now: float) -> State:
        """open: asked last; half_open: the next question, or the one that is being asked, tells."""
        health = self._known.get(name)
        if health is None or not health.is_out:
            return "closed"
        return "open" if health.until > now else "half_open"

    def cooling(self, name: str, now: float) -> bool:
        """Whether it is asked after all others: it failed lately, or somebody is trying it just now."""
        health = self._known.get(name)
        return health is not None and health.is_out and (health.until > now or health.trying is not None)

    def order(self, names: Iterable[str], now: float) -> list[str]:
        """These models without repeats, those that keep failing last."""
        return sorted(dict.fromkeys(names), key=lambda name: self.cooling(name, now))

    def known(self, now: float) -> dict[str, tuple[State, Health]]:
        """Those that failed since they last answered."""
        return {name: (self.state(name, now), health) for name, health in self._known.items()}

    async def turn(self, name: str) -> None:
        """Wait while somebody else tries a model that is out, until they are being answered.

        Raises ModelFailed: what it came to for them.
        """
        while (health := self._known.get(name)) and health.is_out and (trying := health.trying):
            await asyncio.wait({trying.ended}, timeout=LOOKS)
            if trying.ended.done() and not trying.ended.cancelled():
                if failed := trying.ended.result():
                    raise ModelFailed(failed.text, code=cast(ModelCode, failed.code))
                return
            if trying.began():
                return

    @contextmanager
    def tried(self, name: str, began: Callable[[], bool]) -> Iterator[None]:
        """While it is asked: if it is out, the others wait for what this comes to."""
        health = self._known.get(name)
        if health is None or not health.is_out or health.trying:
            yield
            return
        trying = health.trying = Trying(began, asyncio.get_running_loop().create_future())
        try:
            yield
        except ModelFailed as e:
            trying.ended.set_result(e if e.code in ABOUT_IT else None)
            raise
        else:
            trying.ended.set_result(None)
        finally:
            health.trying = None
            trying.ended.cancel()  # a turn that was given up tells nothing: the next one tries
