"""What was seen of one turn, for whoever checks it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.choices import read
from runtime.turn.events import BlockStarted, Event, Failed, LookedUp, Paid, Replied, ToolCalled, Waited


@dataclass(frozen=True)
class Seen:
    """`asked`: what the person said; `seconds`: that it took."""

    asked: str
    events: Sequence[Event]
    seconds: float

    @property
    def text(self) -> str:
        """All that the person reads."""
        last = self.events[-1]
        said = (last.spoken, last.text) if isinstance(last, Replied) else ()
        return "\n\n".join(_read(part) for part in said if part)

    @property
    def failure(self) -> Failed | None:
        last = self.events[-1]
        return last if isinstance(last, Failed) else None

    @property
    def waits(self) -> str:
        """For what; "" where it does not."""
        last = self.events[-1]
        return last.wait if isinstance(last, Waited) else ""

    def calls(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each tool that was called, with its arguments."""
        return ((event.name, event.arguments) for event in self.events if isinstance(event, ToolCalled))

    def blocks(self) -> set[str]:
        return {event.block for event in self.events if isinstance(event, BlockStarted)}

    def sources(self) -> set[str]:
        """The files in which something was found."""
        looked = [event.sources for event in self.events if isinstance(event, LookedUp)]
        return {name for one in looked for names in one.values() for name in names}

    def paid(self) -> list[Paid]:
        return [event for event in self.events if isinstance(event, Paid)]

    def dollars(self) -> float | None:
        """None where a price is unknown."""
        costs = [event.cost for event in self.paid()]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


def _read(said: str) -> str:
    """Choices as their words: no person sees how they are written."""
    before, options = read(said)
    return "\n".join([before, *(f"- {one.text}" for one in options)]) if options else said
