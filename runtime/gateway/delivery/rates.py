"""How often one person may be sent to: what is more waits here, since the platform would drop it silently.

What leaves is noted in the store before it does, so all processes on it count together, and one that starts
goes on counting. This process's own is remembered by the loop's clock as well: the wall clock may jump.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field

from runtime.channels import Rate
from runtime.errors import SendFailed, StoreFailed
from runtime.gateway.lasting import now
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.messages.paces import Left, Paces

log = logging.getLogger(__name__)

TOO_SOON = "too_soon"
"""Code: nothing was sent, because the platform would have dropped it."""
WAITS = Text(
    "给这个人发得太快了，平台会丢掉多出来的；稍后自动接着发。",
    "Too much for this person in a short time, of which the platform drops the rest; it goes on by itself.",
)
LEAST = 0.001
"""Seconds: what is left may be too little for the clock to notice."""
PEOPLE = 20_000
"""Who are remembered; of others it is read again."""
Person = tuple[str, str]


@dataclass
class _Sent:
    """When something left for one person, by the loop's clock."""

    own: dict[int, float] = field(default_factory=dict)
    """This process's, by its number in the store: one that is under way, at its beginning."""
    others: list[float] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One at a time looks for room."""
    is_read: bool = False
    """What left before, or elsewhere."""

    def learn(self, lately: Collection[Left], wall: float) -> None:
        """What the store has; a clock that was set back makes nobody wait for longer than a span."""
        self.others = [now() - max(0.0, wall - one.at) for one in lately if one.id not in self.own]
        self.is_read = True

    def times(self) -> list[float]:
        return sorted([*self.own.values(), *self.others])

    def forget(self, seconds: float) -> None:
        """What is over."""
        since = now() - seconds
        self.own = {id: at for id, at in self.own.items() if at > since}
        self.others = [at for at in self.others if at > since]


class Rates:
    """Nothing is reserved ahead: whoever finds room sends, unless somebody else was quicker."""

    def __init__(self, paces: Paces, clock: Callable[[], float]) -> None:
        self._paces = paces
        self._clock = clock
        self._sent = Newest[Person, _Sent](PEOPLE)
        self._uncounted = itertools.count(1)
        self._closing = asyncio.Event()

    async def pause(self, surface: Surface, to: str) -> float:
        """Seconds until something may be sent to them; 0: now. Raises StoreFailed."""
        rates = _rates(surface)
        if not rates:
            return 0.0
        to, sent = _limited(surface, to), self._of(surface, to)
        if not sent.is_read:
            wall = self._clock()
            lately = await self._paces.lately(_account(surface), to, wall - _longest(rates), wall)
            if not sent.is_read:  # nobody else read it meanwhile
                sent.learn(lately, wall)
        return _until(rates, sent.times())

    async def wait(self, surface: Surface, to: str) -> bool:
        """Until something may be sent to them; False when the program ends before. Raises StoreFailed."""
        while (left := await self.pause(surface, to)) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), max(left, LEAST))
            if self._closing.is_set():
                return False
        return True

    @contextlib.asynccontextmanager
    async def leaving(self, surface: Surface, to: str) -> AsyncIterator[None]:
        """While something is being sent to them: it counts from its beginning, and in the end by when it had
        arrived, since the platform counts it in between. Raises SendFailed (TOO_SOON): it must wait."""
        rates = _rates(surface)
        if not rates:
            yield
            return
        to, sent = _limited(surface, to), self._of(surface, to)
        id = await self._left(surface, to, sent, rates)
        try:
            yield
        finally:
            if id in sent.own:
                sent.own[id] = now()
            if id > 0:
                self._paces.arrived(id, self._clock())

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closing.set()

    async def _left(self, surface: Surface, to: str, sent: _Sent, rates: Sequence[Rate]) -> int:
        """Its number in the store, or below 0. Raises SendFailed."""
        async with sent.turn:
            began, wall, longest = now(), self._clock(), _longest(rates)
            sent.forget(longest)
            own = dict(sent.own)

            def may(lately: Collection[Left]) -> bool:
                others = [began - max(0.0, wall - one.at) for one in lately if one.id not in own]
                return _until(rates, sorted([*own.values(), *others]), began) <= 0

            try:
                id, lately = await self._paces.leave(_account(surface), to, may, longest, wall)
            except StoreFailed as e:
                log.warning("what leaves on %s is not counted in the store: %s", surface.id, e.text.en)
                id, lately = (-next(self._uncounted) if may(()) else None), []
            if id is not None:
                sent.own[id] = began
            sent.learn(lately, wall)
        if id is None:
            raise SendFailed(WAITS, code=TOO_SOON)
        return id

    def _of(self, surface: Surface, to: str) -> _Sent:
        return self._sent.of((_account(surface), _limited(surface, to)), _Sent)


def _limited(surface: Surface, to: str) -> str:
    """Whose limit it is: one conversation of several is one."""
    return surface.pusher.limited_as(to) if surface.pusher else to


def _rates(surface: Surface) -> Sequence[Rate]:
    return surface.pusher.rates if surface.pusher else ()


def _account(surface: Surface) -> str:
    """Whatever secret a publication has: the platform counts all of an account's together."""
    assert surface.pusher
    return f"{surface.publication.channel} {surface.pusher.account}"


def _longest(rates: Sequence[Rate]) -> float:
    return max(rate.seconds for rate in rates)


def _until(rates: Sequence[Rate], times: Sequence[float], at: float | None = None) -> float:
    """Seconds until one more is not too much in any span; 0: now. `times`: in order."""
    at = now() if at is None else at
    full = [rate for rate in rates if len(times) >= rate.pushes]
    return max([0.0, *(times[-rate.pushes] + rate.seconds - at for rate in full)])
