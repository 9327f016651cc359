"""A conversation that took place, as a test: what was said, what tools gave, and what is to be so again."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from runtime.agents.agent import Agent
from runtime.safety.masking.masking import Masking
from runtime.testing.suite import LONGEST, Case
from runtime.time_zones import zone
from runtime.tools import is_own
from runtime.turn.withheld import as_shown

MOST_LINES = 50
MOST_TOOLS = 100
LONGEST_GIVEN = 8000
"""Characters of what a tool gave: more no model sees."""
LONGEST_SAME = 300
"""Characters of an answer that is to be the same, word for word."""
FACTS = 3
FACT = re.compile(r"\d[\d.,:：/-]*\d|\d{2,}|[A-Z]{1,4}-?\d+")
"""What of an answer may be a fact: a number, a time, a day, the id of an order."""
SAME = {
    "zh": "和这个回答说的是同一件事，没有缺少也没有编造：{text}",
    "en": "It says the same as this answer, leaving nothing out and making nothing up: {text}",
}
HOUR = 3600.0
SHORTLY = 0.1
"""Hours between two lines that do not matter."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Turned:
    """One turn that took place. `says`: what was written, or the line that was played; `at`: 0 where unknown.

    `events` as they are on a page or in a store: JSON.
    """

    says: str
    reply: str
    at: float = 0.0
    events: Sequence[Mapping[str, Any]] = ()
    known: bool = field(default=True)
    """Whether it is known what happened in it."""
    files: Sequence[str] = ()
    """That came with it, by what they are called beside the suite."""
    lacks: Sequence[str] = ()
    """That came with it, and cannot be kept."""


def recorded(
    agent: Agent,
    turns: Sequence[Turned],
    *,
    title: str = "",
    variables: Mapping[str, str] | None = None,
    masking: Masking | None = None,
    among: bool = False,
) -> Json:
    """A case without its id. `masking`: for what is of a real person; without that, `among` the models that
    saw it: whoever judges an answer is the one that gave it."""
    turns = [replace(one, events=as_shown(one.events)) for one in turns]
    turns = [one for one in turns if one.says.strip() or one.files or one.lacks][-MOST_LINES:]
    if masking is not None:
        turns = _masked(turns, masking)
    lines = []
    for before, turn in zip([None, *turns], turns, strict=False):
        line: Json = {"says": turn.says[:LONGEST], "checks": proposed(agent, turn, among=among)}
        line |= {"files": list(turn.files), "lacks": list(turn.lacks)}
        if not turn.says.strip() and not turn.files:
            line["says"] = " ".join(f"📎 {name}" for name in turn.lacks)[:LONGEST]
        hours = (turn.at - before.at) / HOUR if before and before.at and turn.at else 0
        if hours > SHORTLY:
            line["after"] = round(hours, 2)
        lines.append(line)
    named = title or turns[0].says or [*turns[0].files, *turns[0].lacks][0]
    case: Json = {"title": named[:200], "lines": lines, "tools": given(turns)}
    names = {one.name for one in agent.variables}
    case["variables"] = {name: value for name, value in (variables or {}).items() if name in names and value}
    if turns[0].at:
        case["at"] = datetime.fromtimestamp(turns[0].at, zone(agent.timezone)).strftime("%Y-%m-%dT%H:%M:%S")
    checked = Case.model_validate({"id": "recorded", **case}).model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in checked.items() if name != "id"}


def given(turns: Sequence[Turned]) -> list[Json]:
    """What tools gave, each to such a call; what keeps something of ours is done, and not recorded."""
    found: list[Json] = []
    for turn in turns:
        called = {one["call"]: one for one in turn.events if one.get("type") == "tool_called"}
        for event in turn.events:
            if event.get("type") != "tool_returned" or is_own(event["name"]) or event["call"] not in called:
                continue
            result = event.get("result", "")
            gives = _value(result[:LONGEST_GIVEN]) if isinstance(result, str) else result
            one: Json = {"tool": event["name"], "gives": gives}
            if arguments := _plain(called[event["call"]]):
                one["arguments"] = arguments
            if event.get("failed"):
                one["fails"] = True
            found.append(one)
    return found[:MOST_TOOLS]


