"""Dify's iterations and loops, which hold a flow of their own."""

from runtime.elsewhere._bringing import Bringing, Made, Outcome, titled
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.elsewhere._weave import woven_inside
from runtime.elsewhere._words import literal, number, objects, shown, text_of
from runtime.elsewhere.dify.texts import condition, selected, value, words
from runtime.lang import NOTHING, Text

SIDE_BY_SIDE = Text("同时做的几轮改成一轮接一轮", "rounds side by side became one after another")
MOST_ROUNDS = Text("最多 {most} 轮", "{most} rounds at most").fill(most=100)


def iteration(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    over = selected(bring, data.get("iterator_selector") or data.get("iterator_selected")) or "''"
    id = bring.id(node, "each")
    bring.made[node.id] = Made(
        [], NOTHING, {"item": "item", "index": "(index - 1)", "output": "item"}, "item"
    )
    flow = woven_inside(node, bring)
    collect = selected(bring, data.get("output_selector"))
    block: Json = {"type": "repeat", "id": id, "over": shown(over), "flow": flow, "most": 100}
    block |= {"collect": shown(collect)} if collect else {}
    block |= {"failing": "skip"} if data.get("error_handle_mode") not in (None, "terminated") else {}
    why = SIDE_BY_SIDE if data.get("is_parallel") else MOST_ROUNDS
    return Made(
        [titled(block, node)], block_title("repeat"), {"output": f"{id}.items"}, f"{id}.items", id, nearly=why
    )


def loop(node: Node, bring: Bringing) -> Outcome:
    data = node.data
    id = bring.id(node, "until")
    outputs = {}
    first: Json = {}
    before = bring.names.free(f"{id}_before", "before")
    for one in objects(data.get("loop_variables")):
        label = text_of(one.get("label"))
        given = one.get("value")
        text = (
            value(bring, {"type": one.get("value_type"), "value": given})
            if one.get("value_type")
            else words(bring, given)
        )
        first[plain(label, "value")] = text
        later = bring.names.free(f"{id}_{label}", "value")
        bring.known[f"{node.id}.{label}"] = later
        outputs[label] = f"({later}.{plain(label, 'value')} or {before}.{plain(label, 'value')})"
    bring.made[node.id] = Made([], NOTHING, {**outputs, "index": "(index - 1)"})
    flow = woven_inside(node, bring)
    until = condition(bring, data.get("break_conditions"), text_of(data.get("logical_operator")))
    most = int(number(data.get("loop_count")) or 10)
    is_open = until == "true"
    block: Json = {
        "type": "repeat",
        "id": id,
        "way": "until",
        "until": f"index >= {most}" if is_open else until,
    }
    block |= {"flow": flow, "most": max(1, min(100, most)), "otherwise": []}
    start: list[Json] = [{"type": "set", "id": before, "values": first}] if first else []
    # Behind it nobody sees inside of its rounds: what they came to last is its last item.
    last = ", ".join(f"{literal(name)}: {one}" for name, one in outputs.items())
    if outputs:
        block["collect"] = "{{ {" + last + "} }}"
    found = {name: f"({id}.items|last).{name}" for name in outputs if name.isidentifier()}
    return Made(
        [*start, titled(block, node)], block_title("repeat"), found, f"{id}.items", id, nearly=MOST_ROUNDS
    )
