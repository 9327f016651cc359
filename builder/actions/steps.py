"""The edit history, a step back or on: what was saved, also before the page was loaded."""

import time
from collections.abc import Sequence
from typing import Any, Literal

from builder.actions.history import held, history
from builder.actions.together import as_saved
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.history import State

Json = dict[str, Any]
NEAR = 5
"""Newest steps that may be what is asked for in other words: reading all of them so takes seconds."""


@needs(Permission.AGENTS_EDIT, on="id")
def step(
    studio: Studio, who: Actor, id: str, data: Json, way: Literal["undo", "redo"], key: str = ""
) -> Json | None:
    """The agent one step before `data`, or after it, and what differs there; None where there is none.

    Nothing is saved but `data` itself, where it is not kept yet. `key`: which step `data` is, as far as is
    known. Raises NotFound, NotSaved.
    """
    data = {**data, "id": id}
    kept = history(studio)
    states = kept.states(id)
    place = _place(states, data, key)
    if place is None:
        if way == "redo":
            return None
        kept.keep(id, data, time.time(), alone=True, by=who.id)
        states = kept.states(id)
        place = 0
    kept.seal(id)
    found = _beside(states, place, 1 if way == "undo" else -1)
    if found is None:
        return None
    told = {"key": found.name, "at": found.at, "by": found.by, "note": found.note}
    return {**told, "data": {**found.data, "id": id}, "held": held(found.data, data)}


def _place(states: Sequence[State], data: Json, key: str) -> int | None:
    """Of the step that `data` is: the one of that key, else the newest."""
    saved = as_saved(data)
    near = [i for i, one in enumerate(states) if one.name == key] + list(range(len(states)))[:NEAR]
    said_otherwise = (i for i in near if as_saved(states[i].data) == saved)
    same = (i for i, one in enumerate(states) if one.data in (data, saved))
    return next(said_otherwise, next(same, None))


def _beside(states: Sequence[State], place: int, by: int) -> State | None:
    """The next one that way that is another."""
    here, place = as_saved(states[place].data), place + by
    while 0 <= place < len(states):
        if as_saved(states[place].data) != here:
            return states[place]
        place += by
    return None
