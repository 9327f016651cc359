"""What became of each part of somebody's file: what it is here, how it differs, or why it stayed away."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from runtime.blocks import registry
from runtime.lang import NOTHING, Text, joined
from runtime.tools import registry as tools

State = Literal["became", "nearly", "lost"]
Part = Literal["node", "edge", "variable", "setting"]
STATES: tuple[State, ...] = ("became", "nearly", "lost")
LONGEST = 200
"""Characters of what a file calls something, as the report shows it."""


@dataclass(frozen=True)
class Row:
    """`theirs`: its kind as its product calls it; `ours`: the block it became; `why`: how it differs, or why
    it could not come. `node` names it, for a stub; "" where none can stand for it."""

    title: str
    theirs: str
    state: State
    ours: Text = NOTHING
    why: Text = NOTHING
    node: str = ""
    part: Part = "node"
    """Whether it is a node of a flow, a line between two, a variable, or a setting beside it."""
    block: str = ""
    """Id of the block that stands for it here; "" for none."""

    @property
    def counts(self) -> bool:
        return self.part == "node"

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "theirs": self.theirs,
            "state": self.state,
            "ours": self.ours.by_language(),
            "why": self.why.by_language(),
            "node": self.node,
            "part": self.part,
            "block": self.block,
        }


class Report:
    """Rows in the order of the file."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def tell(
        self,
        title: str,
        theirs: str,
        state: State,
        *,
        ours: Text = NOTHING,
        why: Text = NOTHING,
        part: Part = "setting",
    ) -> None:
        """Of what is no node."""
        self.rows.append(Row(title[:LONGEST], theirs[:LONGEST], state, ours, why, part=part))

    def counted(self, state: State) -> int:
        return sum(row.counts and row.state == state for row in self.rows)

    def lost(self) -> dict[Part, int]:
        """How much of each part could not come; of those of which something could not."""
        return dict(Counter(row.part for row in self.rows if row.state == "lost"))

    def to_json(self) -> dict[str, Any]:
        """`counts`: of all rows; `nodes`: how many of these are nodes of a flow."""
        found = Counter(row.state for row in self.rows)
        return {
            "counts": {state: found[state] for state in STATES},
            "nodes": self.nodes,
            "lost": self.lost(),
            "rows": [row.to_json() for row in self.rows],
        }

    @property
    def nodes(self) -> int:
        return sum(row.counts for row in self.rows)


def block_title(type: str) -> Text:
    return registry()[type].about.title


def tool_title(type: str) -> Text:
    return tools()[type].about.title


SUMMED = Text(
    "{product}：{nodes} 个节点，{became} 个照样接过来，{nearly} 个接过来但有不同，{lost} 个没有接过来。",
    "{product}: {nodes} nodes; {became} became the same, {nearly} nearly, {lost} could not come along.",
)
BESIDE = Text("节点以外没有接过来的：{parts}。", "Beside the nodes there stayed behind: {parts}.")
WITHOUT: dict[Part, Text] = {
    "edge": Text("{n} 条连线", "{n} lines"),
    "variable": Text("{n} 个变量", "{n} variables"),
    "setting": Text("{n} 项设置", "{n} settings"),
}
SEVERAL = Text("；", "; ")
SIGNS: dict[State, str] = {"became": "=", "nearly": "~", "lost": "!"}


def in_lines(product: str, report: Report) -> Iterator[Text]:
    """The report as sentences, the sum first."""
    counts = {state: report.counted(state) for state in SIGNS}
    yield SUMMED.fill(product=product, nodes=report.nodes, **counts)
    if others := [WITHOUT[part].fill(n=n) for part, n in report.lost().items() if part != "node"]:
        yield BESIDE.fill(parts=joined(others, SEVERAL))
    yield from (_line(row) for row in report.rows)


def _line(row: Row) -> Text:
    name = row.title or row.theirs
    kind = f"（{row.theirs}）" if row.title and row.theirs else ""
    arrow = Text("{sign} {name}{kind} → {ours}{why}", "{sign} {name}{kind} → {ours}{why}")
    alone = Text("{sign} {name}{kind}{why}", "{sign} {name}{kind}{why}")
    why = Text("：{why}", ": {why}").fill(why=row.why) if row.why.en else NOTHING
    pattern = arrow if row.ours.en else alone
    return pattern.fill(sign=SIGNS[row.state], name=name, kind=kind, ours=row.ours, why=why)


def both(texts: Iterable[Text]) -> Text:
    """Several reasons as one."""
    found = [text for text in texts if text.en]
    if not found:
        return NOTHING
    return joined(found, SEVERAL)
