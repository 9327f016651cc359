"""What a new block says at first, and what repeated a block that is gone: the nearest result in words."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from runtime.agents.edits import tree
from runtime.agents.edits.shape import Json, fields_of, lanes
from runtime.agents.edits.tree import Flow
from runtime.blocks import Block, Rounds, registry

ONLY_A_RESULT = re.compile(r"\{\{ (\w+)\.\w+ \}\}")
OWN_WORDS = "{{ message.text }}"


def filled(flow: Flow, block: Json, path: tuple[str | int, ...], index: int) -> Json:
    """With something to say, where its kind says something and it does not yet."""
    name = fields_of(block.get("type")).saying
    if not name or block.get(name):
        return block
    found = result_for(tree.insert(flow, path, index, block), str(block["id"]))
    # What ends a turn is said to whoever wrote: not their own words.
    return {**block, name: found or ("" if _ends(block) else OWN_WORDS)}


def refilled(flow: Flow, gone: Collection[str]) -> Flow:
    """What only repeats the result of a block that is gone repeats the nearest one that is left."""
    for place in list(tree.walk(flow)):
        name = fields_of(place.block.get("type")).saying
        found = ONLY_A_RESULT.fullmatch(str(place.block.get(name, ""))) if name else None
        if found and found[1] in gone:
            id = str(place.block["id"])
            now = tree.find(flow, id)
            flow = tree.change(flow, id, {**(now or place).block, name: result_for(flow, id)})
    return flow


def result_for(flow: Flow, id: str) -> str:
    """The nearest earlier result that is a text, or why a block failed, as a template; "" for none."""
    found, failed = _before(flow, id)
    for block in reversed(found):
        if any(block is one for one in failed):
            return f"{{{{ {block['id']}.error }}}}"
        if not _ends(block) and "text" in _outputs(block):
            return f"{{{{ {block['id']}.text }}}}"
    return ""


def _before(flow: Flow, id: str) -> tuple[list[Json], list[Json]]:
    """The blocks that may have run before that one, and of these the ones on whose other way it is."""
    place = tree.find(flow, id)
    found: list[Json] = []
    failed: list[Json] = []
    path, here, at = ((*place.list, place.place) if place else ()), flow, 0
    while at < len(path):
        index = path[at]
        assert isinstance(index, int)
        found += [inner for block in here[:index] for inner in _with_inner(block)]
        around = here[index]
        lane = next((one for one in lanes(around) if path[at + 1 : at + 1 + len(one.path)] == one.path), None)
        if lane is None:
            break
        if lane.path[0] == "otherwise" and not _kind(around).chooses:
            found.append(around)
            failed.append(around)
        here, at = lane.flow, at + 1 + len(lane.path)
    return found, failed


def _with_inner(block: Json) -> Iterator[Json]:
    """It, and all that is inside of it but for what is there once a round."""
    yield block
    if not issubclass(_kind(block), Rounds):
        for lane in lanes(block):
            for one in lane.flow:
                yield from _with_inner(one)


def _kind(block: Json) -> Any:
    return registry().get(str(block.get("type")), Block)


def _ends(block: Json) -> bool:
    return bool(_kind(block).ends)


def _outputs(block: Json) -> Collection[str]:
    kind = _kind(block)
    blank: dict[str, Json] = {
        name: {} for name, raw in fields_of(block["type"]).schemas.items() if raw.get("widget") == "pairs"
    }
    made = kind.model_construct(type="", id="").model_copy(update=blank)
    return set(made.outputs())
