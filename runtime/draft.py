"""An answer while it is being written: collects what a model sends, whole or in pieces."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import AliasChoices, BaseModel, Field

from runtime.completion import Answer, ToolCall
from runtime.model_errors import filtered, truncated, unusable

MAX_TEXT = 1_000_000
"""Characters of one answer with its thoughts and tool calls."""


class Function(BaseModel):
    name: str | None = None
    arguments: str | None = None


class ToolCallDelta(BaseModel):
    index: int | None = None
    id: str | None = None
    function: Function = Function()


class Delta(BaseModel):
    """A piece of a message, or a whole one, in OpenAI's form."""

    content: str | None = None
    reasoning_content: str | None = Field(
        None, validation_alias=AliasChoices("reasoning_content", "reasoning")
    )
    tool_calls: list[ToolCallDelta] | None = None


class Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass
class _Call:
    id: str = ""
    name: str = ""
    arguments: str = ""


class Draft:
    """`on_text` gets each piece of text; `on_reset` is told when pieces that it got are void."""

    def __init__(
        self,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_text = on_text
        self._on_reset = on_reset
        self._clock = clock
        self.started = clock()
        self._first: float | None = None
        self._clear()

    @property
    def streams(self) -> bool:
        return self._on_text is not None

    def reset(self) -> None:
        """Forget what came so far: another try begins."""
        if self._text and self._on_text and self._on_reset:
            self._on_reset()
        self._clear()

    def add(self, said: Delta, model: str) -> None:
        """Take the next piece. Raises ModelFailed when it is too much."""
        text, reasoning = said.content or "", said.reasoning_content or ""
        if self._first is None and (text or reasoning or said.tool_calls):
            self._first = self._clock()
        self._text += text
        self._reasoning += reasoning
        for call in said.tool_calls or ():
            self._add_call(call)
        if self._size() > MAX_TEXT:
            raise unusable(model, "回复过长", "it is far too long")
        if text and self._on_text:
            self._on_text(text)

    def answer(self, model: str, finish: str | None, usage: Usage | None, cost: float | None) -> Answer:
        """The whole answer. Raises ModelFailed when it was cut, filtered or is empty."""
        if not finish:
            raise unusable(model, "回复中途断开", "it broke off")
        if finish == "content_filter":
            raise filtered(model)
        if not self._text.strip() and not self._calls:
            raise truncated(model) if finish == "length" else unusable(model, "内容是空的", "it is empty")
        if any(not call.name for call in self._calls):
            raise unusable(model, "工具调用没有名称", "a tool call has no name")
        now, usage = self._clock(), usage or Usage()
        return Answer(
            text=self._text,
            model=model,
            tool_calls=tuple(
                ToolCall(call.id or f"call_{i}", call.name, call.arguments or "{}")
                for i, call in enumerate(self._calls)
            ),
            reasoning=self._reasoning,
            finish=finish,
            prompt_tokens=usage.prompt_tokens or 0,
            completion_tokens=usage.completion_tokens or 0,
            cost=cost,
            first_token_ms=round(((self._first or now) - self.started) * 1000),
            ms=round((now - self.started) * 1000),
        )

    def _clear(self) -> None:
        self._text = self._reasoning = ""
        self._calls: list[_Call] = []
        self._places: dict[int, _Call] = {}
        self._first = None

    def _add_call(self, piece: ToolCallDelta) -> None:
        place = piece.index
        call = self._places.get(place) if place is not None else None
        # Some servers give every call of a round the same index: a second id means a second call.
        if call is None or (piece.id and call.id and piece.id != call.id):
            call = _Call()
            self._calls.append(call)
            if place is not None:
                self._places[place] = call
        call.id = call.id or piece.id or ""
        call.name += piece.function.name or ""
        call.arguments += piece.function.arguments or ""

    def _size(self) -> int:
        return len(self._text) + len(self._reasoning) + sum(len(call.arguments) for call in self._calls)
