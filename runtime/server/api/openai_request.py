"""What a client of OpenAI's chat API sends, and what of it an agent can honour.

Nothing that changes the answer is taken silently: what an agent cannot do is refused by its name.
https://platform.openai.com/docs/api-reference/chat/create
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from runtime.errors import Invalid, Wrong
from runtime.lang import Text
from runtime.message import Exchange, Wishes
from runtime.schema import first_problem

USER = re.compile(r"[\w.:@-]{1,128}")
"""An id that counts; whatever else stands there does no harm."""
MAX_HISTORY = 200_000
"""Characters of earlier messages that are kept; older ones are left out."""
MAX_QUESTION = 100_000
MAX_PICTURE = 1_400_000
"""Characters of a picture's address: 1 MB as data."""
PICTURE = re.compile(r"https?://\S+|data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]+")

HARMLESS = (
    *("safety_identifier", "metadata", "store", "service_tier", "parallel_tool_calls"),
    *("prompt_cache_key", "prompt_cache_retention", "verbosity"),
)
"""Fields that do not change what an agent says."""
NEUTRAL: Mapping[str, Sequence[Any]] = {
    "n": (1,),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "top_p": (1,),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "tools": ([],),
    "functions": ([],),
    "tool_choice": ("none", "auto"),
    "function_call": ("none", "auto"),
    "logit_bias": ({},),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
}
"""Fields whose other values an agent cannot honour."""
CANNOT = Text(
    "智能体不支持参数「{name}」的这个值，请去掉它：用什么工具、怎么采样由智能体自己决定。",
    "An agent does not support this value of {name!r}; leave it out. Its tools and sampling are its own.",
)
UNKNOWN = Text("不认识参数「{name}」，请去掉它。", "There is no parameter {name!r}; leave it out.")
ONLY_TEXT = Text(
    "「{kind}」类型的内容不支持，请只发文字和图片。",
    "Content of the type {kind!r} is not supported: send text and pictures.",
)
BAD_PICTURE = Text(
    "一个问题最多一张图片：http(s) 地址，或 1 MB 以内的 data:image/png、jpeg、webp、gif。",
    "A question has at most one picture: an http(s) address, or data:image/png, jpeg, webp, gif up to 1 MB.",
)
LAST_IS_USER = Text(
    "最后一条消息应来自 user，且不能为空。", "The last message should be the user's and not empty."
)
TOO_LONG = Text("问题最多 {max_question} 个字符。", "A question has at most {max_question} characters.").fill(
    max_question=MAX_QUESTION
)
LONG_SYSTEM = Text(
    "系统消息一共最多 {max_question} 个字符。",
    "System messages have at most {max_question} characters in all.",
).fill(max_question=MAX_QUESTION)
MOST_STOPS = 4
"""As OpenAI has it."""
STOPS = Text(
    "应为文字，或最多 {most_stops} 个文字的列表", "should be text, or a list of at most {most_stops} texts"
).fill(most_stops=MOST_STOPS)
IN_WORDS = "[图片]"
"""A picture of an earlier message."""


class Typed(BaseModel):
    """As JSON has it: "yes" is not true and "3" is no number."""

    model_config = ConfigDict(strict=True)


class Picture(Typed):
    url: str


class ContentPart(Typed):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: Picture | str | None = None


class ChatMessage(Typed):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    def said(self) -> str:
        """In words, as a conversation remembers it. Raises Invalid for what is neither text nor picture."""
        if not isinstance(self.content, list):
            return self.content or ""
        return "\n".join(filter(None, map(_in_words, self.content)))

    def pictures(self) -> list[str]:
        parts = self.content if isinstance(self.content, list) else []
        urls = [part.image_url for part in parts if part.type == "image_url"]
        return [url.url if isinstance(url, Picture) else url or "" for url in urls]


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
    stop: str | list[str] | None = None
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
        known = isinstance(self.user, str) and USER.fullmatch(self.user)
        return {"id": self.user} if known else {}


class Question(NamedTuple):
    """The last thing that was asked, and what stood before it."""

    text: str
    picture: str
    history: tuple[Exchange, ...]
    wishes: Wishes


def parse(data: Mapping[str, Any]) -> ChatCompletionRequest:
    """Raises Invalid with the first thing that is wrong, or that an agent cannot do."""
    for name, value in data.items():
        if value is None or name in HARMLESS or name in ChatCompletionRequest.model_fields:
            continue
        if name not in NEUTRAL:
            raise Invalid(UNKNOWN.fill(name=name[:64]), field=name[:64], code="unknown_parameter")
        if value not in NEUTRAL[name]:
            raise Invalid(CANNOT.fill(name=name), field=name, code="unsupported_value")
    try:
        return ChatCompletionRequest.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field) from None


def question(asked: ChatCompletionRequest) -> Question:
    """Raises Invalid when the last message is not a user's, is empty, or holds what is not supported."""
    instructions: list[str] = []
    history: list[Exchange] = []
    waiting: list[str] = []
    for message in asked.messages[:-1]:
        said = message.said()
        if message.role in ("system", "developer"):
            instructions.append(said)
        elif message.role == "user":
            waiting.append(said)
        elif message.role == "assistant" and waiting and said:
            history.append(Exchange("\n".join(waiting), said))
            waiting = []
    last = asked.messages[-1]
    pictures = last.pictures() if last.role == "user" else []
    text = "\n".join([*waiting, _text_only(last)]).strip()
    if last.role != "user" or not (text or pictures):
        raise Invalid(LAST_IS_USER, field="messages")
    if len(text) > MAX_QUESTION:
        raise Invalid(TOO_LONG, field="messages")
    picture = "".join(pictures)
    if pictures and (len(pictures) > 1 or len(picture) > MAX_PICTURE or not PICTURE.fullmatch(picture)):
        raise Invalid(BAD_PICTURE, field="messages")
    return Question(text, picture, _newest(history), _wishes(asked, instructions))


def _wishes(asked: ChatCompletionRequest, instructions: Sequence[str]) -> Wishes:
    wishes: Wishes = {}
    if said := "\n\n".join(filter(None, instructions)):
        if len(said) > MAX_QUESTION:
            raise Invalid(LONG_SYSTEM, field="messages")
        wishes["instructions"] = said
    if longest := asked.max_completion_tokens or asked.max_tokens:
        wishes["max_tokens"] = longest
    if asked.temperature is not None:
        wishes["temperature"] = asked.temperature
    return wishes


def _newest(history: Sequence[Exchange]) -> tuple[Exchange, ...]:
    room = MAX_HISTORY
    kept: list[Exchange] = []
    for exchange in reversed(history):
        room -= len(exchange.text) + len(exchange.reply)
        if room < 0:
            break
        kept.append(exchange)
    return tuple(reversed(kept))


def _in_words(part: ContentPart) -> str:
    if part.type == "image_url":
        return IN_WORDS
    if part.type not in ("text", "refusal"):
        raise Invalid(ONLY_TEXT.fill(kind=part.type[:32]), field="messages")
    return part.text or part.refusal or ""


def _text_only(message: ChatMessage) -> str:
    if isinstance(message.content, list):
        return "\n".join(_in_words(part) for part in message.content if part.type != "image_url")
    return message.content or ""
