"""Whether an edit is taken: what it would break is told, with the place, and the agent stays as it was."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.edits.one_edit import Edit
from runtime.agents.edits.shape import Json
from runtime.agents.pasted_keys import keys
from runtime.agents.strict_json import to_bytes
from runtime.errors import BadAgent
from runtime.lang import Text
from runtime.schema import Problem
from runtime.wellformed import in_list

LARGEST = 500_000
"""Bytes of an agent that is made so."""
NOTHING = Text("这样改等于没改", "this changes nothing")
TOO_LARGE = Text("智能体太大了，请写短些", "the agent gets too large; make it shorter")

Judge = Callable[[Agent], Iterable[Finding]]
"""What is to be corrected in an agent that is one: see runtime.agents.check."""


def take(data: Json, edit: Edit, judge: Judge) -> Json:
    """The agent after the edit. Raises BadAgent: what is wrong then and was not before, with its field."""
    after = edit.on(data)
    if not Agent.check(after):
        after = Agent.load(after).to_json()
    if after == data:
        raise BadAgent(NOTHING)
    if len(to_bytes(after)) > LARGEST:
        raise BadAgent(TOO_LARGE)
    for problem in new_problems(data, after, judge):
        raise BadAgent(problem.clause(), field=problem.field)
    return after


def new_problems(before: Json, after: Json, judge: Judge) -> Iterator[Problem]:
    """What is wrong after it and was not before, wherever its block stands by now."""
    had = {_place(before, one) for one in _wrong(before, judge)}
    yield from (one for one in _wrong(after, judge) if _place(after, one) not in had)


def _wrong(data: Json, judge: Judge) -> Iterator[Problem]:
    if wrong := Agent.check(data):
        yield from wrong
    else:
        found = judge(Agent.load(data))
        yield from (Problem(one.field, one.text) for one in found if one.level == "error")
    yield from (Problem(field, text) for field, text in keys(data))


def _place(data: Json, problem: Problem) -> tuple[str, str, str]:
    """The id of the block that it is in, the field in that, and what is wrong there."""
    here: Any = data
    id, rest = "", list[str]()
    for part in problem.field.split("."):
        if isinstance(here, list):
            at = in_list(part)
            here = here[at] if at is not None and at < len(here) else None
        else:
            here = here.get(part) if isinstance(here, dict) else None
        rest.append(part)
        if isinstance(here, dict) and isinstance(here.get("id"), str):
            id, rest = here["id"], []
    return id, ".".join(rest), problem.text.en