def proposed(agent: Agent, turn: Turned, *, among: bool = False) -> list[Json]:
    """What was so in that turn, and is to be so again; whoever keeps the test looks through it."""
    checks: list[Json] = []
    types = {one.get("type") for one in turn.events}
    for event in turn.events:
        match event.get("type"):
            case "tool_called" if not is_own(event["name"]):
                checks.append({"type": "calls", "tool": event["name"], "arguments": _plain(event)})
            case "looked_up":
                names = [name for some in event.get("sources", {}).values() for name in some]
                checks += [{"type": "cites", "source": name} for name in names[:1]]
            case "waited":
                checks.append({"type": "waits", "wait": event["wait"]})
            case "failed":
                checks.append({"type": "fails", "code": event.get("code", "")})
    if last := _last_block(agent, turn):
        checks.append({"type": "passes", "block": last})
    if turn.reply.strip() and "failed" not in types:
        checks += _of_answer(agent, turn, asked="model_used" in types, among=among)
    return [one for place, one in enumerate(checks) if one not in checks[:place]]


def _of_answer(agent: Agent, turn: Turned, *, asked: bool, among: bool) -> list[Json]:
    """A flow's own words stay as they are; of a model's the facts, or else what they mean."""
    text = turn.reply.strip()
    if turn.known and not asked and len(text) <= LONGEST_SAME and "](menu:" not in text:
        return [{"type": "contains", "text": text}]
    results = " ".join(
        str(one.get("result", "")) for one in turn.events if one.get("type") == "tool_returned"
    )
    heard = f"{turn.says} {results}"
    facts = [one for one in dict.fromkeys(FACT.findall(text)) if one in heard]
    if facts:
        return [{"type": "contains", "text": one} for one in facts[:FACTS]]
    judged = {"type": "judged", "rubric": SAME[agent.language].format(text=text[: LONGEST - 100])}
    models = [one["model"] for one in turn.events if one.get("type") == "model_used" and one.get("model")]
    return [{**judged, "model": models[-1]} if among and models else judged]


def _last_block(agent: Agent, turn: Turned) -> str:
    """Where the way ended, when there are several ways."""
    began = [
        one["block"] for one in turn.events if one.get("type") == "block_started" and not one.get("within")
    ]
    top = {block.id for block in agent.flow}
    inside = [id for id in began if id not in top]
    return inside[-1] if inside else ""


def _plain(event: Mapping[str, Any]) -> Json:
    """The arguments that are simple: what else there is may be put differently another time."""
    arguments = event.get("arguments") or {}
    return {
        name: value
        for name, value in arguments.items()
        if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 40)
    }


def _value(result: str) -> Any:
    try:
        return json.loads(result)
    except (ValueError, RecursionError):
        return result


def look_through(turns: Sequence[Turned], masking: Masking) -> None:
    """All that is kept of them, before anything of it is replaced."""
    masking.learn([[one.says, one.reply, _events(one)] for one in turns])


def _masked(turns: Sequence[Turned], masking: Masking) -> list[Turned]:
    look_through(turns, masking)
    return [
        replace(
            one,
            says=masking.masked(one.says),
            reply=masking.masked(one.reply),
            events=masking.masked(_events(one)),
        )
        for one in turns
    ]


def _events(turn: Turned) -> list[Json]:
    return [_opened(event) for event in as_shown(turn.events)]


def _opened(event: Mapping[str, Any]) -> Json:
    """A tool's JSON as JSON, so that its fields have names."""
    if event.get("type") == "tool_returned":
        return {**event, "result": _value(str(event.get("result", "")))}
    return dict(event)
