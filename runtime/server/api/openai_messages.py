"""The messages of OpenAI's chat API: what is asked, what stood before it, and what the client's tools gave.

https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pydantic import Field

from runtime.errors import Invalid
from runtime.lang import Text
from runtime.message import Exchange
from runtime.server.api.openai_files import AudioPart, Brought, FilePart, brought_in, recorded
from runtime.server.api.openai_files import in_words as file_in_words
from runtime.server.api.openai_tools import FIRST_OF_OURS, Call, Typed

MAX_HISTORY = 200_000
"""Characters of earlier messages that are kept; older ones are left out."""
MAX_QUESTION = 100_000
MAX_ROUNDS = 400_000
"""Characters of what was called and given since the question."""
MAX_PICTURE = 1_400_000
"""Characters of a picture's address: 1 MB as data…"""
MAX_PICTURES = 2_800_000
"""…and of all together."""
MOST_PICTURES = 8
PICTURE = re.compile(r"https?://\S+|data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]+")
IN_WORDS = "[图片]"
"""A picture of an earlier message."""
WORDS = 2000
"""Characters of what a tool gave that stand for a question which is not told again."""

ONLY_TEXT = Text(
    "这里不支持「{kind}」类型的内容。user 消息里可以有文字和图片，"
    "/v1 下还可以有文件（file）和录音（input_audio）。",
    "Content of the type {kind!r} is not supported here. A user's message may have text and pictures, below "
    "/v1 files (file) and recordings (input_audio), too.",
)
BAD_PICTURE = Text(
    "一个问题最多 {most} 张图片，一共 2 MB：http(s) 地址，或 1 MB 以内的 data:image/png、jpeg、webp、gif。",
    "A question has at most {most} pictures, 2 MB together: http(s) addresses, or data:image/png, jpeg, "
    "webp, gif up to 1 MB each.",
).fill(most=MOST_PICTURES)
LAST_IS_USER = Text(
    "最后一条消息应来自 user 或 tool，且不能为空。",
    "The last message should be the user's or a tool's, and not empty.",
)
TOO_LONG = Text("问题最多 {max_question} 个字符。", "A question has at most {max_question} characters.").fill(
    max_question=MAX_QUESTION
)
LONG_ROUNDS = Text(
    "工具的调用和结果一共最多 {most} 个字符。", "Calls and results of tools have at most {most} characters."
).fill(most=MAX_ROUNDS)
NO_CALL = Text(
    "这条 tool 消息的 tool_call_id「{id}」不属于它前面的 assistant 消息。",
    "The tool_call_id {id!r} of this tool message is of no call of the assistant's message before it.",
)
NO_RESULT = Text(
    "调用「{id}」还没有结果：每个 tool_calls 后面都要有对应的 tool 消息。",
    "The call {id!r} has no result: each of tool_calls needs a tool message behind it.",
)


class Picture(Typed):
    url: str


class ContentPart(Typed):
    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: Picture | str | None = None
    file: FilePart | None = None
    input_audio: AudioPart | None = None

    @property
    def is_brought(self) -> bool:
        return (self.type == "file" and self.file is not None) or (
            self.type == "input_audio" and self.input_audio is not None
        )


class ChatMessage(Typed):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[ContentPart] | None = None
    tool_calls: list[Call] | None = Field(None, max_length=128)
    tool_call_id: str | None = Field(None, max_length=100)

    def said(self) -> str:
        """In words, as a conversation remembers it. Raises Invalid for what nobody takes in."""
        if not isinstance(self.content, list):
            return self.content or ""
        return "\n".join(filter(None, (_in_words(part, self.role) for part in self.content)))

    def without_files(self) -> "ChatMessage":
        """Where these are told of by themselves."""
        if not isinstance(self.content, list):
            return self
        return self.model_copy(update={"content": [one for one in self.content if not one.is_brought]})

    def text_only(self) -> str:
        if isinstance(self.content, list):
            words = (_in_words(part, self.role) for part in self.content if part.type != "image_url")
            return "\n".join(words)
        return self.content or ""

    def brought(self) -> list[Brought]:
        """Its files and recordings. Raises Invalid."""
        parts = self.content if isinstance(self.content, list) else []
        found = [
            brought_in(part.file) if part.type == "file" else recorded(part.input_audio)
            for part in parts
            if part.is_brought
        ]
        return [one for one in found if one is not None]

    def pictures(self) -> list[str]:
        parts = self.content if isinstance(self.content, list) else []
        urls = [part.image_url for part in parts if part.type == "image_url"]
        return [url.url if isinstance(url, Picture) else url or "" for url in urls]


