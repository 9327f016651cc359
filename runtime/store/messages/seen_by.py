"""Which provider saw what of a message, as the trace of its turn says."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

SENSED = {"seeing": "picture", "hearing": "sound", "speaking": "answer", "drawing": "description"}
"""By sense, what a model got."""


class Seen(TypedDict):
    """`at`: when the message came, seconds since 1970; `what`: kinds of data, from WHAT."""

    to: str
    """"model" or "tool"."""
    provider: str
    model: str
    what: list[str]
    at: float


def seen_by(trace: Iterable[Mapping[str, Any]], at: float) -> list[Seen]:
    """In the order in which each saw something first; what was answered from memory was seen by nobody."""
    found: dict[tuple[str, str], set[str]] = {}
    for event in trace:
        for to, name, what in _told(event):
            found.setdefault((to, name), set()).add(what)
    return [_seen(to, name, what, at) for (to, name), what in found.items()]


def _told(event: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    name = str(event.get("model") or "")
    match event.get("type"):
        case "model_used" if name and not event.get("cached"):
            yield from (("model", str(one), "conversation") for one in (*event.get("failed", ()), name))
        case "unanswered":
            yield from (("model", str(one), "conversation") for one in event["models"])
        case "sensed" if name and not event.get("kept"):
            yield "model", name, SENSED.get(str(event.get("sense")), "file")
        case "compared" if name:
            yield "model", name, "question"
        case "drawn" if name:
            yield "model", name, "description"
        case "tool_called":
            yield "tool", str(event.get("name") or ""), "arguments"


def _seen(to: str, name: str, what: set[str], at: float) -> Seen:
    provider = name.partition("/")[0] if to == "model" else ""
    return {"to": to, "provider": provider, "model": name, "what": sorted(what), "at": at}
