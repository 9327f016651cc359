"""Pasting blocks that were not copied here: the flow editor's question before it takes them."""

from typing import Any

from builder.actions import pair
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.pasting import pasted

Json = dict[str, Any]


@needs(Permission.AGENTS_EDIT, on=SOME)
@unrecorded("reads what is pasted, and keeps nothing")
def take_blocks(studio: Studio, blocks: list[Json]) -> Json:
    """The blocks as they come in: {blocks, acts: [{id, words}]}; `acts` are switched off. Raises BadAgent."""
    found, acts = pasted(blocks)
    return {"blocks": list(found), "acts": [{"id": id, "words": pair(words)} for id, words in acts]}
