"""Two people at one agent: who else is here, and what both made of it becomes one."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from builder.actions.build import begun_from, beside
from builder.actions.lasting import brief
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.drafts import changed
from runtime.agents.merging.three_way import Clash, Side, merged
from runtime.agents.words_difference import words_difference

Json = dict[str, Any]

GONE = 12.0
"""Seconds after which whoever said nothing is not here any more; a page says so every few."""
MOST = 20
"""Windows on one agent that are told."""
LONGEST = 80
"""Characters of an id that a page gives itself, and of a block's."""


@needs(Permission.AGENTS_EDIT, on="id")
@brief("who is here is in memory")
@unrecorded("says again and again who is there")
async def here(
    studio: Studio, who: Actor, id: str, window: str, block: str = "", leaves: bool = False
) -> Json:
    """Say that this window works on that block, or leaves; hear of the others, and whether the agent is
    another by now.

    Two that write down at once may lose one of them until it says so again, in a few seconds.
    """
    now, name = time.time(), ("here", id)
    held = await studio.vanishing.get(name)
    known = json.loads(held) if held else {}
    others = {one: seen for one, seen in known.items() if one != window and now - seen["at"] < GONE}
    others = dict(sorted(others.items(), key=lambda item: -item[1]["at"])[:MOST])
    mine = {str(window)[:LONGEST]: {"by": who.id, "block": str(block)[:LONGEST], "at": now}}
    if leaves:
        mine = {}
    await studio.vanishing.put(name, json.dumps(others | mine).encode(), GONE)
    told = [{"window": one, "by": seen["by"], "block": seen["block"]} for one, seen in others.items()]
    opened = await asyncio.to_thread(studio.library.open, id)
    return {"others": told, "revision": begun_from(opened)}


@needs(Permission.AGENTS_EDIT, on="id")
@unrecorded("shows what would come of it")
def merge(studio: Studio, id: str, base: Json, mine: Json, chosen: Mapping[str, Side]) -> Json:
    """What is edited here and what is there by now, made one; nothing is saved. `base`: what both began with.

    `clashes`: what both changed otherwise, each until it is `chosen`, by its key.
    Raises NotFound, BadAgent, Conflict.
    """
    opened = studio.library.open(id)
    if opened.file_changed:  # the draft was made from another file, which nobody has any more
        raise changed(str(opened.data.get("name") or id))
    began, own = (as_saved({**data, "id": id}) for data in (base, mine))
    found = merged(began, own, opened.data, chosen)
    return {
        "data": found.data,
        "base": opened.data,
        "revision": begun_from(opened),
        "clashes": [_told(one) for one in found.clashes],
        **beside(studio, id, found.data),
    }


def as_saved(data: Json) -> Json:
    """What is usual is left out of a file, and is no change."""
    return data if Agent.check(data) else Agent.load(data).to_json()


def _told(one: Clash) -> Json:
    pieces = {side: _pieces(one.base, getattr(one, side)) for side in ("mine", "theirs")}
    return {**vars(one), "key": one.key, "pieces": pieces}


def _pieces(before: Any, after: Any) -> list[tuple[str, str]]:
    if not isinstance(after, str):
        return []
    return words_difference(before if isinstance(before, str) else "", after)
