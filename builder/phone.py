"""The preview: what the platform will really show."""

from dataclasses import asdict, dataclass
from typing import Any

from builder.studio import Studio
from runtime.channels import is_for_people, registry


@dataclass(frozen=True)
class Part:
    """One message of an answer. `size` is what counts against the platform's limit."""

    text: str
    size: int


def surface(studio: Studio, agent: str) -> str:
    """The channel on which an agent is shown: where it is published, or else the first for people."""
    people = sorted(name for name, kind in registry().items() if is_for_people(kind))
    mine = {one.channel for one in studio.control.publications() if one.agent == agent and one.enabled}
    return next((name for name in people if name in mine), people[0])


def parts(markdown: str, channel: str) -> list[Part]:
    """The answer as that channel sends it, byte for byte: the channel itself renders it."""
    kind = registry()[channel]
    return [Part(text, kind.limits.size(text)) for text in kind.render(markdown)]


def preview(asked: str, markdown: str, channel: str) -> dict[str, Any]:
    """One exchange for phone.js. `limit`: what one message may have of the unit; None: anything."""
    limits = registry()[channel].limits
    return {
        "asked": asked,
        "parts": [asdict(part) for part in parts(markdown, channel)],
        "limit": limits.most,
        "unit": limits.unit,
    }
