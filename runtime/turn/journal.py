"""What of a turn was finished already, so that one that was cut off continues at its place."""

from typing import Any, Protocol


class Journal(Protocol):
    """What of this turn was finished already, so that a turn that was cut off continues."""

    async def recall(self, step: str) -> Any | None:
        """The recorded result of a step, or None."""
        ...

    def record(self, step: str, result: Any) -> None:
        """Keep the result (plain JSON) of a finished step, before the next one finishes."""
        ...

    async def settle(self) -> None:
        """What was recorded is on the disk when this returns, if the disk takes it."""
        ...

    async def begin(self, step: str) -> bool:
        """Whether this step was never begun. That it begins is on the disk when this returns."""
        ...


class Forgetful:
    """A journal for turns that need not survive: the playground's."""

    async def recall(self, step: str) -> Any | None:
        return None

    def record(self, step: str, result: Any) -> None:
        return

    async def settle(self) -> None:
        return

    async def begin(self, step: str) -> bool:
        return True
