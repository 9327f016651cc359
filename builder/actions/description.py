"""The description of one agent, as the panel beside the flow shows it while it grows."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from builder.actions import pair
from builder.actions.build import choices
from builder.actions.usage import Usage
from builder.studio import Studio
from runtime.access.actor import SYSTEM
from runtime.agents.difference import difference
from runtime.agents.drawn_together import drawn_together
from runtime.agents.starts_difference import starts_difference
from runtime.describing.ground import Ground
from runtime.describing.proposals import Proposals
from runtime.describing.room import Room
from runtime.knowledge.known import titles
from runtime.lang import Text
from runtime.models.targets import DEMO
from runtime.testing.under_way import UnderWay
from runtime.turn.events import Event, Paid, TextDelta, TextReset, ToolCalled, ToolReturned

Json = dict[str, Any]


@dataclass
class Described:
    """The description of one agent: what is kept of it, and the turn that runs."""

    id: str
    room: Room
    said: list[Json] = field(default_factory=list)
    task: asyncio.Task[None] | None = None
    asking: str = ""
    text: str = ""
    doing: str = ""
    usage: Usage = field(default_factory=Usage)
    paid: list[Paid] = field(default_factory=list)
    going: UnderWay | None = None
    """By which other instances see the turn that runs."""
    revision: str = ""
    """Of what is kept of it: another instance may have gone on with it."""

    @property
    def running(self) -> bool:
        return self.task is not None and not self.task.done()

    def take(self, event: Event) -> None:
        match event:
            case TextDelta():
                self.text += event.text
            case TextReset():
                self.text = ""
            case ToolCalled():
                self.doing = event.name
            case ToolReturned():
                self.doing = ""
        if isinstance(event, Paid):
            self.count(event)

    def count(self, paid: Paid) -> None:
        self.paid.append(paid)
        self.usage = self.usage.plus(paid, None)

    def ended(self, answer: str, failure: Text | None = None) -> None:
        """…with what was said, or why nothing was."""
        one = {"asked": self.asking, "answer": answer, "at": time.time(), "usage": self.usage.to_json()}
        self.said.append(one | ({"failure": pair(failure)} if failure else {}))
        self.text = self.doing = self.asking = ""


def drawn(proposals: Proposals) -> Json | None:
    """The agent as it would be, and what is new in it; None where nothing is proposed."""
    if proposals.now == proposals.base:
        return None
    before, after = proposals.base, proposals.now
    together = drawn_together(before, after, difference(before, after))
    return {"flows": together.flows, "marks": together.marks, "starts": starts_difference(before, after)}


def state(studio: Studio, one: Described, seen: str) -> Json:
    """What the panel shows. `seen`: the mark of what it draws already."""
    room = one.room
    mark = room.proposals.mark
    return {
        "said": one.said,
        "running": one.running,
        "asking": one.asking,
        "text": one.text,
        "doing": one.doing,
        "changes": [
            {"number": made.number, "words": made.words, "powers": made.powers, "test": made.is_test}
            for made in room.proposals.made
        ],
        "asked": room.asked,
        "tested": list(room.tested),
        "publish": room.publish,
        "demo": is_demo(studio),
        "models": choices(studio, SYSTEM, room.lang)["models"],
        "mark": mark,
        "drawn": None if mark == seen else drawn(room.proposals),
    }


def is_demo(studio: Studio) -> bool:
    """Whether no model is set up: then the describer plays one."""
    return studio.control.default_model() in ("", DEMO)


def ground_of(studio: Studio, lang: str) -> Ground:
    return Ground(
        studio.library,
        studio.control,
        studio.prompts,
        studio.services,
        bases=lambda: titles(studio.settings.home),
        models=lambda: choices(studio, SYSTEM, lang)["models"],
        allowed=studio.settings.egress_allow,
    )
