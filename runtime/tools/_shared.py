"""What a tool may do with what the agent shares out among everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.shared import Claimed, Held, Room, Wanted


class Declared(Protocol):
    """As the agent's file has it: see runtime.turn.shared_settings."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def places(self) -> int | None: ...
    @property
    def keys(self) -> Sequence[str]: ...
    @property
    def each(self) -> int | None: ...
    @property
    def most(self) -> int | None: ...


class Shares(Protocol):
    """The places themselves, for the person whose turn it is. Raises StoreFailed."""

    async def claim(self, wanted: Wanted, once: str) -> Claimed:
        """Once for each `once`, as is `release`."""
        ...

    async def release(self, name: str, key: str, once: str) -> int:
        """How many places were given back; of all keys for ""."""
        ...

    async def held(self, name: str) -> Sequence[Held]:
        """The person's, the earliest first."""
        ...

    async def rooms(self, name: str, keys: Sequence[str]) -> Sequence[Room]:
        """Of these, as far as anybody ever claimed one."""
        ...

    async def full(self, name: str, cap: int | None, beginning: str) -> Sequence[str]:
        """Keys of which nothing is left, such as begin so."""
        ...


@dataclass(frozen=True)
class Shared:
    declared: Mapping[str, Declared]
    shares: Shares
