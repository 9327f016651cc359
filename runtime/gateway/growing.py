"""One answer's bubble while its turn runs: which text it shows, and until when it may."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.answering import answering_blocks
from runtime.answer import MEDIA
from runtime.channels import Bubble, Media, StreamsMedia
from runtime.gateway.in_bubble import heading, is_shown_after, said, taken
from runtime.gateway.offers import can_be_tapped
from runtime.gateway.surfaces import Surface
from runtime.message import NAMES, Message
from runtime.one_reader import OneReader
from runtime.store.messages.carried import Carried, Part
from runtime.store.messages.ratings import answer_mark
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
    events: OneReader[Event] = field(default_factory=OneReader)
    asked_at: float = float("-inf")
    """When the platform asked for it last, by the loop's clock."""
    shown: str = ""
    """What the platform took last."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One piece is on its way at a time."""
    handle: str = ""
    """By what the platform finds it, where it is a message that is edited."""
    is_over: bool = False
    """It takes nothing more."""
    _text: str = ""
    _block: str = ""

    def text(self) -> str:
        """What was written so far, as Markdown."""
        pieces = [self._text]
        while not self.events.empty():
            self._take(self.events.get_nowait(), pieces)
        self._text = "".join(pieces)
        return self._text

    def _take(self, event: Event, pieces: list[str]) -> None:
        """Put together once, since there may be a hundred thousand."""
        if not isinstance(event, TextDelta | TextReset) or event.block not in self.blocks:
            return
        if event.block == self._block and isinstance(event, TextReset):
            pieces.clear()
        if isinstance(event, TextReset):
            return
        if event.block != self._block:
            self._block = event.block
            pieces.clear()
        pieces.append(event.text)


def growing(bubble: Bubble, agent: Agent, deadline: float) -> Growing:
    return Growing(bubble, frozenset(answering_blocks(agent)), deadline)


def bubble_id(publication: str, seq: int, message: Message) -> str:
    """The same for a message at any time; in a store that gives a number again, another."""
    return answer_mark(publication, message.sender, message.id, seq)


ROOMS = 4
"""So many bubbles of Markdown are more than one shows, whatever its signs take up."""
LONGEST = 20_000
"""Characters of a bubble where the surface sets no limit."""
SENTENCE = re.compile(r".*(?:[。！？；…!?]+[”』」）)\"']*|[.;:](?=\s)|\n)", re.DOTALL)


def so_far(surface: Surface, growing: Growing | None, *, whole: bool = False) -> str:
    """The text as the surface shows it, as much as one bubble holds; "" before there is any.

    It grows by whole sentences and lines, once there is one: half a word, link or mark is not shown. `whole`:
    all that was written.
    """
    # It is made anew at every look: of a long answer only what the first bubble can hold of it.
    written = (growing.text() if growing else "")[: ROOMS * (surface.channel.limits.most or LONGEST)]
    sentences = None if whole else SENTENCE.match(written)
    parts = surface.channel.render(sentences[0] if sentences else written)
    return parts[0] if parts else ""


def carried(surface: Surface, parts: Sequence[Part], files: Mapping[Place, Media] = NO_FILES) -> Carried:
    """The first parts that one bubble holds, oldest first; one at least. `files`: those that it shows.

    What is shown after it, as what it is, is not in it; if that is the first, the bubble says so.
    """
    chosen, held = taken(
        parts,
        surface.channel.limits,
        lambda part, held: (part.seq, part.number) in files or _is_in_end(surface, part, held),
        lambda part: _is_after(surface, part),
    )
    text = said(chosen, held)
    if not held:
        return Carried(text or (heading(parts[0], surface.agent.language) if parts else ""), chosen)
    return Carried(text or " ".join(map(_words, held)), chosen, shown=_in_end(held))


def _is_in_end(surface: Surface, part: Part, held: Sequence[Part]) -> bool:
    """Whether the end of a bubble that the platform asks for holds these choices; it holds one list."""
    asked = surface.responder is not None and isinstance(surface.streamer, StreamsMedia)
    has_one = any(one.kind == "choices" for one in held)
    return asked and not has_one and part.kind == "choices" and can_be_tapped(surface, part.data)


def _is_after(surface: Surface, part: Part) -> bool:
    """Where the platform asks for a bubble, its end has the files."""
    asks = surface.responder is not None and part.kind != "choices"
    return not asks and is_shown_after(type(surface.channel), part)


def _words(part: Part) -> str:
    if part.kind == "choices":
        return str(part.data["question"])
    return str(part.data.get("title") or NAMES.get(part.kind, ""))


def _in_end(held: Sequence[Part]) -> Mapping[str, Any]:
    """What is recorded of it, so that the same end can be made again."""
    media = [
        {name: part.data[name] for name in ("hash", "type")} | {"kind": part.kind}
        for part in held
        if part.kind in MEDIA
    ]
    choices = [part.data for part in held if part.kind == "choices"]
    return {"media": media, **({"choices": choices[0]} if choices else {})}
