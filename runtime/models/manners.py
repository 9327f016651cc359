"""What servers were found to take, by asking them: learnt from a refusal, and remembered for a while.

Nobody documents it, and it differs by model behind one address: temperatures, names of a limit, tools,
streaming, the length of a question. Who refuses one of these is asked once more without it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.errors import ModelFailed
from runtime.models.completion import Request, Thoughts
from runtime.models.context_window import fitted, known_window, recent, size
from runtime.models.failures import ProviderFailed
from runtime.models.providers import PROVIDERS
from runtime.models.questions import prepared
from runtime.models.targets import Target
from runtime.newest import Newest

REMEMBERED = 6 * 3600.0
"""Seconds; then everything is tried again: servers get better."""
MOST = 500
"""Models whose manners are remembered."""
LESSONS = 8
"""Of one question; each refusal is quick and free."""
ENOUGH = 160
"""Characters that wait before they are shown where thoughts may come without a tag."""


@dataclass(frozen=True)
class Manner:
    """`without`: names of what is not sent. `streams`: True when it only streams, False when it cannot.

    `window`: tokens, as we count them, that a question may have.
    """

    without: frozenset[str] = frozenset()
    streams: bool | None = None
    window: int | None = None
    thoughts: Thoughts = "unknown"

    def hold(self, target: Target) -> int | None:
        """Characters of a streamed answer that wait until it is clear that they are no thoughts."""
        if self.thoughts == "apart" or not _is_own(target):
            return 0
        return ENOUGH if self.thoughts == "marked" else None


def as_taken(request: Request, target: Target, manner: Manner) -> Request:
    """The request as this server takes it, as far as is known."""
    effort = request.effort or target.usual_effort
    asked = replace(request, without=request.without | manner.without, effort=effort, switch=target.switch)
    messages: Sequence[Mapping[str, Any]] = prepared(asked, target.name)
    window = manner.window
    if window is None and (named := request.window or known_window(target.model)):
        window = named - (request.max_tokens or named // 8)
    tools = () if "tools" in asked.without else request.tools
    fit = recent(messages) if window is None else fitted(messages, window - size(tools))
    return replace(asked, messages=fit.messages, tools=tools, left_out=fit.left_out, cut=fit.cut)


class Manners:
    """By server and model."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known = Newest[tuple[str, str], tuple[Manner, float]](MOST)

    def of(self, target: Target) -> Manner:
        manner, until = self._known.get((target.api_base, target.model), (Manner(), 0.0))
        return manner if until > self._clock() else Manner()

    def keep(self, target: Target, manner: Manner) -> None:
        self._known[target.api_base, target.model] = manner, self._clock() + REMEMBERED


def _is_own(target: Target) -> bool:
    """A server at an address that was typed in; the providers' own tell thoughts from text."""
    return bool(target.api_base) and target.api_base not in OFFICIAL


OFFICIAL = frozenset(p.api_base for p in PROVIDERS.values() if p.needs_key and p.api_base)