class Conversation(NamedTuple):
    """`rounds`: what followed the question, as models are told it; `results`: by call, what is new of it;
    `brought`: files and recordings of the question, and of what was said with no answer just before it."""

    text: str
    pictures: tuple[str, ...]
    history: tuple[Exchange, ...]
    instructions: str
    rounds: list[dict[str, Any]]
    results: dict[str, str]
    brought: tuple[Brought, ...] = ()

    @property
    def context(self) -> str:
        """Of ours, the one in which the turn waits that asked for these results; "" where none does."""
        found = {ours[1] for id in self.results if (ours := FIRST_OF_OURS.fullmatch(id))}
        return found.pop() if len(found) == 1 else ""


def conversation_of(messages: Sequence[ChatMessage]) -> Conversation:
    """Raises Invalid where the last is nobody's question, or calls and results do not fit together."""
    last = max((place for place, one in enumerate(messages) if one.role == "user"), default=-1)
    is_answered = messages[-1].role == "tool"
    before = messages[: max(last, 0)]
    instructions = [one.said() for one in messages if one.role in ("system", "developer")]
    history, waiting = _history(before)
    rounds, results = _rounds(messages[last + 1 :]) if is_answered else ([], {})
    asked = messages[last] if last >= 0 else None
    pictures = asked.pictures() if asked else []
    brought = [file for one in (*waiting, *([asked] if asked else [])) for file in one.brought()]
    words = [one.without_files().said() for one in waiting]
    text = "\n".join([*words, *([asked.without_files().text_only()] if asked else [])]).strip()
    text = text or "\n".join(results.values())[:WORDS]
    if messages[-1].role not in ("user", "tool") or not (text or pictures or results or brought):
        raise Invalid(LAST_IS_USER, field="messages")
    check_question(text, pictures, "messages")
    said = "\n\n".join(filter(None, instructions))
    return Conversation(text, tuple(pictures), _newest(history), said, rounds, results, tuple(brought))


def _history(messages: Sequence[ChatMessage]) -> tuple[list[Exchange], list[ChatMessage]]:
    """What was asked and answered, and what was asked since."""
    history: list[Exchange] = []
    waiting: list[ChatMessage] = []
    for message in messages:
        said = message.said()
        if message.role == "user":
            waiting.append(message)
        elif message.role == "assistant" and waiting and said:
            history.append(Exchange("\n".join(one.said() for one in waiting), said))
            waiting = []
    return history, waiting


def _rounds(messages: Sequence[ChatMessage]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    told: list[dict[str, Any]] = []
    open: dict[str, None] = {}
    results: dict[str, str] = {}
    for message in messages:
        said = message.said()
        if message.role == "tool":
            id = message.tool_call_id or ""
            if id not in open:
                raise Invalid(NO_CALL.fill(id=id[:64]), field="messages")
            del open[id]
            results[id] = said
            told.append({"role": "tool", "tool_call_id": id, "content": said})
        elif message.role == "assistant":
            _all_answered(open)
            calls = message.tool_calls or []
            open, results = dict.fromkeys(call.id for call in calls), {}
            beside = {"tool_calls": [call.model_dump() for call in calls]} if calls else {}
            told.append({"role": "assistant", "content": said, **beside})
    _all_answered(open)
    if sum(len(str(one)) for one in told) > MAX_ROUNDS:
        raise Invalid(LONG_ROUNDS, field="messages")
    return told, results


def _all_answered(open: dict[str, None]) -> None:
    if open:
        raise Invalid(NO_RESULT.fill(id=next(iter(open))[:64]), field="messages")


def check_question(text: str, pictures: Sequence[str], field: str) -> None:
    """By whatever protocol it came: other addresses of pictures are names of files that are kept here.

    Raises Invalid."""
    if len(text) > MAX_QUESTION:
        raise Invalid(TOO_LONG, field=field)
    is_much = len(pictures) > MOST_PICTURES or sum(map(len, pictures)) > MAX_PICTURES
    if is_much or not all(len(one) <= MAX_PICTURE and PICTURE.fullmatch(one) for one in pictures):
        raise Invalid(BAD_PICTURE, field=field)


def _newest(history: Sequence[Exchange]) -> tuple[Exchange, ...]:
    room = MAX_HISTORY
    kept: list[Exchange] = []
    for exchange in reversed(history):
        room -= len(exchange.text) + len(exchange.reply)
        if room < 0:
            break
        kept.append(exchange)
    return tuple(reversed(kept))


def _in_words(part: ContentPart, role: str) -> str:
    if part.type == "image_url":
        return IN_WORDS
    if part.is_brought and role == "user":
        return file_in_words(part.file if part.type == "file" else None)
    if part.type not in ("text", "refusal"):
        raise Invalid(ONLY_TEXT.fill(kind=part.type[:32]), field="messages")
    return part.text or part.refusal or ""
