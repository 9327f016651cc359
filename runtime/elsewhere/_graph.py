"""Somebody's flow as nodes and ways between them, and in which order they come."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
MOST_NODES = 400
"""Of one file; an agent has 500 blocks at most, and some nodes become two."""


@dataclass(frozen=True)
class Node:
    """`kind`: as its product calls it; `data`: its settings; `inside`: of a loop, what each round does."""

    id: str
    kind: str
    title: str = ""
    data: Json = field(default_factory=dict)
    inside: "Graph | None" = None


@dataclass(frozen=True)
class Edge:
    """`handle`: by which of its ways the source is left."""

    source: str
    target: str
    handle: str = ""


@dataclass
class Graph:
    """`starts`: ids of the nodes that something begins with; none: those that nothing leads to."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    starts: Sequence[str] = ()
    back: list[Edge] = field(default_factory=list)
    """Ways that lead back, found by `ordered`."""
    twice: list[str] = field(default_factory=list)
    """Ids that two nodes have; the first one counts."""

    nameless: list[Node] = field(default_factory=list)
    """Nodes without an id: nothing can lead to them."""

    def __post_init__(self) -> None:
        by_id: dict[str, Node] = {}
        for node in self.nodes:
            if not node.id:
                self.nameless.append(node)
                continue
            if node.id in by_id:
                self.twice.append(node.id)
            by_id.setdefault(node.id, node)
        self.by_id = by_id
        unique = dict.fromkeys(edge for edge in self.edges if edge.source in by_id and edge.target in by_id)
        self.out: dict[str, list[Edge]] = {id: [] for id in by_id}
        for edge in unique:
            self.out[edge.source].append(edge)
        if not self.starts:
            targets = {edge.target for edge in unique}
            self.starts = [id for id in by_id if id not in targets] or list(by_id)[:1]

    def ordered(self) -> list[Node]:
        """Those that can be reached, each behind what leads to it; ways back are left out."""
        forward = self._forward()
        left = dict.fromkeys(forward, 0)
        for edges in forward.values():
            for edge in edges:
                left[edge.target] += 1
        ready = deque(id for id in self.starts if id in forward and not left[id])
        found: list[Node] = []
        while ready:
            id = ready.popleft()
            found.append(self.by_id[id])
            for edge in forward[id]:
                left[edge.target] -= 1
                if not left[edge.target]:
                    ready.append(edge.target)
        self.into: dict[str, list[Edge]] = {node.id: [] for node in found}
        for edges in forward.values():
            for edge in edges:
                self.into[edge.target].append(edge)
        return found

    def _forward(self) -> dict[str, list[Edge]]:
        """Of each node that can be reached the ways that lead on, without recursion: files are deep."""
        state: dict[str, int] = {}
        forward: dict[str, list[Edge]] = {}
        for start in self.starts:
            if start not in self.by_id or start in state:
                continue
            stack = [(start, iter(self.out[start]))]
            state[start], forward[start] = 1, []
            while stack:
                id, ways = stack[-1]
                edge = next(ways, None)
                if edge is None:
                    state[id] = 2
                    stack.pop()
                elif state.get(edge.target) == 1:
                    self.back.append(edge)
                else:
                    forward[id].append(edge)
                    if edge.target not in state:
                        state[edge.target], forward[edge.target] = 1, []
                        stack.append((edge.target, iter(self.out[edge.target])))
        return forward

    def unreached(self, order: Iterable[Node]) -> list[Node]:
        reached = {node.id for node in order}
        return [node for id, node in self.by_id.items() if id not in reached]
