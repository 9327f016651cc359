"""A real message's turn, for the flow that it ran through: that version's, as it was published."""

from collections.abc import Mapping
from typing import Any

from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.store.messages.beside import is_there
from runtime.store.messages.insights import Insights, Whole

Json = dict[str, Any]

LARGEST_SEQ = 2**53
GONE = Text("没有这条消息，或者已经删掉了。", "There is no such message, or it was deleted.")
NO_TURN = Text(
    "这条消息没有走流程，没有什么可以画在流程上。",
    "This message did not go through the flow: there is nothing to draw on it.",
)
NO_VERSION = Text(
    "这条消息用的那一版流程已经找不到了。", "The version of the flow that answered this message is gone."
)


@needs(Permission.CONVERSATIONS_READ, on="seq")
def look(studio: Studio, who: Actor, seq: int) -> Json:
    """The flow as it was, and what happened in it. Raises NotFound; Forbidden for who may not see agents."""
    whole = _whole(studio, seq)
    row = whole.row
    published = studio.control.publication(str(row["publication"]))
    who.must(Permission.AGENTS_VIEW, published.agent if published else None)
    agent = _agent(studio, str(row["publication"]), row["version"])
    return {
        "seq": seq,
        "agent": str(agent.get("id", "")),
        "name": str(agent.get("name", "")),
        "version": row["version"],
        "at": row["accepted_at"],
        "asked": row["text"] or "",
        "answered": row["reply"] or "",
        "flow": _flow(agent, whole.trace),
        "variables": agent.get("variables", []),
        "events": whole.trace,
    }


def _whole(studio: Studio, seq: int) -> Whole:
    path = studio.settings.data / "messages.db"
    known = isinstance(seq, int) and 0 < seq < LARGEST_SEQ
    whole = Insights(path).message(seq) if known and is_there(path) else None
    if whole is None:
        raise NotFound(GONE)
    if not any(event.get("block") for event in whole.trace):
        raise NotFound(NO_TURN)
    return whole


def _agent(studio: Studio, publication: str, version: int | None) -> Mapping[str, Any]:
    found = studio.control.version(publication, version) if version else None
    if found is None:
        raise NotFound(NO_VERSION)
    return found.agent


def _flow(agent: Mapping[str, Any], events: list[Json]) -> list[Json]:
    """Of the agent's flows the one that has the first block that ran."""
    flows: list[list[Json]] = [agent.get("flow", []), *(one["flow"] for one in agent.get("starts", []))]
    first = next(str(event["block"]) for event in events if event.get("block") and not event.get("within"))
    return next((flow for flow in flows if any(block["id"] == first for block in flow)), flows[0])
