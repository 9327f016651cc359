"""How often one person may be sent to: what is more waits here, since the platform would drop it silently.

What left is remembered until its span is over. After a restart it is read again from what was noted of each
part, so that a platform which goes on counting is not met with a full allowance.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from runtime.channels import Pushes, Rate
from runtime.errors import SendFailed
from runtime.gateway.delivery.tokens import Account, account
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.newest import Newest
from runtime.store.messages.parts import Parts

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
Person = tuple[Account, str]


@dataclass
class _Sent:
    """When something left for one person, in seconds of the event loop; one that is under way, at its
    beginning."""

    times: deque[float]
    known: set[str] = field(default_factory=set)
    """Publications of the account of which it was read what they sent before."""


class Rates:
    """Nothing is reserved: whoever finds room sends, unless somebody else was quicker."""

    def __init__(self, parts: Parts, clock: Callable[[], float]) -> None:
        self._parts = parts
        self._clock = clock
        self._sent = Newest[Person, _Sent](PEOPLE)
        self._closing = asyncio.Event()

    async def pause(self, surface: Surface, to: str) -> float:
        """Seconds until something may be sent to them; 0: now."""
        channel = surface.pusher
        if channel is None or not channel.rates:
            return 0.0
        sent = self._of(channel, to)
        if surface.id not in sent.known:
            await self._recall(sent, surface.id, to, max(rate.seconds for rate in channel.rates))
        return max(_until(rate, sent.times, _now()) for rate in channel.rates)

    async def wait(self, surface: Surface, to: str) -> bool:
        """Until something may be sent to them; False when the program ends before."""
        while (left := await self.pause(surface, to)) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), max(left, LEAST))
            if self._closing.is_set():
                return False
        return True

    @contextlib.contextmanager
    def leaving(self, surface: Surface, to: str) -> Iterator[None]:
        """While something is being sent to them: it counts from its beginning, and in the end by when it had
        arrived, since the platform counts it in between. Raises SendFailed (TOO_SOON): it must wait."""
        channel = surface.pusher
        if channel is None or not channel.rates:
            yield
            return
        times, began = self._of(channel, to).times, _now()
        if any(_until(rate, times, began) > 0 for rate in channel.rates):
            raise SendFailed(WAITS, code=TOO_SOON)
        times.append(began)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):  # so many left meanwhile that it is forgotten
                times.remove(began)
                times.append(_now())

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closing.set()

    def _of(self, channel: Pushes, to: str) -> _Sent:
        most = max(rate.pushes for rate in channel.rates)
        return self._sent.of((account(channel), to), lambda: _Sent(deque(maxlen=most)))

    async def _recall(self, sent: _Sent, publication: str, to: str, seconds: float) -> None:
        """What left before this process began, or before they were forgotten."""
        now, wall = _now(), self._clock()
        before = await self._parts.left_since(publication, to, wall - seconds)
        if publication in sent.known:
            return  # somebody else read it meanwhile
        sent.known.add(publication)
        # a clock that was set back must not make anybody wait for longer than the span
        every = sorted([*(now - max(0.0, wall - at) for at in before), *sent.times])
        sent.times.clear()
        sent.times.extend(every)


def _until(rate: Rate, times: deque[float], now: float) -> float:
    """Seconds until one more is not too much in any span of the rate's."""
    if len(times) < rate.pushes:
        return 0.0
    return max(0.0, times[-rate.pushes] + rate.seconds - now)


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
