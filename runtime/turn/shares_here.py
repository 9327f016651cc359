"""What an agent shares out where nobody else is: in the playground, as long as the chat."""

import time
from collections.abc import Sequence
from typing import TypeVar

from runtime.shared import Claimed, Held, Room, Wanted, decided

Done = TypeVar("Done", Claimed, int)


class SharesHere:
    """Implements tools.Shares."""

    def __init__(self) -> None:
        self._held: dict[str, list[Held]] = {}
        self._number = 0
        self._done: dict[str, Claimed | int] = {}

    async def claim(self, wanted: Wanted, once: str) -> Claimed:
        done = self._done.get(once) if once else None
        if isinstance(done, Claimed):
            return done
        mine = self._held.setdefault(wanted.name, [])
        here = [one for one in mine if one.key == wanted.key]
        has = sum(one.places for one in here)
        left = None if wanted.cap is None else max(wanted.cap - has, 0)
        outcome = decided(wanted, mine, left)
        number = here[-1].number if here else 0
        if outcome == "taken":
            self._number, number = self._number + 1, number + 1
            mine.append(Held(self._number, wanted.key, number, wanted.places, time.time()))
            has, left = has + wanted.places, None if left is None else left - wanted.places
        claimed = Claimed(outcome, has, number, max(number - 1, 0), left)
        return self._note(once, claimed)

    async def release(self, name: str, key: str, once: str) -> int:
        done = self._done.get(once) if once else None
        if isinstance(done, int):
            return done
        mine = self._held.get(name, [])
        gone = [one for one in mine if key in ("", one.key)]
        self._held[name] = [one for one in mine if one not in gone]
        return self._note(once, sum(one.places for one in gone))

    async def held(self, name: str) -> Sequence[Held]:
        return list(self._held.get(name, []))

    async def rooms(self, name: str, keys: Sequence[str]) -> Sequence[Room]:
        return [Room(key, taken) for key, taken in self._taken(name).items() if key in keys]

    async def full(self, name: str, cap: int | None, beginning: str) -> Sequence[str]:
        return [
            key
            for key, taken in self._taken(name).items()
            if cap is not None and taken >= cap and key.startswith(beginning)
        ]

    def _taken(self, name: str) -> dict[str, int]:
        taken: dict[str, int] = {}
        for one in self._held.get(name, []):
            taken[one.key] = taken.get(one.key, 0) + one.places
        return taken

    def _note(self, once: str, done: Done) -> Done:
        if once:
            self._done[once] = done
        return done
