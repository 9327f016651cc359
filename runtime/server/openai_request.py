"""What a client of OpenAI's chat API sends, and what of it an agent understands."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from runtime.errors import Invalid
from runtime.lang import Text
from runtime.message import Exchange
from runtime.schema import first_problem


class Part(BaseModel):
    type: str
    text: str = ""


class ChatMessage(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def text(self) -> str:
        """Raises Invalid for anything but text."""
        if not isinstance(self.content, list):
            return self.content or ""
        if any(part.type != "text" for part in self.content):
            raise Invalid(Text("只支持文字内容。", "Only text content is supported."), field="messages")
        return "\n".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    include_usage: bool = False


class Completion(BaseModel):
    """The fields of the request that mean something to an agent."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


def parse(data: dict[str, Any]) -> Completion:
    """Raises Invalid with the first thing that is wrong."""
    try:
        return Completion.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        text = Text(f"{problem.field}：{problem.text.zh}。", f"{problem.field}: {problem.text.en}.")
        raise Invalid(text, field=problem.field) from None


def conversation(messages: Sequence[ChatMessage]) -> tuple[str, tuple[Exchange, ...]]:
    """The last question and the exchanges before it. The agent has its own instructions: others are left out.

    Raises Invalid when the last message is not a user's, or is empty.
    """
    history: list[Exchange] = []
    asked: list[str] = []
    for message in messages:
        if message.role == "user":
            asked.append(message.text())
        elif message.role == "assistant" and asked and message.text():
            history.append(Exchange("\n".join(asked), message.text()))
            asked = []
    text = "\n".join(asked).strip()
    if messages[-1].role != "user" or not text:
        raise Invalid(
            Text(
                "最后一条消息应来自 user，且不能为空。",
                "The last message should be the user's and not empty.",
            ),
            field="messages",
        )
    return text, tuple(history)
