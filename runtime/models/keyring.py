"""Several keys of one endpoint: the load is shared among them, and one that is refused rests."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from runtime.errors import ModelFailed
from runtime.models.failures import AskedToWait
from runtime.models.keys import Key
from runtime.models.targets import Target
from runtime.newest import Newest

MOST = 1000
"""Keys that are remembered."""
MINUTE = 60.0
LIMITED = 20.0
"""Seconds that a key rests whose provider did not say for how long."""
LONGEST = 3600.0
"""Seconds that one rests at most, whatever its provider says."""
DEAD = 600.0
"""Seconds until a key that is wrong, or has no money left, is tried again: the owner may have paid."""
OF_THE_KEY = frozenset({"auth", "quota", "rate_limit"})
"""Failures that another key of the same endpoint may not meet."""


@dataclass
class Use:
    """What is known of a key. Times are monotonic seconds."""

    asked: list[float] = field(default_factory=list)
    """When, in the last minute."""
    spent: list[tuple[float, int]] = field(default_factory=list)
    """When how many tokens, in the last minute."""
    busy: int = 0
    last: float = float("-inf")
    rests_until: float = float("-inf")
    failed: ModelFailed | None = None
    """Why it rests, or rested last; None since it answered."""

    def free_at(self, key: Key, now: float) -> float:
        """When its own limits let it be asked next: now, or later."""
        self.asked = [at for at in self.asked if 0 <= now - at < MINUTE]
        self.spent = [one for one in self.spent if 0 <= now - one[0] < MINUTE]
        free = now
        if key.per_minute and len(self.asked) >= key.per_minute:
            free = max(free, self.asked[-key.per_minute] + MINUTE)
        if key.tokens_per_minute and sum(many for _, many in self.spent) >= key.tokens_per_minute:
            free = max(free, self._paid_back(key.tokens_per_minute))
        return free

    def _paid_back(self, most: int) -> float:
        left = sum(many for _, many in self.spent)
        for at, many in self.spent:
            left -= many
            if left < most:
                return at + MINUTE
        return self.spent[-1][0] + MINUTE


@dataclass(frozen=True)
class Resting:
    """A key and how it is. `rests`: seconds that it still rests after a refusal, `failed`."""

    key: str
    rests: float
    failed: ModelFailed | None


class Keyring:
    """Used on one event loop. What is remembered of a key goes by a digest of it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._uses = Newest[str, Use](MOST)
        self.headers: Callable[[], Mapping[str, str]] = dict

    def use(self, base: str, key: Key) -> Use:
        digest = hashlib.sha256(f"{base}\0{key.secret}".encode()).hexdigest()
        if digest not in self._uses:
            self._uses[digest] = Use()
        return self._uses[digest]

    def best(self, base: str, keys: Sequence[Key]) -> Key:
        """The one that is free first; of several that are free, the one with the least to do."""
        now = self._clock()

        def rank(key: Key) -> tuple[float, int, float]:
            use = self.use(base, key)
            return max(use.free_at(key, now), use.rests_until), use.busy, use.last

        return min(keys, key=rank)

    def keyed(self, target: Target) -> Target:
        """With the key that is to be asked with next, and what goes along with every question."""
        target = replace(target, headers=self.headers())
        if not target.keys:
            return target
        return replace(target, api_key=self.best(target.api_base, target.keys).secret)

    def wait(self, base: str, key: Key) -> float:
        """Seconds until its own limits let it be asked. That it rests keeps nobody who has no other."""
        now = self._clock()
        return self.use(base, key).free_at(key, now) - now

    @contextmanager
    def lent(self, base: str, key: Key) -> Iterator[Callable[[int], None]]:
        """While it is asked; the caller says how many tokens that took."""
        use, now = self.use(base, key), self._clock()
        use.asked.append(now)
        use.last = now
        use.busy += 1
        try:
            yield lambda tokens: use.spent.append((self._clock(), tokens))
        except ModelFailed as e:
            if e.code in OF_THE_KEY:
                use.failed = e
                use.rests_until = self._clock() + _rest(e)
            raise
        else:
            use.failed, use.rests_until = None, float("-inf")
        finally:
            use.busy -= 1

    def rests(self, base: str, key: Key) -> tuple[float, ModelFailed | None]:
        """Seconds that it still rests after a refusal, and that; 0 when it does not."""
        use = self.use(base, key)
        return max(0.0, use.rests_until - self._clock()), use.failed


def _rest(failed: ModelFailed) -> float:
    if isinstance(failed, AskedToWait):
        return min(failed.wait, LONGEST)
    return LIMITED if failed.code == "rate_limit" else DEAD
