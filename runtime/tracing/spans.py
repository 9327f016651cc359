"""The stored trace of a turn as spans, by OpenTelemetry's conventions for generative AI.

github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai, as of 0.1.0: `invoke_agent` around the
turn, `chat` for each model round, `execute_tool` for each call. Names are those of the package
opentelemetry-semantic-conventions 0.66b2 (gen_ai_attributes), but for ours (`hongyan.`), Langfuse's, and
`gen_ai.usage.cost`, which is no convention.

How Langfuse reads them: langfuse.com/integrations/native/opentelemetry, and of github.com/langfuse/langfuse
packages/shared/src/server/otel at 62751446 (August 2026). It groups by what each span says of session and
person, tells agent, generation and tool by the operation, and adds up the tokens of all spans: so `chat`
alone has them.

No text of anybody's is in there, and who wrote is a mark that only this installation can make: whoever has
the traces cannot try out telephone numbers. The stored trace has how long each step took, not when it began:
steps stand behind each other.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from runtime.gateway.job import Job
from runtime.store.messages.messages import Outcome
from runtime.version import VERSION

Value = str | int | float | bool | Sequence[str]
Told = dict[str, Value]
INTERNAL, CLIENT = 1, 3
"""Kinds of spans (opentelemetry-proto, trace.proto)."""
LONGEST = 200
"""Characters of a name or value."""
MOST = 1000
"""Events of one turn that are looked at."""
PROVIDERS = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "moonshot": "moonshot_ai",
    "vertex_ai": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
"""Whom the conventions call otherwise than we and litellm do."""


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
    attributes: Told = field(default_factory=dict)
    failed: str = ""


Mark = Callable[[str], str]
"""What only this installation can make of a text: digits of a keyed hash, see SecretBox."""


def spans(
    job: Job,
    outcome: Outcome,
    ended: float,
    seconds: float,
    mark: Mark,
    providers: Mapping[str, str] | None = None,
) -> list[Span]:
    """Of one turn: itself first. `ended` in seconds since 1970; `providers`: by the endpoints' names."""
    surface, began = job.surface, ended - seconds
    whose = ("trace", surface.id, job.message.sender)
    trace = mark("\0".join((*whose, job.message.id, str(job.seq))))[:32]
    person = mark("\0".join(whose))[:16]
    all_have: Told = {
        "gen_ai.conversation.id": person,
        "session.id": person,
        "user.id": person,
        "langfuse.trace.name": surface.agent.id,
        "langfuse.version": str(outcome.version),
        "langfuse.release": VERSION,
    }
    told: Told = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "hongyan",
        "gen_ai.agent.name": surface.agent.name[:LONGEST],
        "gen_ai.agent.version": str(outcome.version),
        "langfuse.trace.tags": [surface.kind],
        "hongyan.agent": surface.agent.id,
        "hongyan.channel": surface.kind,
        "hongyan.publication": surface.id,
        "hongyan.message": job.seq,
        "hongyan.handed": outcome.handoff,
        "hongyan.input_tokens": outcome.prompt_tokens,
        "hongyan.output_tokens": outcome.completion_tokens,
    }
    name = f"invoke_agent {surface.agent.name}"[:LONGEST]
    own = (INTERNAL, began, ended, told | all_have, outcome.failure)
    whole = Span(trace, _id(trace, 0), "", name, *own)
    return [whole, *_steps(whole, outcome.trace, all_have, providers or {})]


def _steps(
    whole: Span, events: Sequence[Mapping[str, Any]], all_have: Told, providers: Mapping[str, str]
) -> Iterator[Span]:
    at = whole.began
    for number, event in enumerate(events[:MOST], 1):
        until = min(whole.ended, at + max(0, int(event.get("ms", 0))) / 1000)
        if (made := _step(event, at, providers)) is None:
            continue
        name, kind, attributes, failed = made
        id = _id(whole.trace, number)
        own = (kind, at, until, attributes | all_have, failed)
        yield Span(whole.trace, id, whole.id, name[:LONGEST], *own)
        at = until


def _step(
    event: Mapping[str, Any], at: float, providers: Mapping[str, str]
) -> tuple[str, int, Told, str] | None:
    """Name, kind, attributes and failure of what has a span of its own."""
    if event.get("type") == "model_used" and not event.get("cached"):
        return _chat(event, at, providers)
    if event.get("type") == "tool_returned":
        tool = str(event.get("name", ""))
        attributes: Told = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool[:LONGEST],
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": str(event.get("call", ""))[:LONGEST],
            "hongyan.block": str(event.get("block", ""))[:LONGEST],
        }
        return f"execute_tool {tool}", INTERNAL, attributes, "tool_failed" if event.get("failed") else ""
    return None


def _chat(event: Mapping[str, Any], at: float, providers: Mapping[str, str]) -> tuple[str, int, Told, str]:
    ours = str(event.get("model", ""))
    endpoint, _, model = ours.partition("/") if "/" in ours else ("", "", ours)
    provider = providers.get(endpoint, endpoint)
    attributes: Told = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": PROVIDERS.get(provider, provider)[:LONGEST],
        "gen_ai.request.model": model[:LONGEST],
        "gen_ai.response.model": model[:LONGEST],
        "gen_ai.usage.input_tokens": int(event.get("prompt_tokens", 0)),
        "gen_ai.usage.output_tokens": int(event.get("completion_tokens", 0)),
        "gen_ai.response.finish_reasons": [str(event.get("finish", ""))[:LONGEST]],
        "hongyan.model": ours[:LONGEST],
        "hongyan.block": str(event.get("block", ""))[:LONGEST],
    }
    for name, kind in (("cache_read.input", "cached_tokens"), ("reasoning.output", "reasoning_tokens")):
        if tokens := int(event.get(kind, 0)):
            attributes[f"gen_ai.usage.{name}_tokens"] = tokens
    if first := int(event.get("first_token_ms", 0)) / 1000:
        attributes["gen_ai.response.time_to_first_chunk"] = first
        at_first = datetime.fromtimestamp(at + first, UTC).isoformat(timespec="milliseconds")
        attributes["langfuse.observation.completion_start_time"] = at_first
    if isinstance(cost := event.get("cost"), int | float):
        attributes["gen_ai.usage.cost"] = float(cost)  # US dollars
    if failed := event.get("failed"):
        attributes["hongyan.fallbacks"] = len(failed)
    return f"chat {model}", CLIENT, attributes, ""


def _id(trace: str, number: int) -> str:
    """Of a span within its trace."""
    return hashlib.sha256(f"{trace}\0{number}".encode()).hexdigest()[:16]
