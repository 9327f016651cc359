"""What every edit is, and what several of them do."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from runtime.agents.agent import IN_STARTS, RESERVED
from runtime.agents.edits import tree
from runtime.agents.edits.place import Root, block_in, path_of, root_of, roots
from runtime.agents.edits.shape import Json
from runtime.schema import Strict
from runtime.tools import SECRET

Named = Annotated[str, Field(min_length=1, max_length=64)]
Dotted = Annotated[str, Field(min_length=1, max_length=300)]


class Edit(Strict):
    """`hint`: what a model is told of it."""

    hint: ClassVar[str]
    op: str

    def on(self, data: Json) -> Json:
        """The agent after it. Raises BadAgent, whose field is of the edit."""
        raise NotImplementedError


def taken(data: Json) -> set[str]:
    """Names that no new block may have."""
    named = (str(one.get("name")) for one in objects(data, "variables"))
    used = (id for root in roots(data) for id in tree.ids(root.flow(data)))
    return {*RESERVED, IN_STARTS, SECRET, *named, *used}


def changing(data: Json, id: str, change: Callable[[Json], Json]) -> Json:
    """With one block changed. Raises BadAgent."""
    root: Root = root_of(data, id)
    return root.put(data, tree.change(root.flow(data), id, change(block_in(data, id))))


def put(value: Any, field: str, new: Any) -> Any:
    """With another value at a dotted path; None: as if nothing had been set. Raises BadAgent."""
    path = path_of(value, field)
    if new is not None:
        return tree.put(value, path, new)
    *around, last = path
    inside = tree.at(value, around)
    if isinstance(inside, list):
        return tree.put(value, around, [one for place, one in enumerate(inside) if place != last])
    return tree.put(value, around, {name: one for name, one in (inside or {}).items() if name != last})


def objects(data: Json, name: str) -> list[Json]:
    """The items of a list that are objects."""
    there = data.get(name)
    return [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []
