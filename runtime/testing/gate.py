"""Whether an agent may be published, as far as its tests say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.errors import BadAgent, Conflict
from runtime.lang import Text, joined, listed
from runtime.testing.kept_runs import KeptRuns, digest_of, subject_of
from runtime.testing.suite import Gate, Suite
from runtime.testing.suites import Suites

NAMED = 5
"""Cases that a sentence names."""
FAIL = Text("{all} 个测试里有 {n} 个没通过（{names}）。", "{n} of {all} tests fail ({names}).")
UNKNOWN = Text(
    "{all} 个测试里有 {n} 个还没在现在的内容上运行过（{names}）。",
    "{n} of {all} tests did not run on the agent as it is now ({names}).",
)

BROKEN = Text("测试读不了：{why}。", "The tests cannot be read: {why}.")
BLOCKED = Text(
    "先到「测试」页让它们通过，或在那里改成只提醒。",
    " Let them pass on the Tests page first, or have it only warn there.",
)


@dataclass(frozen=True)
class Standing:
    """How the newest run of each case on just this agent ended. `unknown`: there was none."""

    gate: Gate
    all: int
    failing: Sequence[str]
    unknown: Sequence[str]
    titles: Mapping[str, str]
    """What each is called."""
    broken: Text | None = None
    """Why nobody knows."""

    @property
    def is_well(self) -> bool:
        return self.broken is None and (self.gate == "off" or not (self.failing or self.unknown))

    @property
    def says(self) -> Text:
        """What is not well."""
        if self.broken is not None:
            return BROKEN.fill(why=self.broken)
        text, ids = (FAIL, self.failing) if self.failing else (UNKNOWN, self.unknown)
        names = listed([*(self.titles[id] for id in ids[:NAMED]), *(["…"] if len(ids) > NAMED else [])])
        return text.fill(all=self.all, n=len(ids), names=names)

    def refuse(self) -> None:
        """Raises Conflict where the agent's owner said that it is to be."""
        if self.gate == "block" and not self.is_well:
            raise Conflict(joined([self.says, BLOCKED]), field="tests")

    def to_json(self) -> Mapping[str, Any]:
        return {
            "gate": self.gate,
            "all": self.all,
            "failing": list(self.failing),
            "unknown": list(self.unknown),
            "well": self.is_well,
            "says": None if self.is_well else self.says.by_language(),
        }


def standing(suite: Suite, runs: Sequence[Mapping[str, Any]], subject: str) -> Standing:
    """`runs`: the newest first; `subject`: what is to be published, see subject_of."""
    fitting = [run["cases"] for run in runs if run.get("subject") == subject and not run.get("model")]
    failing, unknown = [], []
    for case in suite.cases:
        digest = digest_of(case)
        known = (cases[case.id] for cases in fitting if cases.get(case.id, {}).get("digest") == digest)
        newest = next(known, None)
        if newest is None:
            unknown.append(case.id)
        elif not newest["ok"]:
            failing.append(case.id)
    titles = {case.id: case.title or case.id for case in suite.cases}
    return Standing(suite.gate, len(suite.cases), failing, unknown, titles)


def standing_of(agent: Agent, agents: Path, data: Path) -> Standing:
    """…of an agent of this home."""
    try:
        suite, _ = Suites(agents, data).open(agent.id)
    except BadAgent as e:
        return Standing("warn", 0, (), (), {}, e.text)
    runs = KeptRuns(data).all(agent.id) if suite.cases else []
    return standing(suite, runs, subject_of(agent, agents.parent) if runs else "")
