"""What is being made of somebody's flow: the blocks so far, their names, and what became of each node."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Report, Row, State, both
from runtime.elsewhere._names import Names, plain
from runtime.elsewhere._words import as_it_is, reach, template
from runtime.lang import NOTHING, Text, listed

LONGEST_NOTE = 4000
"""Characters of the settings that a note keeps of what could not come."""
LONGEST_TITLE = 60
EVERY = "*"
"""Of the nodes to put a stub for: all of them."""

MISSING = Text(
    "这些内容没有跟过来，用到的地方是空的：{names}",
    "these did not come along and are empty where used: {names}",
)
NOT_HERE = Text("【没有接过来：{title}】", "[Did not come along: {title}]")


@dataclass(frozen=True)
class Way:
    """One of the ways that a block goes: its blocks are put into `flow`; `taken` holds when it was it."""

    flow: list[Json]
    taken: str


@dataclass
class Made:
    """`outputs`: what they call its results → our expressions; `rest`: of results of other names.
    `id`: of the block by which is told whether it ran; "" for none. `nearly`: how it differs."""

    blocks: list[Json]
    ours: Text
    outputs: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    id: str = ""
    ways: Mapping[str, Way] = field(default_factory=dict)
    nearly: Text = NOTHING


@dataclass(frozen=True)
class Lost:
    """`outputs`: names of what it gave, for a stub."""

    why: Text
    outputs: Sequence[str] = ()


Outcome = Made | Lost
Translate = Callable[[Node, "Bringing"], Outcome]


class Bringing:
    """One file of one product."""

    def __init__(self, translate: Translate, stubs: Collection[str] = ()) -> None:
        self.names, self.report = Names(), Report()
        self.made: dict[str, Made] = {}
        self.agent: Json = {}
        self.variables: list[Json] = []
        self.person: list[Json] = []
        self.bases: dict[str, str] = {}
        self.known: dict[str, str] = {}
        """What is no node's result: by their name, our expression."""
        self._translate, self._stubs = translate, stubs
        self._missing: list[str] = []
        self.javascript = 40_000
        """Characters of programs in it that are still read, of all files a second's work."""
        self.inside = 0
        """How many loops it is in now."""

    # What they refer to

    def ref(self, node: str, path: Sequence[str | int]) -> str | None:
        """Our expression for a result of that node; None, and told, where there is none."""
        made = self.made.get(node)
        whole = ".".join((node, *map(str, path)))
        if made is None:
            return self.named(whole)
        first, rest = (str(path[0]), path[1:]) if path else ("", ())
        if first in made.outputs:
            return reach(made.outputs[first], rest)
        if made.rest:
            return reach(made.rest, path)
        return self.named(whole)

    def named(self, name: str) -> str | None:
        if name in self.known:
            return self.known[name]
        if name not in self._missing:
            self._missing.append(name[:80])
        return None

    def words(self, text: Any, pattern: re.Pattern[str], resolve: Callable[[str], str | None]) -> str:
        return template(text if isinstance(text, str) else "", pattern, resolve)

    # What becomes of a node

    def id(self, node: Node, kind: str) -> str:
        """A name for its block."""
        return self.names.free(node.title, kind)

    def become(self, node: Node) -> Made:
        """Its blocks; where it cannot come, a note in its place, or a stub."""
        self._missing = []
        outcome = self._translate(node, self)
        missing = MISSING.fill(names=listed(self._missing)) if self._missing else NOTHING
        if isinstance(outcome, Lost):
            outcome = self._stand_in(node, outcome)
        else:
            why = both([outcome.nearly, missing])
            state: State = "nearly" if why.en else "became"
            first = outcome.id or next((str(one["id"]) for one in outcome.blocks), "")
            row = Row(node.title, node.kind, state, outcome.ours, why, node.id, block=first)
            self.report.rows.append(row)
        self.made[node.id] = outcome
        return outcome

    def _stand_in(self, node: Node, lost: Lost) -> Made:
        title = node.title or node.kind
        words = Text("{title}：{why}", "{title}: {why}").fill(title=title, why=lost.why)
        told = words.to(self.agent.get("language", "zh"))
        own = {name: value for name, value in node.data.items() if name}
        kept = json.dumps(own, ensure_ascii=False, indent=1, default=str)[:LONGEST_NOTE]
        note = {"type": "note", "id": self.id(node, "note"), "title": title[:LONGEST_TITLE]}
        note["text"] = f"{told}\n\n{kept}"
        row = Row(node.title, node.kind, "lost", why=lost.why, node=node.id, block=str(note["id"]))
        if EVERY not in self._stubs and node.id not in self._stubs:
            self.report.rows.append(row)
            return Made([note], NOTHING)
        id = self.id(node, "stub")
        self.report.rows.append(replace(row, block=id))
        said = as_it_is(NOT_HERE.fill(title=title).to(self.agent.get("language", "zh")))
        outputs = [plain for name in lost.outputs[:20] if (plain := _plain(name))] or ["result"]
        values = dict.fromkeys(outputs, said)
        values["settings"] = as_it_is(kept)
        stub = {"type": "set", "id": id, "title": title[:LONGEST_TITLE], "disabled": True, "values": values}
        return Made(
            [note, stub], NOTHING, {name: f"{id}.{name}" for name in outputs}, f"{id}.{outputs[0]}", id
        )

    # What stands beside the flow

    def variable(self, wanted: str, default: str = "", title: str = "") -> str:
        """A variable of the agent's; its name."""
        name = self.names.free(wanted, "value")
        one: Json = {"name": name, "default": default[:50_000]}
        self.variables.append({**one, **({"title": title[:60]} if title else {})})
        return name

    def base(self, title: str) -> str:
        """Id of a knowledge base that stands for theirs, whose documents are not in the file."""
        if title not in self.bases:
            stem, number = plain(title, "documents"), 1
            id = stem
            while id in self.bases.values():
                number += 1
                id = f"{stem}_{number}"
            self.bases[title] = id
        return self.bases[title]


def _plain(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]{0,63}", name) else ""


def titled(block: Json, node: Node) -> Json:
    """With its node's title."""
    title = node.title.strip()[:LONGEST_TITLE]
    return {**dict(list(block.items())[:2]), **({"title": title} if title else {}), **block}
