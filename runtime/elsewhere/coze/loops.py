"""Coze's loops and batches, and what is kept in them and beyond them."""

from collections.abc import Callable, Mapping
from typing import Any

from runtime.elsewhere._blocks import nothing
from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._weave import woven_inside
from runtime.elsewhere._words import literal, mapping, objects, shown, text_of
from runtime.elsewhere.coze.texts import expression, inputs, kept, plain_value
from runtime.lang import NOTHING, Text

ROUNDS = Text("最多 100 轮，一轮接一轮", "100 rounds at most, one after another")
ONE_LIST = Text("只按第一个列表重复", "repeated over the first list alone")
STOP = Text("中途停下要写成「直到」的条件", "to stop on the way is a condition of “until” here")
OF_PERSON = Text("记在这个人身上", "is kept of the person")


def loop(node: Node, bring: Bringing) -> Outcome:
    data = {**node.data, **mapping(node.data.get("inputs"))}
    own = inputs(node, bring)
    id = bring.id(node, "each")
    before: Json = {}
    found: dict[str, str] = {}
    first_id = bring.names.free(f"{id}_before", "before")
    for one in objects(data.get("variableParameters")):
        name = text_of(one.get("name"))
        given = expression(bring, one.get("input"))
        before[plain(name, "value")] = shown(given) if given else ""
        later = bring.names.free(f"{id}_{name}", "value")
        bring.known[f"{node.id}.{name}"] = later
        found[name] = f"({later}.{plain(name, 'value')} or {first_id}.{plain(name, 'value')})"
    count = text_of(data.get("loopType")) == "count"
    given_count = expression(bring, data.get("loopCount")) if data.get("loopCount") else None
    items = next(iter(own.values()), None)
    over_ = given_count or "10" if count or items is None else items
    names = dict.fromkeys(own, "item") | {"index": "(index - 1)"} | found
    bring.made[node.id] = Made([], NOTHING, names)
    flow = woven_inside(node, bring)
    outputs = _outputs(node, bring)
    collect = "{{ {" + ", ".join(f"{literal(name)}: {one}" for name, one in outputs.items()) + "} }}"
    block: Json = {"type": "repeat", "id": id, "over": shown(over_), "flow": flow, "most": 100}
    if text_of(data.get("loopType")) == "infinite":
        block = {"type": "repeat", "id": id, "way": "until", "until": "index >= 20", "flow": flow, "most": 20}
    block |= {"collect": collect} if outputs else {}
    start: list[Json] = [{"type": "set", "id": first_id, "values": before}] if before else []
    results = {name: f"({id}.items|map(attribute={literal(name)})|list)" for name in outputs}
    results |= {
        name: f"({id}.items|last).{name}" for name in outputs if name in found and name.isidentifier()
    }
    why = ONE_LIST if len(own) > 1 else ROUNDS
    return Made([*start, titled(block, node)], block_title("repeat"), results, f"{id}.items", id, nearly=why)


def _outputs(node: Node, bring: Bringing) -> dict[str, str]:
    found = node.data.get("outputs")
    if isinstance(given := node.data.get("node_outputs"), Mapping):
        found = [{"name": name, "input": mapping(one).get("value")} for name, one in given.items()]
    named = {text_of(one.get("name")): expression(bring, one.get("input")) for one in objects(found)}
    return {name: one for name, one in named.items() if one is not None}


def over(node: Node, bring: Bringing, batch: Mapping[str, Any], make: Callable[[Bringing], Made]) -> Outcome:
    """A node that does its work once for each item of a list."""
    lists = objects(batch.get("inputLists"))
    items = expression(bring, lists[0].get("input")) if lists else None
    id = bring.names.free(f"{node.title}_each", "each")
    bring.made[node.id] = Made([], NOTHING, {text_of(one.get("name")): "item" for one in lists})
    bring.inside += 1
    inner = make(bring)
    bring.inside -= 1
    one = "{" + ", ".join(f"{literal(name)}: {path}" for name, path in inner.outputs.items()) + "}"
    block: Json = {
        "type": "repeat",
        "id": id,
        "over": shown(items or "[]"),
        "flow": inner.blocks,
        "most": 100,
    }
    block["collect"] = "{{ " + one + " }}"
    outputs = {"outputList": f"{id}.items", "output": f"{id}.items"}
    return Made([block], block_title("repeat"), outputs, f"{id}.items", id, nearly=ROUNDS)


def loop_set(node: Node, bring: Bringing) -> Outcome:
    """A value that the next round sees."""
    given = objects(
        mapping(node.data.get("inputs")).get("inputParameters") or node.data.get("inputParameters")
    )
    values: dict[str, str] = {}
    id = ""
    for one in given:
        content = mapping(mapping(mapping(one.get("left")).get("value")).get("content"))
        name = plain_value(content.get("name")) or text_of(
            mapping(mapping(one.get("left")).get("value")).get("path")
        )
        node_id = text_of(
            content.get("blockID") or mapping(mapping(one.get("left")).get("value")).get("ref_node")
        )
        right = expression(bring, one.get("right"))
        id = id or bring.known.get(f"{node_id}.{name}", "")
        values[plain(name, "value")] = shown(right) if right else ""
    if not id or not values or id in {b["id"] for m in bring.made.values() for b in m.blocks}:
        return Lost(STOP, ["isSuccess"])
    block = titled({"type": "set", "id": id, "values": values}, node)
    return Made([block], block_title("set"), {"isSuccess": "true"}, id, id)


def assign(node: Node, bring: Bringing) -> Outcome:
    """Variables of an app or a user, which are kept of the person here."""
    values: dict[str, str] = {}
    for one in objects(mapping(node.data.get("inputs")).get("inputParameters")):
        content = mapping(mapping(mapping(one.get("left")).get("value")).get("content"))
        path = content.get("path") or [one.get("name")]
        name = text_of(path[0] if isinstance(path, list) and path else path)
        right = expression(bring, one.get("input") or one.get("right"))
        if name and right:
            values[f"person.{kept(bring, name)}"] = right
    if not values:
        return nothing(OF_PERSON, {"isSuccess": "true"})
    id = bring.id(node, "kept")
    block = titled({"type": "set", "id": id, "values": values}, node)
    return Made([block], block_title("set"), {"isSuccess": "true"}, "", id, nearly=OF_PERSON)


def stop(node: Node, bring: Bringing) -> Outcome:
    return Lost(STOP)
