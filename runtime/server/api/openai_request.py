"""What a client of OpenAI's chat API sends, and what of it an agent can honour.

Nothing that changes the answer is taken silently: what an agent cannot do is refused by its name.
https://platform.openai.com/docs/api-reference/chat/create
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from runtime.errors import Invalid, Wrong
from runtime.lang import Text
from runtime.message import Wishes
from runtime.schema import first_problem
from runtime.server.api.openai_messages import (
    MAX_QUESTION,
    ChatMessage,
    Conversation,
    conversation_of,
)
from runtime.server.api.openai_tools import Typed, form_of, tools_of, with_tools

USER = re.compile(r"[\w.:@-]{1,128}")
"""An id that counts; whatever else stands there does no harm."""
HARMLESS = (
    *("safety_identifier", "metadata", "store", "service_tier", "verbosity"),
    *("prompt_cache_key", "prompt_cache_retention"),
)
"""Fields that do not change what an agent says."""
NEUTRAL: Mapping[str, Sequence[Any]] = {
    "n": (1,),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "top_p": (1,),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "logit_bias": ({},),
    "modalities": (["text"],),
    "prediction": (),
    "audio": (),
    "web_search_options": (),
}
"""Fields whose other values an agent cannot honour."""
CANNOT = Text(
    "智能体不支持参数「{name}」的这个值，请去掉它：怎么采样由智能体自己决定。",
    "An agent does not support this value of {name!r}; leave it out. Its sampling is its own.",
)
UNKNOWN = Text("不认识参数「{name}」，请去掉它。", "There is no parameter {name!r}; leave it out.")
LONG_SYSTEM = Text(
    "系统消息一共最多 {max_question} 个字符。",
    "System messages have at most {max_question} characters in all.",
).fill(max_question=MAX_QUESTION)
MOST_STOPS = 4
"""As OpenAI has it."""
STOPS = Text(
    "应为文字，或最多 {most_stops} 个文字的列表", "should be text, or a list of at most {most_stops} texts"
).fill(most_stops=MOST_STOPS)
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
MOST_EFFORT = "high"
"""Of an owner's choices; what would be more is that."""


class StreamOptions(Typed):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatCompletionRequest(Typed):
    """The fields that mean something to an agent."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    reasoning_effort: Effort | None = None
    stop: str | list[str] | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    response_format: dict[str, Any] | None = None
    user: Any = None

    @field_validator("stop", mode="before")
    @classmethod
    def _few_stops(cls, given: Any) -> Any:
        stops = given if isinstance(given, list) else [given or ""]
        if len(stops) > MOST_STOPS or not all(isinstance(stop, str) for stop in stops):
            raise Wrong(STOPS)
        return given

    def stops(self) -> list[str]:
        return [stop for stop in ([self.stop] if isinstance(self.stop, str) else self.stop or []) if stop]

    def who(self) -> dict[str, str]:
        """Who asks, as the calling program knows them; nobody where it says something else there."""
        return who_of(self.user)


def who_of(user: Any) -> dict[str, str]:
    known = isinstance(user, str) and USER.fullmatch(user)
    return {"id": user} if known else {}


def parse(data: Mapping[str, Any]) -> ChatCompletionRequest:
    """Raises Invalid with the first thing that is wrong, or that an agent cannot do."""
    check_fields(data, ChatCompletionRequest.model_fields, HARMLESS, NEUTRAL)
    try:
        return ChatCompletionRequest.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field) from None


def check_fields(
    data: Mapping[str, Any],
    known: Mapping[str, Any],
    harmless: Sequence[str],
    neutral: Mapping[str, Sequence[Any]],
) -> None:
    """Raises Invalid for a name that means nothing here, and for a value that cannot be honoured."""
    for name, value in data.items():
        if value is None or name in harmless or name in known:
            continue
        if name not in neutral:
            raise Invalid(UNKNOWN.fill(name=name[:64]), field=name[:64], code="unknown_parameter")
        if value not in neutral[name]:
            raise Invalid(CANNOT.fill(name=name), field=name, code="unsupported_value")


def question(asked: ChatCompletionRequest) -> tuple[Conversation, Wishes]:
    """What is asked, and how the answer is wanted. Raises Invalid."""
    said = conversation_of(asked.messages)
    wishes = wishes_of(said.instructions, asked.max_completion_tokens or asked.max_tokens, asked.temperature)
    if asked.seed is not None:
        wishes["seed"] = asked.seed
    if asked.reasoning_effort:
        wishes["effort"] = effort_of(asked.reasoning_effort)
    form = form_of(asked.response_format) if asked.response_format else None
    if form is not None:
        wishes["form"] = form
    tools = tools_of(asked.tools or ())
    with_tools(wishes, tools, asked.tool_choice, parallel=asked.parallel_tool_calls)
    if said.results:
        wishes["results"], wishes["rounds"] = said.results, said.rounds
    return said, wishes


def effort_of(wished: Effort) -> str:
    return MOST_EFFORT if wished in ("xhigh", "max") else wished


def wishes_of(instructions: str, longest: int | None, temperature: float | None) -> Wishes:
    """Raises Invalid."""
    wishes: Wishes = {}
    if instructions:
        if len(instructions) > MAX_QUESTION:
            raise Invalid(LONG_SYSTEM, field="messages")
        wishes["instructions"] = instructions
    if longest:
        wishes["max_tokens"] = longest
    if temperature is not None:
        wishes["temperature"] = temperature
    return wishes
