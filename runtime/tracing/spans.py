"""The stored trace of a turn as spans, by OpenTelemetry's conventions for generative AI.

opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans, as of 1.41: `invoke_agent` around the turn,
`chat` for each model round, `execute_tool` for each call. Langfuse reads these, and `session.id`, `user.id`
and `langfuse.trace.name` (langfuse.com/integrations/native/opentelemetry). No text of anybody's is in there,
and who wrote is a mark that only this installation can make: whoever has the traces cannot try out telephone
numbers. The stored trace has how long each step took, not when it began: steps stand behind
each other.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.gateway.job import Job
from runtime.store.messages.messages import Outcome

Value = str | int | float | bool
INTERNAL, CLIENT = 1, 3
"""Kinds of spans (opentelemetry-proto, trace.proto)."""
LONGEST = 200
"""Characters of a name or value."""
MOST = 1000
"""Events of one turn that are looked at."""


@dataclass
class Span:
    """`began` and `ended` in seconds since 1970; `failed`: why, as a code."""

    trace: str
    id: str
    parent: str
    name: str
    kind: int
    began: float
    ended: float
    attributes: dict[str, Value] = field(default_factory=dict)
    failed: str = ""


Mark = Callable[[str], str]
"""What only this installation can make of a text: digits of a keyed hash, see SecretBox."""


def spans(job: Job, outcome: Outcome, ended: float, seconds: float, mark: Mark) -> list[Span]:
    """Of one turn: itself first. `ended` in seconds since 1970."""
    surface, began = job.surface, ended - seconds
    whose = ("trace", surface.id, job.message.sender)
    trace = mark("\0".join((*whose, job.message.id, str(job.seq))))[:32]
    person = mark("\0".join(whose))[:16]
    told: dict[str, Value] = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "hongyan",
        "gen_ai.agent.id": surface.agent.id,
        "gen_ai.agent.name": surface.agent.name[:LONGEST],
        "gen_ai.agent.version": str(outcome.version),
        "gen_ai.conversation.id": person,
        "session.id": person,
        "user.id": person,
        "langfuse.trace.name": surface.agent.id,
        "gen_ai.usage.input_tokens": outcome.prompt_tokens,
        "gen_ai.usage.output_tokens": outcome.completion_tokens,
        "hongyan.channel": surface.kind,
        "hongyan.publication": surface.id,
        "hongyan.message": job.seq,
        "hongyan.handed": outcome.handoff,
    }
    whole = Span(trace, _id(trace, 0), "", "", INTERNAL, began, ended, told, outcome.failure)
    whole.name = f"invoke_agent {surface.agent.id}"
    return [whole, *_steps(whole, outcome.trace)]


def _steps(whole: Span, events: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
    at = whole.began
    for number, event in enumerate(events[:MOST], 1):
        if (made := _step(event)) is None:
            continue
        name, kind, attributes, failed = made
        until = min(whole.ended, at + max(0, int(event.get("ms", 0))) / 1000)
        id = _id(whole.trace, number)
        yield Span(whole.trace, id, whole.id, name[:LONGEST], kind, at, until, attributes, failed)
        at = until


def _step(event: Mapping[str, Any]) -> tuple[str, int, dict[str, Value], str] | None:
    """Name, kind, attributes and failure of what has a span of its own."""
    if event.get("type") == "model_used" and not event.get("cached"):
        return _chat(event)
    if event.get("type") == "tool_returned":
        tool = str(event.get("name", ""))
        attributes: dict[str, Value] = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool[:LONGEST],
            "gen_ai.tool.call.id": str(event.get("call", ""))[:LONGEST],
            "hongyan.block": str(event.get("block", ""))[:LONGEST],
        }
        return f"execute_tool {tool}", INTERNAL, attributes, "tool_failed" if event.get("failed") else ""
    return None


def _chat(event: Mapping[str, Any]) -> tuple[str, int, dict[str, Value], str]:
    model = str(event.get("model", ""))
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": model.partition("/")[0][:LONGEST],
        "gen_ai.request.model": model[:LONGEST],
        "gen_ai.response.model": model[:LONGEST],
        "gen_ai.usage.input_tokens": int(event.get("prompt_tokens", 0)),
        "gen_ai.usage.output_tokens": int(event.get("completion_tokens", 0)),
        "gen_ai.response.time_to_first_chunk": int(event.get("first_token_ms", 0)) / 1000,
        "hongyan.block": str(event.get("block", ""))[:LONGEST],
        "hongyan.finish": str(event.get("finish", "")),
    }
    if isinstance(cost := event.get("cost"), int | float):
        attributes["gen_ai.usage.cost"] = float(cost)  # US dollars; Langfuse reads it
    if failed := event.get("failed"):
        attributes["hongyan.fallbacks"] = len(failed)
    return f"chat {model}", CLIENT, attributes, ""


def _id(trace: str, number: int) -> str:
    """Of a span within its trace."""
    return hashlib.sha256(f"{trace}\0{number}".encode()).hexdigest()[:16]
