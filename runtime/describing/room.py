"""One agent being described: what is proposed, what was asked and tested."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.edits.one_edit import objects
from runtime.agents.edits.shape import Json
from runtime.agents.holding import needs
from runtime.describing.ground import Ground
from runtime.describing.proposals import Proposals, Proposed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.testing.running import run
from runtime.testing.suite import Suite
from runtime.tools import NoSecrets, Sessions
from runtime.turn.turn import Services

TESTS_AT_ONCE = 4
PLAIN = frozenset({"model", "reply"})
"""Blocks of an agent that was just created."""
NOT_HERE = Text("试运行里不连外面。", "Nothing outside is reached while it is only proposed.")
INCOMPLETE = Text("智能体还不完整，测不了。", "The agent is not complete yet: there is nothing to test.")


@dataclass
class Room:
    """`refused`: edits that were not taken, so far; `tested`: what the newest run of tests came to."""

    ground: Ground
    proposals: Proposals
    lang: str = "zh"
    asked: Json | None = None
    tested: Sequence[Mapping[str, Any]] = ()
    publish: bool = False
    taken: int = 0
    refused: int = 0
    paid: list[Any] = field(default_factory=list)
    """What models did for tests."""

    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One after another: a model may call several tools at once."""

    async def proposing(self, edit: Json) -> Proposed:
        """`propose`, where nobody waits for it. Raises BadAgent."""
        async with self.alone:
            return await asyncio.to_thread(self.propose, edit)

    def propose(self, edit: Json) -> Proposed:
        """Raises BadAgent."""
        made = self.proposals.propose(edit)
        self.taken += 1
        self.publish, self.tested = False, ()
        return made

    def propose_test(self, case: Json) -> Proposed:
        """Raises BadAgent."""
        made = self.proposals.propose_test(case)
        self.taken += 1
        return made

    @property
    def is_new(self) -> bool:
        """Nobody has made anything of it yet."""
        flow = [block.get("type") for block in objects(self.proposals.base, "flow")]
        return not self.proposals.made and len(flow) <= len(PLAIN) and PLAIN.issuperset(flow)

    def errors(self) -> list[Text]:
        """What would stop it from being published."""
        if Agent.check(self.proposals.now):
            return [one.clause() for one in self.proposals.problems()]
        found = self.ground.judge(Agent.load(self.proposals.now))
        return [one.text for one in found if one.level == "error"]

    async def run_tests(self) -> Sequence[Mapping[str, Any]]:
        """Of the agent as it would be. Raises ToolFailed."""
        if Agent.check(self.proposals.now):
            raise ToolFailed(INCOMPLETE)
        agent = held(self.proposals.base, Agent.load(self.proposals.now))
        suite = Suite(cases=self.proposals.cases())
        found = []
        async for one in run(suite, agent, within(self.ground.services), at_once=TESTS_AT_ONCE):
            found.append(one.to_json(self.lang))
            self.paid += one.paid
        order = [case.id for case in suite.cases]
        self.tested = sorted(found, key=lambda one: order.index(one["case"]))
        return self.tested


class _Nowhere:
    """Implements Http. Reaches nobody: what is only proposed was never allowed by the owner."""

    async def fetch(self, *given: Any, **more: Any) -> Any:
        raise ToolFailed(NOT_HERE)


def within(services: Services) -> Services:
    """Models, templates, what computes; nothing that reaches outside, opens a secret or writes to people."""
    return replace(
        services,
        http=_Nowhere(),
        secrets=NoSecrets(),
        mail=None,
        says=None,
        programs=None,
        makes=None,
        paints=None,
        browser=None,
        sessions=Sessions(),
        lent=(),
    )


def held(owners: Json, agent: Agent) -> Agent:
    """Of the owner's it uses what the agent uses already: a proposal's names are nobody's permission."""
    before = Agent.load(owners) if not Agent.check(owners) else None
    if before is None or before.holds is not None:
        return agent.model_copy(update={"holds": before.holds if before else []})
    return agent.model_copy(update={"holds": sorted({need.key for need in needs(before)})})
