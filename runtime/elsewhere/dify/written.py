"""What is being written for Dify: nodes and lines, and our texts with its names in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import walk
from runtime.blocks import Block, Flow
from runtime.elsewhere._graph import Json
from runtime.elsewhere._losses import Report, Row, State, both
from runtime.lang import NOTHING, Text, as_it_is, listed
from runtime.templating import sandbox

REFERENCE = re.compile(r"\{\{\s*([a-z_]\w*(?:\.\w+)*)\s*\}\}")
GIVEN = {
    "message.text": "sys.query", "person.id": "sys.user_id", "conversation.id": "sys.conversation_id",
    "message.files": "sys.files", "agent.id": "sys.app_id",
}  # fmt: skip
NO_NODE = Text("Dify 里没有这样的节点：放了一条备注", "Dify has no such node: a note stands in its place")
FAILING = Text("没做成时的那一路没有带过去", "its way for when it fails stays here")
NO_REQUEST = Text("只有 HTTP 请求能带过去", "only HTTP requests go there")
NOT_THERE = Text("用到的 {names} 在 Dify 里没有，是空的", "{names} is not there in Dify, and empty")


After = list[tuple[str, str]]


@dataclass
class Written:
    """Nodes and lines so far; `ends`: what the next node follows, each with its handle."""

    nodes: list[Json]
    edges: list[Json]
    outputs: dict[str, dict[str, str]]
    """Of each block, the fields that its node gives, in Dify's words."""
    missing: list[str]
    names: dict[str, str]
    writes: Mapping[str, Callable[..., tuple[After, Text]]]
    report: Report

    def node(
        self,
        id: str,
        kind: str,
        title: str,
        data: Mapping[str, Any],
        after: Sequence[tuple[str, str]],
        inside: str,
    ) -> None:
        place = {"x": 80 + 300 * len(self.nodes), "y": 280}
        one: Json = {
            "id": id,
            "type": "custom",
            "position": place,
            "data": {"type": kind, "title": title or id, "desc": "", **data},
        }
        if inside:
            one["parentId"] = inside
            one["data"] |= {"isInIteration": True, "iteration_id": inside}
        self.nodes.append(one)
        kinds = {node["id"]: node["data"]["type"] for node in self.nodes}
        for source, handle in after:
            edge = {"id": f"{source}-{handle}-{id}", "source": source, "target": id, "type": "custom"}
            about = {"sourceType": kinds[source], "targetType": kind, "isInIteration": bool(inside)}
            self.edges.append({**edge, "sourceHandle": handle, "targetHandle": "target", "data": about})

    def flow(self, flow: Flow, after: After, inside: str) -> After:
        for block in flow:
            after = self._block(block, after, inside)
        return after

    def _block(self, block: Block, after: After, inside: str) -> After:
        self.missing = []
        write = self.writes.get(block.type)
        title = block.title or block.id
        rows = self.report.rows
        for _, nested in walk(
            [one for _, way in block.flows() for one in way]
            if write is None
            else []
            if block.chooses
            else block.otherwise
        ):
            rows.append(Row(nested.title or nested.id, nested.type, "lost", why=FAILING))
        if write is None:
            note = {"text": f"{title}\n{block.model_dump_json(exclude_defaults=True)[:2000]}", "author": ""}
            self.node(block.id, "", title, note, (), inside)
            rows.append(Row(title, block.type, "lost", why=NO_NODE, node=block.id))
            return after
        ends, why = write(block, after, self, inside)
        missing = NOT_THERE.fill(names=listed(dict.fromkeys(self.missing))) if self.missing else NOTHING
        whole = both([why, missing])
        state: State = "lost" if why is NO_REQUEST else "nearly" if whole.en else "became"
        theirs = as_it_is(self.nodes[-1]["data"]["type"] or "note")
        rows.append(Row(title, block.type, state, theirs, whole))
        return ends


def named(path: str, state: Written) -> str | None:
    """What Dify calls it."""
    if path in GIVEN:
        return GIVEN[path]
    if path in state.names:
        return state.names[path]
    head, _, rest = path.partition(".")
    if head in state.names and not rest:
        return state.names[head]
    found = state.outputs.get(head)
    if found is None:
        return None
    if rest in found or "*" not in found or not rest.startswith("fields."):
        return found.get(rest)
    return f"{found['*']}.{rest.removeprefix('fields.')}"


def text_of(text: str, block: str, after: After, state: Written, inside: str) -> tuple[str, After]:
    """A template of ours, as Dify writes it; one that is more than references through a node before."""
    if "{{" not in text and "{%" not in text:
        return text, after
    rest = REFERENCE.sub("", text)
    if "{{" not in rest and "{%" not in rest:

        def known(found: re.Match[str]) -> str:
            name = named(found[1], state)
            if name is None:
                state.missing.append(found[1])
            return f"{{{{#{name}#}}}}" if name else ""

        return REFERENCE.sub(known, text), after
    id = template(text, f"{block}_text", after, state, inside)
    return f"{{{{#{id}.output#}}}}", [(id, "source")]


def template(text: str, wanted: str, after: After, state: Written, inside: str) -> str:
    """A node that renders it."""
    id, number = wanted, 1
    while any(one["id"] == id for one in state.nodes):
        number += 1
        id = f"{wanted}_{number}"
    variables = []
    names = sandbox.names(text) if sandbox.check(text) is None else ()
    paths = sorted({*re.findall(r"\b[a-z_]\w*(?:\.[a-z_]\w*)+", text), *names}, key=len, reverse=True)
    for path in paths:
        name = named(path, state)
        if name is None:
            continue
        plain = path.replace(".", "__")
        text = re.sub(rf"(?<![\w.'\"]){re.escape(path)}(?![\w'\"])", plain, text)
        variables.append({"variable": plain, "value_selector": name.split(".")})
    state.node(id, "template-transform", id, {"template": text, "variables": variables}, after, inside)
    return id
