"""One answer's bubble while its turn runs: which text it shows, and until when it may."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runtime.agents.agent import Agent
from runtime.agents.answering import answering_blocks
from runtime.channels import Bubble, Media
from runtime.gateway.canned import BELOW
from runtime.gateway.surfaces import Surface
from runtime.message import NAMES, Message
from runtime.store.messages.carried import Carried, Part
from runtime.turn.events import Event, TextDelta, TextReset

Place = tuple[int, int]
"""Of a part: the message that it answers, and its number."""
NO_FILES: Mapping[Place, Media] = {}


@dataclass(eq=False)
class Growing:
    bubble: Bubble
    blocks: frozenset[str]
    """Whose text the answer is made of."""
    deadline: float
    """When it is ended at the latest, by the loop's clock."""
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    asked_at: float = float("-inf")
    """When the platform asked for it last, by the loop's clock."""
    shown: str = ""
    """What the platform took last."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One piece is on its way at a time."""
    is_over: bool = False
    """It takes nothing more."""
    _text: str = ""
    _block: str = ""

    def text(self) -> str:
        """What was written so far, as Markdown."""
        while not self.events.empty():
            self._take(self.events.get_nowait())
        return self._text

    def _take(self, event: Event) -> None:
        if not isinstance(event, TextDelta | TextReset) or event.block not in self.blocks:
            return
        if isinstance(event, TextReset):
            self._text = "" if event.block == self._block else self._text
            return
        if event.block != self._block:
            self._block, self._text = event.block, ""
        self._text += event.text


def growing(bubble: Bubble, agent: Agent, deadline: float) -> Growing:
    return Growing(bubble, frozenset(answering_blocks(agent)), deadline)


def bubble_id(publication: str, seq: int, message: Message) -> str:
    """The same for a message at any time; in a store that gives a number again, another."""
    mark = hashlib.sha256("\0".join((publication, message.sender, message.id)).encode()).hexdigest()
    return f"{seq}-{mark[:12]}"


def so_far(surface: Surface, growing: Growing | None) -> str:
    """The text as the surface shows it, as much as one bubble holds; "" before there is any."""
    parts = surface.channel.render(growing.text()) if growing else []
    return parts[0] if parts else ""


def carried(surface: Surface, parts: Sequence[Part], files: Mapping[Place, Media] = NO_FILES) -> Carried:
    """The first parts that one bubble holds, oldest first; one at least. `files`: those that it shows.

    What is shown after it, as what it is, is not in it; if that is the first, the bubble says so.
    """
    chosen: list[Part] = []
    held: list[Part] = []
    size, room, used = surface.channel.limits.size, surface.channel.limits.room, 0.0
    for part in parts:
        if (part.seq, part.number) in files:
            chosen.append(part)
            held.append(part)
            continue
        if part.kind != "text" and surface.shower and surface.responder is None:
            break
        used += size(part.text) + (size("\n\n") if chosen else 0)
        if chosen and used > room:
            break
        chosen.append(part)
    text = "\n\n".join(part.text for part in chosen if part not in held)
    if not held:
        return Carried(text or (BELOW.to(surface.agent.language) if parts else ""), chosen)
    words = " ".join(str(part.data.get("title") or NAMES[part.kind]) for part in held)
    media = [{name: part.data[name] for name in ("hash", "type")} | {"kind": part.kind} for part in held]
    return Carried(text or words, chosen, shown={"media": media})
