"""How many different people: exactly while they are few, else within 2 % or so, from pieces that are joined.

What is kept of many is a HyperLogLog (Flajolet et al. 2007): of each of 4096 places the rarest that was seen
there. It is written as planes, a bit for each place that has at least that: joining planes is one `or`.
"""

import hashlib
import itertools
import math
from collections.abc import Iterable

FEW = 512
"""As many as are written one by one."""
BITS = 12
PLACES = 1 << BITS
PLANE = PLACES // 8
"""Bytes."""
LEFT = 64 - BITS
_BIAS = 0.7213 / (1 + 1.079 / PLACES)


class Crowd:
    def __init__(self) -> None:
        self._few = set[int]()
        self._planes = list[int]()

    def add(self, names: Iterable[str]) -> None:
        self._few.update(_hash(name) for name in names)

    def join(self, packed: bytes) -> None:
        """What `pack` gave."""
        kind, rest = packed[:1], packed[1:]
        if kind == b"F":
            self._few.update(int.from_bytes(rest[at : at + 8]) for at in range(0, len(rest), 8))
            return
        planes = [int.from_bytes(rest[at : at + PLANE]) for at in range(0, len(rest), PLANE)]
        longer, shorter = sorted((self._planes, planes), key=len, reverse=True)
        self._planes = [a | b for a, b in zip(longer, shorter, strict=False)] + longer[len(shorter) :]

    def pack(self) -> bytes:
        if not self._planes and len(self._few) <= FEW:
            return b"F" + b"".join(one.to_bytes(8) for one in sorted(self._few))
        return b"M" + b"".join(plane.to_bytes(PLANE) for plane in self._whole())

    def count(self) -> int:
        """Of many: with two digits that mean something, and a third."""
        if not self._planes:
            return len(self._few)
        reached = [PLACES, *(plane.bit_count() for plane in self._whole()), 0]
        rarity: float = sum(
            (here - more) / 2**k for k, (here, more) in enumerate(itertools.pairwise(reached))
        )
        empty, about = reached[0] - reached[1], _BIAS * PLACES**2 / rarity
        if empty and about <= 2.5 * PLACES:
            about = PLACES * math.log(PLACES / empty)
        return int(round(about, 2 - math.floor(math.log10(about))))

    def _whole(self) -> list[int]:
        """The planes of all of them."""
        places = bytearray(PLACES)
        for one in self._few:
            place, rare = one % PLACES, LEFT + 1 - (one >> BITS).bit_length()
            places[place] = max(places[place], rare)
        planes = list(self._planes)
        planes += [0] * (max(places) - len(planes))
        for k in range(max(places)):
            planes[k] |= sum(1 << place for place, rare in enumerate(places) if rare > k)
        return planes


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