SETTLED = ("auth", "quota", "rate_limit", "policy", "connection", "timeout", "region")
"""Failures that say nothing about what was sent."""
NOT_TAKEN = (
    r"unsupport|not (be )?(support|allow|permit|accept|enabl)|n't support|unrecogni|unknown|unexpected|extra"
    r"|invalid|no endpoints|disabled"
)
LENGTH = re.compile(r"max_?(completion_|new_|output_)?tokens", re.IGNORECASE)
TOOLS = re.compile(
    rf"(\btools?\b|function.?call|tool.?choice|tool.?use).{{0,80}}({NOT_TAKEN}|requires)|({NOT_TAKEN}).{{0,80}}"
    r"(\btools?\b|functions?\b|function.?call)",
    re.IGNORECASE | re.DOTALL,
)
STREAMS_ONLY = re.compile(
    r"(only|must|requires?|need|enable|please|set).{0,40}\bstream|non-?.?stream"
    r"|stream\w{0,12}.{0,30}(required|must be|only|=\s?true)",
    re.IGNORECASE | re.DOTALL,
)
NO_STREAMS = re.compile(
    rf"\bstream(ing)?\b.{{0,60}}({NOT_TAKEN})|({NOT_TAKEN}).{{0,40}}\bstream|to stream this model",
    re.IGNORECASE,
)
PICTURES = re.compile(r"image|picture|vision|multi.?modal|图片|图像", re.IGNORECASE)
THOUGHTS = re.compile(
    rf"(reasoning\w*|thinking\w*)\W.{{0,80}}({NOT_TAKEN})|({NOT_TAKEN}).{{0,80}}reasoning",
    re.IGNORECASE | re.DOTALL,
)
EFFORT = re.compile(
    rf"effort|\bthink(ing)?\b.{{0,60}}({NOT_TAKEN})|({NOT_TAKEN}).{{0,60}}\bthink(ing)?\b"
    r"|expected .{0,3}thinking.{0,40}found",
    re.IGNORECASE,
)
CHOICE = re.compile(
    rf"tool.?choice.{{0,80}}({NOT_TAKEN}|incompatible|cannot|only)"
    rf"|({NOT_TAKEN}|incompatible|cannot|only).{{0,80}}tool.?choice",
    re.IGNORECASE,
)
BESIDE_TOOLS = re.compile(
    r"\btools?\b with reasoning.?effort|reasoning.?effort to \W{0,2}none", re.IGNORECASE
)
"""OpenAI's models since GPT-5.4 think beside tools only in another protocol:
https://github.com/openai/openai-openapi/issues/541"""
NOT_ALL_TOOLS = re.compile(
    rf"tool_call_id|{BESIDE_TOOLS.pattern}|tools?\W{{0,3}}[\[.]\s?\d|function_declarations"
    r"|schema for (function|tool)|invalid schema|function\.(name|parameters|description)|input_schema",
    re.IGNORECASE,
)
"""A tool is written wrongly, and its owner is told: a model without its tools would make things up."""
LONG_IDS = re.compile(r"tool.?call.?id.{0,80}length of 9", re.IGNORECASE)
THOUGHTLESS = re.compile(
    r"reasoning_content.{0,80}(missing|must be (passed|provided|included|sent)|required)"
    r"|missing.{0,30}reasoning_content",
    re.IGNORECASE,
)
SEED = re.compile(rf"\bseed\b.{{0,60}}({NOT_TAKEN})|({NOT_TAKEN}).{{0,60}}\bseed\b", re.IGNORECASE)
STOP = re.compile(
    rf"\bstop\b.{{0,60}}({NOT_TAKEN}|too many|at most)|({NOT_TAKEN}).{{0,60}}\bstop\b", re.IGNORECASE
)
FORM = re.compile(r"response_?format|json_?schema|json_?object|json mode|structured output", re.IGNORECASE)
SIGNATURE = re.compile(
    r"(invalid|bad|corrupted).{0,20}signature|signature.{0,40}(invalid|not valid|corrupted|mismatch|expired)"
    r"|encrypted.?content.{0,60}(could not|cannot|invalid|not)",
    re.IGNORECASE,
)
"""Of thoughts that another account, or another server behind the same name, had signed."""
WANTED_BACK = re.compile(r"missing|must be (passed|provided|included)|required", re.IGNORECASE)
EMPTY = re.compile(r"empty|blank|non-empty|no content|null", re.IGNORECASE)

LIMIT = re.compile(
    r"(?:maximum context length (?:is|of)|available context size|context (?:length|window|size|limit)\D{0,30}"
    r"|\[1, ?|> |token limit: ?|n_ctx\D{1,5}|max_seq_len\W{1,3}|(?:less|fewer) than |<= ?|model length of "
    r"|tokens allowed|model with )\D{0,3}(\d{3,9})",
    re.IGNORECASE,
)
USED = re.compile(
    r"(?:resulted in|you requested|prompt contains|request has|n_prompt_tokens\D{1,5}|given: ?"
    r"|too long: ?|token count|prompt_tokens|prompt \(length)\D{0,3}(\d{3,9})",
    re.IGNORECASE,
)


