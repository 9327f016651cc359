"""What an agent shares out among everybody, in the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.crash import crashpoint
from runtime.shared import Claimed, Held, Room, Wanted
from runtime.store.messages.people import Face
from runtime.store.messages.shared import Shared


@dataclass(frozen=True)
class StoredShares:
    """Implements tools.Shares, for the person of one message."""

    rows: Shared
    face: Face
    agent: str
    seq: int
    now: float

    async def claim(self, wanted: Wanted, once: str) -> Claimed:
        step = f"claim.{once}"
        crashpoint("before_place")
        claimed = await self.rows.claim(self.face, self.agent, wanted, self.now, seq=self.seq, step=step)
        crashpoint("after_place")
        return claimed

    async def release(self, name: str, key: str, once: str) -> int:
        step = f"release.{once}"
        return await self.rows.release(self.face, self.agent, name, key, seq=self.seq, step=step)

    async def held(self, name: str) -> Sequence[Held]:
        return await self.rows.held(self.face, self.agent, name)

    async def rooms(self, name: str, keys: Sequence[str]) -> Sequence[Room]:
        return await self.rows.rooms(self.agent, name, keys) if keys else []

    async def full(self, name: str, cap: int | None, beginning: str) -> Sequence[str]:
        return await self.rows.full(self.agent, name, cap, beginning)
