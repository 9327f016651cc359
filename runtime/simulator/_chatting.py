"""One person's chat with an account, on a platform that shows what it is sent as it was sent."""

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import ClassVar, TypeVar

from runtime.simulator import Crowded, Door, Knock, Link, OpenPage, Seen
from runtime.simulator.sockets import Wire

T = TypeVar("T")


class Chatting(Crowded):
    """What the person wrote stands beside what they `heard`, each with the time at which it came."""

    typing_seconds: ClassVar[float] = 0.0
    """That the sign stays."""
    patience: ClassVar[float] = 0.0
    """Seconds that a callback may take."""
    taken: ClassVar[Collection[int]] = (200,)
    """Statuses with which a callback says that it has the message."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._wrote: list[tuple[float, str]] = []
        self._repeated: list[tuple[float, int]] = []

    @abstractmethod
    async def person_says(self, text: str) -> object:
        """Over when the platform has no attempt left to make."""

    @abstractmethod
    def heard(self) -> Iterable[Seen]:
        """What the account said to them."""

    def typed(self) -> Sequence[float]:
        """When the sign was shown to the person."""
        return ()

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door, self._open_page = door, open_page

    async def write(self, text: str) -> None:
        self._wrote.append((self.clock(), text))
        await self.person_says(text)

    async def follow(self, link: Link) -> None:
        await self._open_page(link.url)

    def seen(self) -> Sequence[Seen]:
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        return sorted([*mine, *self.heard()], key=lambda one: one.at)

    def typing(self) -> tuple[float, float] | None:
        shown = self.typed()
        return (shown[0], shown[-1] + self.typing_seconds) if shown else None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return list(self._repeated)

    async def settle(self) -> None:
        await asyncio.sleep(0)

    # For who plays a platform

    def pushed(self, at: float, text: str) -> Seen:
        return Seen(at, "account", text, self.pieces(text), "push")

    async def is_taken(self, knock: Knock) -> bool:
        """Whether the callback takes it, in time."""
        try:
            status, _ = await asyncio.wait_for(self._door(knock), self.patience)
        except (TimeoutError, OSError):
            return False
        return status in self.taken

    async def again(self, attempt: Callable[[int], Awaitable[bool]], pauses: Iterable[float]) -> bool | None:
        """Tried until it is taken, the first time as attempt 1; None: the platform gave up.

        `pauses`: seconds before each of the others.
        """
        number = 1
        for pause in pauses:
            if await attempt(number):
                return True
            await asyncio.sleep(pause)
            number += 1
            self._repeated.append((self.clock(), number))
        return await attempt(number) or None


class Reacting(Chatting):
    """…who puts signs under what they are sent."""

    person: ClassVar[str]
    """Who writes, as the platform names them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self._signs: dict[tuple[str, str], str] = {}
        """By person and name of what they were sent."""

    async def reacts(self, person: str, name: str, sign: str) -> None:
        """`name`: of what they were sent, see names. A sign stands there instead of the one before; "" takes
        it back."""
        before = self._signs.get((person, name), "")
        self._signs[person, name] = sign
        await self.put_under(person, name, sign, before)

    @abstractmethod
    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        """The account is told. Where a platform takes several signs of one person, they put the new one there
        first, and take the other away."""

    @abstractmethod
    def names(self, person: str) -> Sequence[str]:
        """What they were sent, by its names on the platform, the oldest first."""


class Linked(Chatting):
    """…which we may connect to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.wires: list[Wire] = []

    async def wire(self) -> Wire:
        """The newest, as soon as there is one: whoever writes does not see when that is."""
        while not self.wires:  # noqa: ASYNC110 # a list has no event
            await asyncio.sleep(0.1)
        return self.wires[-1]


def with_buttons(text: str, buttons: Iterable[tuple[str, str]]) -> str:
    """As a phone shows it: with what can be tapped below it."""
    return "\n".join([text, *(label for label, _ in buttons)])


def tapped(label: str, shown: Iterable[tuple[T, Iterable[tuple[str, str]]]]) -> tuple[T, str]:
    """Of what is shown, oldest first, the newest that has a button of these words, and what that stands for.

    Raises LookupError.
    """
    for one, buttons in reversed(list(shown)):
        if found := [value for said, value in buttons if said == label]:
            return one, found[0]
    raise LookupError(f"nothing to tap says {label}")
