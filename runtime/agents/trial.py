"""Templates tried out with made-up values of the right kind: what fails with all of them always fails."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.agents.agent import IN_STARTS, PERSON, Agent
from runtime.agents.scope import Place, seen_at
from runtime.agents.sources import Source
from runtime.blocks import Block, results
from runtime.errors import BadTemplate
from runtime.lang import Text
from runtime.person import Person
from runtime.templating.prompts import Prompts
from runtime.templating.sandbox import Listed
from runtime.templating.sandbox.reading import uses
from runtime.tools import SECRET
from runtime.turn.personal import seen

WRITTEN = ("1", "你好", "a-1 b,2:c/3")
"""What people may write: a number, words, something with the usual separators."""

FIRST = Text(
    "一个人的第一条消息会在这里出错：{why}（之前还没有对话，可以先判断 conversation 是否为空）",
    "Fails for a person's first message: {why} (there is no conversation yet; ask whether it is empty)",
)


def tried(agent: Agent, source: Source, place: Place, prompts: Prompts) -> tuple[bool, Text] | None:
    """What goes wrong, and whether it does whatever is written; None when it works or cannot be tried."""
    samples: dict[str, Any] = {block.id: _sampled(block) for block in seen_at(place)}
    samples |= dict.fromkeys(place.given)
    asked = {use.name for use in uses(source.text, is_condition=source.is_condition)}
    if agent.starts and IN_STARTS in asked:
        return None
    # What a model, the owner's secrets or another server gives cannot be made up.
    if asked & {*source.given, SECRET} or any(samples.get(name, {}) is None for name in asked):
        return None
    first: list[BadTemplate | None] = []
    later: list[BadTemplate | None] = []
    for history, outcomes in (([], first), ([{"text": "1", "reply": "1"}], later)):
        for values in _worlds(agent, history):
            outcomes.append(_failure(source, {**values, **samples}, prompts))
    failed = [error for error in first + later if error]
    if len(failed) == len(first + later):
        return not all(error.depends for error in failed), failed[0].text
    if all(first) and not any(later) and first[0]:
        return False, FIRST.fill(why=first[0].text.bare())
    return None


def _sampled(block: Block) -> dict[str, Any] | None:
    """With what says why it did not work, where there is a way for that."""
    sample = block.sample()
    return sample if sample is None else {**dict.fromkeys(results(block), ""), **sample}


def _worlds(agent: Agent, history: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    fixed: dict[str, Any] = {
        **{variable.name: variable.default for variable in agent.variables},
        "now": "2026-01-01 09:00 Thursday",
        "agent": {"id": agent.id, "name": agent.name},
    }
    if PERSON not in fixed:
        fixed[PERSON] = Person("1", values=seen(agent.person, {})).view()
    last = history[-1]["reply"] if history else ""
    for text in WRITTEN:
        message = {"text": text, "kind": "text", "id": "1", "last_reply": last, "files": []}
        yield {**fixed, "conversation": Listed(history, files=[]), "message": message}


def _failure(source: Source, values: Mapping[str, Any], prompts: Prompts) -> BadTemplate | None:
    try:
        if source.is_condition:
            prompts.evaluate(source.text, values)
        else:
            prompts.render(source.text, values)
    except BadTemplate as e:
        return e
    return None