def lesson(failed: ModelFailed, asked: Request, streams: bool, manner: Manner) -> Manner | None:
    """How to ask this server once more, if what it refused can be left out. `asked`: as it was sent."""
    if not isinstance(failed, ProviderFailed) or failed.code in SETTLED:
        return None
    said = failed.said[:20_000]
    if refused := _refused(said, asked, streams, manner):
        return replace(manner, without=manner.without | refused)
    if failed.code == "context":
        return _shorter(said, asked, manner)
    if manner.streams is None and not streams and STREAMS_ONLY.search(said):
        return replace(manner, streams=True)
    if manner.streams is None and streams and NO_STREAMS.search(said):
        return replace(manner, streams=False)
    return None


def _refused(said: str, asked: Request, streams: bool, manner: Manner) -> set[str]:
    new = {name for name in _named(said, asked, streams) if name not in manner.without}
    # The newer name of the same limit is tried before it is left out.
    if "max_tokens" in new and "max_completion_tokens" not in said:
        new.add("max_completion_tokens")
    return new


def _named(said: str, asked: Request, streams: bool) -> set[str]:
    """What the refusal names, of what was sent."""
    alone: tuple[tuple[str, bool, re.Pattern[str]], ...] = (
        ("thoughts_beside_tools", bool(asked.tools), BESIDE_TOOLS),
        ("choice", bool(asked.choice), CHOICE),
        ("effort", bool(asked.effort), EFFORT),
        ("seed", asked.seed is not None, SEED),
    )
    for name, is_sent, pattern in alone:
        if is_sent and name not in asked.without and pattern.search(said):
            return {name}
    found = _of_the_answer(said, asked)
    if streams and re.search(r"stream_options|include_usage", said):
        return {"stream_options"}
    if asked.temperature is not None and re.search(r"temperature", said, re.IGNORECASE):
        found.add("temperature")
    if asked.max_tokens is not None and LENGTH.search(said):
        found |= {"max_tokens"} if "max_tokens" not in asked.without else {"max_completion_tokens"}
    if asked.tools and TOOLS.search(said) and not NOT_ALL_TOOLS.search(said):
        found.add("tools")
    if _pictures(asked) and PICTURES.search(said):
        found.add("pictures")
    if SIGNATURE.search(said) or (THOUGHTS.search(said) and not WANTED_BACK.search(said)):
        found.add("reasoning")
    return found | _of_earlier_calls(said, asked)


def _of_earlier_calls(said: str, asked: Request) -> set[str]:
    """Of rounds in which tools were called."""
    found = set()
    if "content" in said and EMPTY.search(said) and _empty_beside_calls(asked):
        found.add("empty_content")
    if LONG_IDS.search(said):
        found.add("long_ids")
    if THOUGHTLESS.search(said):
        found.add("thoughtless_calls")
    return found


def _of_the_answer(said: str, asked: Request) -> set[str]:
    """Of what was wanted of the answer's form."""
    found = {"stop"} if asked.stop and STOP.search(said) else set()
    if asked.schema is not None and FORM.search(said):
        found.add("json_schema" if "json_schema" not in asked.without else "json_object")
    return found


def _shorter(said: str, asked: Request, manner: Manner) -> Manner | None:
    """A window that this question does not fill, from the numbers in the refusal if there are any."""
    now = size(asked.messages) + size(asked.tools)
    limit, used = LIMIT.search(said), USED.search(said)
    room = now * 0.6
    if limit:
        ours = now / int(used[1]) if used else 1.0
        room = int(limit[1]) * ours * 0.9
    window = int(min(room, now * 0.9))
    shorter = fitted(asked.messages, window - size(asked.tools)).messages
    if size(shorter) >= size(asked.messages):
        return None
    return replace(manner, window=window)


def _pictures(asked: Request) -> bool:
    return any(
        isinstance(part, Mapping) and part.get("type") != "text"
        for message in asked.messages
        for part in _parts(message)
    )


def _parts(message: Mapping[str, Any]) -> list[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _empty_beside_calls(asked: Request) -> bool:
    return any(message.get("tool_calls") and not message.get("content") for message in asked.messages)
