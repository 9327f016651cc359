"""The preview: what the platform will really show."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from builder.studio import Studio
from runtime import simulator
from runtime.answer import AnswerPart, PartKind
from runtime.channels import Channel, Chooses, SignsIn, by_family, is_for_people, registry
from runtime.choices import Choices
from runtime.gateway.in_bubble import as_sent
from runtime.gateway.labelling import labelled
from runtime.safety.settings import Label
from runtime.simulator.rendered import rendered

ANCHOR = re.compile(r'<a href="([^"<>]{1,2000})">([^<>\n]{1,500})</a>')
LONGEST = 1_000_000
"""Characters of a picture within an answer that the page is sent."""


@dataclass(frozen=True)
class Part:
    """One message of an answer. `size` is what counts against the platform's limit. What is more than text
    has `text` for where it cannot be shown, and `shown`: its title, its link, and a picture's own bytes.
    `read`: the words as a person reads them there, links as `{"link": WORDS}`."""

    text: str
    size: int
    kind: PartKind = "text"
    shown: Mapping[str, Any] = field(default_factory=dict)
    read: Sequence[str | Mapping[str, str]] = ()


def surfaces() -> list[str]:
    """Where people can be answered, as an owner looks for them; last where no platform is between."""
    found = [one for one in by_family() if is_for_people(one[1])]
    return [name for name, kind in sorted(found, key=lambda one: issubclass(one[1], SignsIn))]


def surface(studio: Studio, agent: str, chosen: str = "") -> str:
    """The channel on which an agent is shown: the chosen one, or where it is published, or else the first."""
    people = surfaces()
    if chosen in people:
        return chosen
    mine = {one.channel for one in studio.control.publications() if one.agent == agent and one.enabled}
    return next((name for name in people if name in mine), people[0])


def marked(markdown: str, label: Label, channel: str, lang: str) -> str:
    """What a model wrote, as people there are shown that it did."""
    return labelled(markdown, label, registry()[channel], lang)


def parts(markdown: str, channel: str, lang: str = "zh") -> list[Part]:
    """The answer as people get it there, byte for byte: delivery cuts it alike. `lang`: the agent's."""
    kind = registry()[channel]
    return [
        Part(part.text, kind.limits.size(part.text), part.kind, _shown(part, kind), _read(part.text, channel))
        for part in as_sent(kind, markdown, lang)
    ]


def _read(text: str, channel: str) -> list[str | Mapping[str, str]]:
    """By whoever plays the platform; where nobody does, as whatever shows Markdown and links shows it."""
    played = simulator.registry().get(channel)
    pieces = played.pieces(text) if played else rendered(ANCHOR.sub(r"[\2](\1)", text))
    return [piece if isinstance(piece, str) else {"link": piece.label} for piece in pieces]


def _shown(part: AnswerPart, kind: type[Channel]) -> dict[str, Any]:
    """Nothing is fetched for a preview: of a picture elsewhere, only where it is."""
    if part.kind == "choices":
        choices = Choices.of(part.data)
        taps = issubclass(kind, Chooses) and kind.choice_limits.fit(choices)
        return choices.to_json() if taps else {}
    told = {name: str(value) for name, value in part.data.items()}
    if len(told.get("url", "")) > LONGEST:
        told["url"] = "data:"
    return told


def preview(asked: str, markdown: str, channel: str, lang: str = "zh") -> dict[str, Any]:
    """One exchange for phone.js. `limit`: what one message may have of the unit; None: anything."""
    limits = registry()[channel].limits
    return {
        "asked": asked,
        "parts": [asdict(part) for part in parts(markdown, channel, lang)],
        "limit": limits.most,
        "unit": limits.unit,
    }
