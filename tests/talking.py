"""A talk with an agent over several turns; between two of them there is only what a row could hold."""

import json
from dataclasses import dataclass, field

from runtime.agents.agent import Agent
from runtime.engine import run
from runtime.message import Exchange
from runtime.person import Person
from runtime.turn.events import Waited
from runtime.turn.keeping import KeptHere
from runtime.turn.restart import is_word
from runtime.turn.turn import Services
from runtime.turn.waiting import Came, Past
from script import wrote


@dataclass
class Talk:
    agent: Agent
    services: Services
    variables: dict = field(default_factory=dict)
    kept: KeptHere = field(default_factory=lambda: KeptHere(who=Person("u1", customer="C7")))
    events: list = field(default_factory=list)
    history: list = field(default_factory=list)
    waited: Waited | None = None

    async def says(self, text):
        """The answer to it: what the turn ended with. <yes> and <no> are what an operator decides."""
        if text in ("<yes>", "<no>"):
            return await self.goes_on(Came("decision", {"yes": text == "<yes>", "note": "OK", "by": "an"}))
        leaves = is_word(text, self.agent.waiting.cancel)
        return await self.goes_on(Came("cancelled" if leaves else "message"), text)

    async def goes_on(self, came, text=""):
        past = Past()
        if self.waited:
            past = Past.from_json(json.loads(json.dumps(self.waited.carried)))
            past.steps[self.waited.step] = json.loads(json.dumps(came.to_json()))
        turn = run(
            self.agent, wrote(text), self.history, self.services,
            variables=self.variables, kept=self.kept, past=past,
        )  # fmt: skip
        self.events += [event async for event in turn]
        last = self.events[-1]
        self.waited = last if isinstance(last, Waited) else None
        self.history.append(Exchange(text, last.text))
        return last
