"""What was proposed for an agent and is not decided yet: edits on top of what its owner has, and tests.

Nothing in here changes the agent. What the owner accepts is taken out and saved by who asked; what is undone
goes with whatever was built on it.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import ValidationError

from runtime.agents.agent import Agent
from runtime.agents.edits.edit import load
from runtime.agents.edits.shape import Json
from runtime.agents.edits.taking import Judge, take
from runtime.agents.granting import granted
from runtime.agents.holding import needs
from runtime.agents.powers import use_of
from runtime.agents.strict_json import to_bytes
from runtime.describing.words import said_of
from runtime.errors import BadAgent, Conflict
from runtime.lang import Text
from runtime.schema import Problem
from runtime.testing.suite import Case, Suite
from runtime.tools import Tool

NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
POWER = Text("{power}：{use}", "{power}: {use}")
MOST = 200
"""Edits that may be undecided."""
TOO_MANY = Text(
    "还没决定的改动已有 {most} 处，先请主人接受或撤销一些",
    "{most} changes are undecided; let the owner accept or undo some first",
)
BUILT_ON = Text(
    "这一处建立在前面的改动上：请先接受前面的，或全部接受。",
    "This change is built on an earlier one: accept that one first, or all.",
)
GONE = Text("已经没有这一处改动了。", "That change is no longer there.")


@dataclass(frozen=True)
class Proposed:
    """`edit`: as JSON, or a test's case; `words`: what it does; `powers`: what the agent could do then."""

    number: int
    edit: Json
    words: dict[str, str]
    powers: Sequence[dict[str, str]] = ()

    @property
    def is_test(self) -> bool:
        return self.edit.get("op") == "test"

    def to_json(self) -> Json:
        return asdict(self)


@dataclass
class Proposals:
    """`base`: the agent as its owner has it; `judge`: what would be wrong with one."""

    base: Json
    judge: Judge
    suite: Suite = field(default_factory=Suite)
    made: list[Proposed] = field(default_factory=list)
    next: int = 1
    gone: Sequence[Proposed] = ()
    """What was undone last: it may be proposed again."""
    now: Json = field(init=False)
    """The agent with all that is proposed."""

    def __post_init__(self) -> None:
        self.begin(self.base, self.suite)

    def cases(self) -> list[Case]:
        """The tests that there would be."""
        return self._cases(self.made)

    def _cases(self, made: Sequence[Proposed]) -> list[Case]:
        new = [Case.model_validate(one.edit["case"]) for one in made if one.is_test]
        named = {case.id for case in new}
        return [*(case for case in self.suite.cases if case.id not in named), *new]

    def propose(self, edit: Any) -> Proposed:
        """Raises BadAgent: why it is not taken, with the field."""
        if len(self.made) >= MOST:
            raise BadAgent(TOO_MANY.fill(most=MOST))
        one, before = load(edit), self.now
        after = take(before, one, self.judge)
        self.now = after
        return self._keep(one.model_dump(mode="json"), said_of(one, before, after), _powers(before, after))

    def propose_test(self, case: Any) -> Proposed:
        """Raises BadAgent."""
        if len(self.made) >= MOST:
            raise BadAgent(TOO_MANY.fill(most=MOST))
        (made,) = Suite.load({"cases": [case]}).cases
        whose = next((one.made_of for one in self.suite.cases if one.id == made.id), [])
        made = made.model_copy(update={"made_of": whose})  # it goes with them, whoever changes it
        written = made.model_dump(mode="json", exclude_defaults=True)
        words = Text("测试：{title}", "Test: {title}").fill(title=made.title or made.id)
        return self._keep({"op": "test", "case": written}, words, [])

    def accepting(self, numbers: Collection[int]) -> tuple[Json, Suite]:
        """The agent and its tests with these: to be saved, and then told to `accepted`. Raises Conflict."""
        chosen = [one for one in self.made if one.number in numbers]
        if not chosen:
            raise Conflict(GONE)
        try:
            agent = self._after(chosen)
        except BadAgent:
            raise Conflict(BUILT_ON) from None
        return agent, self.suite.model_copy(update={"cases": self._cases(chosen)})

    def accepted(self, numbers: Collection[int], base: Json, suite: Suite) -> None:
        """These are proposals no more: `base` and `suite` are what the owner has by now."""
        self.begin(base, suite, [one for one in self.made if one.number not in numbers])

    def undoing(self, numbers: Collection[int]) -> int:
        """How many went: these, and what was built on them."""
        before = self.made
        self.begin(self.base, self.suite, [one for one in self.made if one.number not in numbers])
        self.gone = [one for one in before if one not in self.made]
        return len(self.gone)

    def again(self, numbers: Collection[int]) -> int:
        """How many of those undone last are proposed again, in their places. Raises Conflict."""
        back = [one for one in self.gone if one.number in numbers]
        if not back:
            raise Conflict(GONE)
        self.gone = ()
        before = len(self.made)
        both = sorted([*self.made, *back], key=lambda one: one.number)
        self.begin(self.base, self.suite, both)
        return len(self.made) - before

    def begin(self, base: Json, suite: Suite, made: Sequence[Proposed] | None = None) -> None:
        """From what the owner has by now; what does not go on top of that any more is gone."""
        self.base, self.suite = base, suite
        left: list[Proposed] = []
        now = base
        for one in self.made if made is None else made:
            if one.is_test:
                left.append(one)
                continue
            try:
                now = take(now, load(one.edit), self.judge)
            except BadAgent:
                continue
            left.append(one)
        self.made, self.now = left, now

    @property
    def mark(self) -> str:
        """Another one for whatever differs in what is drawn."""
        return hashlib.blake2b(to_bytes([self.base, self.now]), digest_size=8).hexdigest()

    def problems(self) -> Sequence[Problem]:
        """What is still wrong with what is proposed, errors and warnings."""
        if wrong := Agent.check(self.now):
            return wrong
        return [Problem(one.field, one.text) for one in self.judge(Agent.load(self.now))]

    def _after(self, made: Sequence[Proposed]) -> Json:
        now = self.base
        for one in made:
            if not one.is_test:
                now = take(now, load(one.edit), self.judge)
        return now

    def _keep(self, edit: Json, words: Text, powers: Sequence[Text]) -> Proposed:
        told = [power.by_language() for power in powers]
        made = Proposed(self.next, edit, words.by_language(), told)
        self.made.append(made)
        self.next += 1
        return made


def _powers(before: Json, after: Json) -> Sequence[Text]:
    """What the agent could do then and cannot now: its owner decides that, never a model."""
    had = {text.en for text in _told(before)}
    return [text for text in _told(after) if text.en not in had]


def _told(data: Json) -> list[Text]:
    if Agent.check(data):
        return []
    agent = Agent.load(data)
    variables = {one.name: one.default for one in agent.variables}
    tools = [addressed(tool, variables) for _, _, tool in granted(agent)]
    found = [
        POWER.fill(power=power.words, use=use_of(tool)) for tool in tools for power in sorted(tool.powers)
    ]
    held = (POWER.fill(power=need.words, use=need.by) for need in needs(agent))
    return [*found, *held]


def addressed(tool: Tool, variables: Mapping[str, str]) -> Tool:
    """With the variables where its settings name them, so that it tells with whom it speaks."""

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return NAMED.sub(lambda found: variables.get(found[1], found[0]), value)
        if isinstance(value, list):
            return [fill(one) for one in value]
        return {name: fill(one) for name, one in value.items()} if isinstance(value, dict) else value

    try:
        return type(tool).model_validate(fill(tool.model_dump(mode="json")))
    except ValidationError:
        return tool
