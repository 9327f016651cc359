"""A graph of nodes as a flow of ours, which is a list whose branches hold lists.

A node stands in the innermost way that every path to it takes. Where only some of the ways lead to it and go
on together behind, it stands behind the branch, in one that asks whether one of these was taken. What goes
side by side stands one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from runtime.elsewhere._bringing import Bringing, Made
from runtime.elsewhere._graph import Edge, Graph, Json, Node
from runtime.elsewhere._losses import Row
from runtime.lang import Text

Place = tuple[tuple[str, str], ...]
"""The ways that lead to a list, from outside in: each a branch's node and its handle."""

BACK = Text(
    "有一条线回到前面的「{title}」：流程只往前走。要重复做，请放进「重复」里",
    "a way leads back to {title!r}: a flow only goes on. Put what is to be done again into a “Repeat”",
)
UNREACHED = Text("没有线连到它，没有放进流程", "nothing leads to it, so it is not in the flow")
NAMELESS = Text("没有编号，线连不到它", "it has no id, so no line can lead to it")
TWICE = Text("编号重复，只留第一个", "its id is taken; only the first was kept")
TOO_MANY = Text("节点太多，只取前 {most} 个", "too many nodes: only the first {most} were taken")
MOST_IN_LIST = 200
GOES_ON = Text("说完接着往下走", "Said; then it goes on below")
GUARD = Text("只在这些情况下", "Only in these cases")


@dataclass
class _Woven:
    """Lists by place; of each node its place, and the ways that it has."""

    flows: dict[Place, list[Json]]
    place: dict[str, Place] = field(default_factory=dict)
    ways: dict[str, Sequence[str]] = field(default_factory=dict)


def woven(graph: Graph, bring: Bringing) -> list[Json]:
    """Its nodes as blocks, in a flow of their own."""
    order = graph.ordered()
    flow: list[Json] = []
    so_far = _Woven({(): flow})
    for node in order:
        into = graph.into[node.id]
        place = _common([_way(edge, so_far) for edge in into])
        if into and not _always(place, into, so_far):
            place = _guarded(node, place, into, bring, so_far)
        made = bring.become(node)
        so_far.flows[place].extend(made.blocks)
        so_far.place[node.id] = place
        if made.ways:
            so_far.ways[node.id] = list(made.ways)
            so_far.flows |= {(*place, (node.id, handle)): way.flow for handle, way in made.ways.items()}
    _go_on(graph, order, so_far, bring)
    _cut(so_far, bring)
    _tell(graph, order, bring)
    return flow


def woven_inside(node: Node, bring: Bringing) -> list[Json]:
    """What stands in a node, which is a graph again."""
    if node.inside is None:
        return []
    bring.inside += 1
    try:
        return woven(node.inside, bring)
    finally:
        bring.inside -= 1


def _way(edge: Edge, so_far: _Woven) -> Place:
    """The list that this edge leads into."""
    place = so_far.place[edge.source]
    ways = so_far.ways.get(edge.source)
    if not ways:
        return place
    handle = edge.handle if edge.handle in ways else ways[-1]
    return (*place, (edge.source, handle))


def _common(places: Sequence[Place]) -> Place:
    if not places:
        return ()
    shortest = min(places, key=len)
    for at, step in enumerate(shortest):
        if any(place[at] != step for place in places):
            return shortest[:at]
    return shortest


def _always(place: Place, into: Sequence[Edge], so_far: _Woven) -> bool:
    """Whether who enters that list always comes along one of these edges."""
    lists = {_way(edge, so_far) for edge in into}
    return _leads(place, lists, so_far)


def _leads(place: Place, lists: set[Place], so_far: _Woven) -> bool:
    if place in lists:
        return True
    depth = len(place)
    branches = {found[depth][0] for found in lists if len(found) > depth and found[:depth] == place}
    return any(
        all(_leads((*place, (id, handle)), lists, so_far) for handle in so_far.ways.get(id, ("",)))
        for id in branches
    )


def _guarded(node: Node, place: Place, into: Sequence[Edge], bring: Bringing, so_far: _Woven) -> Place:
    """A branch around it that is entered where one of the edges was come along."""
    conditions = dict.fromkeys(_taken(edge, bring, so_far) for edge in into)
    id = bring.names.free(f"if_{node.title}", "if_so")
    way: list[Json] = []
    title = GUARD.to(bring.agent.get("language", "zh"))
    case = {"title": title, "when": " or ".join(conditions) or "true", "flow": way}
    so_far.flows[place].append({"type": "branch", "id": id, "title": title, "cases": [case]})
    name = f"guard {id}"
    so_far.ways[name] = ("yes", "no")
    inner = (*place, (name, "yes"))
    so_far.flows[inner], so_far.flows[(*place, (name, "no"))] = way, []
    return inner


def _taken(edge: Edge, bring: Bringing, so_far: _Woven) -> str:
    made = bring.made[edge.source]
    if made.ways:
        way = made.ways.get(edge.handle) or list(made.ways.values())[-1]
        return f"({way.taken})"
    if made.id:
        return made.id
    # A note or the like tells nothing: the way that it stands in does.
    for branch, handle in reversed(so_far.place[edge.source]):
        if branch in bring.made:
            return f"({bring.made[branch].ways[handle].taken})"
    return "true"


def _cut(so_far: _Woven, bring: Bringing) -> None:
    """A list holds 200 blocks; what is beyond is told."""
    for flow in so_far.flows.values():
        if len(flow) > MOST_IN_LIST:
            del flow[MOST_IN_LIST:]
            bring.report.tell("", "", "lost", why=TOO_MANY.fill(most=MOST_IN_LIST))


def _ends_with_reply(flow: Sequence[Json]) -> bool:
    return bool(flow) and flow[-1].get("type") == "reply"


def _go_on(graph: Graph, order: Sequence[Node], so_far: _Woven, bring: Bringing) -> None:
    """What is last of its way ends the turn: a reply behind which the flow goes on must not be the last."""
    behind = [node.id for node in order]
    for number, node in enumerate(order):
        place = so_far.place[node.id]
        flow = so_far.flows[place]
        made: Made = bring.made[node.id]
        is_last = made.blocks and flow and flow[-1] is made.blocks[-1] and _ends_with_reply(flow)
        if not is_last or (not place and not bring.inside):
            continue
        later = (id for id in behind[number + 1 :])
        follows = graph.out[node.id] or any(
            len(so_far.place[id]) < len(place) and place[: len(so_far.place[id])] == so_far.place[id]
            for id in later
        )
        if follows or bring.inside:
            text = GOES_ON.to(bring.agent.get("language", "zh"))
            flow.append({"type": "note", "id": bring.names.free("goes_on", "goes_on"), "text": text})


def _tell(graph: Graph, order: Sequence[Node], bring: Bringing) -> None:
    rows = bring.report.rows
    for node in graph.unreached(order):
        rows.append(Row(node.title, node.kind, "lost", why=UNREACHED))
    for node in graph.nameless:
        rows.append(Row(node.title, node.kind, "lost", why=NAMELESS))
    for id in graph.twice:
        rows.append(Row(id, graph.by_id[id].kind, "lost", why=TWICE))
    for edge in graph.back:
        source, target = graph.by_id[edge.source], graph.by_id[edge.target]
        why = BACK.fill(title=target.title or target.kind)
        bring.report.tell(source.title, source.kind, "lost", why=why, part="edge")
