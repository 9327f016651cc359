"""The tools of whoever builds by description. They are lent for a turn: no agent's file can name them.

All that they can do is to propose and to ask. What is proposed its owner decides; powers, secrets and
publishing come with the owner's click and with nothing else.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field

from runtime.describing import shown
from runtime.describing.room import Room
from runtime.errors import BadAgent, NotFound, ToolFailed
from runtime.lang import Text, as_it_is, joined, listed
from runtime.schema import About, Strict
from runtime.tools import Env, Tool, checked, schema_of

AT_ONCE = 20
"""Edits or tests in one call."""
NO_SUCH = Text("没有「{name}」，有：{there}", "there is no {name!r}; there are: {there}")
REFUSED = Text("第 {number} 处没有采用，{field}：{why}", "edit {number} was refused, {field}: {why}")
STOPPED = Text("后面的没有再试。", "Those behind it were not tried.")
BEFORE = Text("前面 {count} 处已采用。", "The {count} before it were taken.")
NO_TESTS = Text("还没有测试，先写几个。", "There are no tests yet; write some first.")
ERRORS_LEFT = Text("还有错误要先改：{errors}", "These errors are to be mended first: {errors}")
Short = Annotated[str, Field(max_length=300)]


class Lent(Tool):
    """One of them. `known_as`: as the model knows it; `Arguments`: what it gives."""

    known_as: ClassVar[str]
    Arguments: ClassVar[type[BaseModel]]
    about: ClassVar[About] = About(Text("编排", "Compose"), Text("提出改动", "Proposes changes"), "spark")

    _room: Room

    @classmethod
    def by(cls, room: Room) -> "Lent":
        """For as long as that is described."""
        made = cls(type=cls.known_as)
        made._room = room
        return made

    @property
    def repeatable(self) -> bool:
        return True  # nothing but the proposals of this conversation

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(self.Arguments)


class Nothing(Strict):
    pass


class LookArguments(Strict):
    block: Annotated[str, Field(max_length=64, description="Only this block, by its id.")] = ""


class LookAtAgent(Lent):
    """The agent as it would be with all that you proposed, as JSON."""

    known_as: ClassVar[str] = "look_at_agent"
    Arguments: ClassVar[type[BaseModel]] = LookArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(LookArguments, arguments)
        found = shown.whole(self._room.proposals.now, given.block)
        if found is None:
            there = listed(shown.ids(self._room.proposals.now))
            raise ToolFailed(NO_SUCH.fill(name=given.block, there=there))
        return found


class ThereArguments(Strict):
    what: Literal["blocks", "tools", "checks", "starts", "starters", "bases", "models", "secrets"]
    name: Annotated[str, Field(max_length=64, description="All settings of this one.")] = ""


class WhatThereIs(Lent):
    """Which blocks, tools, checks for tests, beginnings, starters, knowledge bases, models or secrets there
    are; with a name, the settings of that block, tool, check or beginning."""

    known_as: ClassVar[str] = "what_there_is"
    Arguments: ClassVar[type[BaseModel]] = ThereArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(ThereArguments, arguments)
        found = shown.detail(given.what, given.name, self._room.ground, self._room.lang)
        if found is None:
            there = listed(shown.REGISTRIES[given.what]())
            raise ToolFailed(NO_SUCH.fill(name=given.name, there=there))
        return found


class EditArguments(Strict):
    edits: Annotated[
        list[dict[str, Any]],
        Field(min_length=1, max_length=AT_ONCE, description="In order; each with `op` and what that takes."),
    ]


class EditAgent(Lent):
    """Propose changes of the agent. Each is checked; the first that would break it is told with its field, so
    that you mend it and go on."""

    known_as: ClassVar[str] = "edit_agent"
    Arguments: ClassVar[type[BaseModel]] = EditArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        edits = checked(EditArguments, arguments).edits
        taken: list[int] = []
        for number, edit in enumerate(edits, 1):
            try:
                taken.append((await self._room.proposing(edit)).number)
            except BadAgent as e:
                self._room.refused += 1
                why = REFUSED.fill(number=number, field=e.field or "edit", why=e.text)
                more = [STOPPED] if number < len(edits) else []
                done = [BEFORE.fill(count=len(taken))] if taken else []
                raise ToolFailed(joined([why, *done, *more], as_it_is(" "))) from None
        return {"taken": len(taken), "agent": shown.outline(self._room.proposals.now)}


class StarterArguments(Strict):
    id: Annotated[str, Field(max_length=64)]


class BeginWith(Lent):
    """Propose that the agent becomes a copy of a starter, by its id; change it from there."""

    known_as: ClassVar[str] = "begin_with"
    Arguments: ClassVar[type[BaseModel]] = StarterArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        id = checked(StarterArguments, arguments).id
        library, lang = self._room.ground.library, self._room.lang
        try:
            starter = library.starter(id, lang)
        except NotFound:
            self._room.refused += 1
            there = listed(one.id for one in library.starters(lang))
            raise ToolFailed(NO_SUCH.fill(name=id, there=there)) from None
        try:
            await self._room.proposing({"op": "become", "agent": starter.to_json()})
        except BadAgent as e:
            self._room.refused += 1
            raise ToolFailed(e.text) from None
        return shown.whole(self._room.proposals.now)


class AskArguments(Strict):
    question: Annotated[str, Field(min_length=1, max_length=500)]
    choices: Annotated[tuple[Short, ...], Field(max_length=6, description="Likely answers, to tap.")] = ()


class AskOwner(Lent):
    """Ask the owner something that you cannot know and need. Ends your turn: say nothing more after it."""

    known_as: ClassVar[str] = "ask_owner"
    Arguments: ClassVar[type[BaseModel]] = AskArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(AskArguments, arguments)
        self._room.asked = {"question": given.question, "choices": list(given.choices)}
        return "Asked. The answer comes as the next message: end your turn with one short sentence."


class CheckAgent(Lent):
    """What is still wrong with the agent as it would be: errors stop publishing, warnings do not."""

    known_as: ClassVar[str] = "check_agent"
    Arguments: ClassVar[type[BaseModel]] = Nothing

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        found = await asyncio.to_thread(self._room.proposals.problems)
        told = [{"field": one.field, "says": one.text.to(self._room.lang)} for one in found]
        return told or "Nothing is wrong."


class TestArguments(Strict):
    cases: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            max_length=AT_ONCE,
            description="{id, title, tools?: [{tool, gives}], lines: [{says, checks: [{type, …}]}]}",
        ),
    ]


class WriteTests(Lent):
    """Propose tests: conversations, and what is true of each answer. Say what tools give: none is called."""

    known_as: ClassVar[str] = "write_tests"
    Arguments: ClassVar[type[BaseModel]] = TestArguments

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        cases = checked(TestArguments, arguments).cases
        for number, case in enumerate(cases, 1):
            try:
                self._room.propose_test(case)
            except BadAgent as e:
                self._room.refused += 1
                raise ToolFailed(REFUSED.fill(number=number, field=e.field, why=e.text)) from None
        return {"tests": [case.id for case in self._room.proposals.cases()]}


class RunTests(Lent):
    """Run the tests against the agent as it would be; no tool that reaches outside is called."""

    known_as: ClassVar[str] = "run_tests"
    Arguments: ClassVar[type[BaseModel]] = Nothing

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        if not self._room.proposals.cases():
            raise ToolFailed(NO_TESTS)
        ran = await self._room.run_tests()
        return told(ran)


class ProposeToPublish(Lent):
    """Offer the owner to go on to the publish page, when they asked for it. Publishing itself is theirs."""

    known_as: ClassVar[str] = "propose_to_publish"
    Arguments: ClassVar[type[BaseModel]] = Nothing

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        errors = self._room.errors()
        if errors:
            raise ToolFailed(ERRORS_LEFT.fill(errors=joined(errors, Text("；", "; "))))
        self._room.publish = True
        return "Offered: the owner sees a button that leads to the publish page."


def told(ran: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How tests ended, with what was expected and what came instead where that differs."""
    return [{"test": one["case"], "ok": one["ok"], **({} if one["ok"] else _why(one))} for one in ran]


def _why(ran: Mapping[str, Any]) -> dict[str, Any]:
    missed = [
        {"line": one["line"], "expected": one["check"] or "an answer", "came": one["says"]}
        for one in ran["missed"]
    ]
    return {"missed": missed, "answers": ran["answers"]}


KINDS: Sequence[type[Lent]] = (
    LookAtAgent,
    WhatThereIs,
    EditAgent,
    BeginWith,
    AskOwner,
    CheckAgent,
    WriteTests,
    RunTests,
    ProposeToPublish,
)


def tools_for(room: Room) -> Sequence[Lent]:
    return [kind.by(room) for kind in KINDS]
