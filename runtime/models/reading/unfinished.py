"""An answer while it is being written: collects what a model sends, whole or in pieces."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.lang import Text
from runtime.models.completion import Answer, Thoughts, ToolCall
from runtime.models.failures import filtered, only_thoughts, truncated, unusable
from runtime.models.reading.call_pieces import CallPieces
from runtime.models.reading.finish import meaning
from runtime.models.reading.kept import join_kept
from runtime.models.reading.said import NotAnAnswer, Said, read
from runtime.models.reading.screen import Screen, TooManyMarks
from runtime.models.reading.used import NOTHING_USED, Used

MAX_TEXT = 200_000
"""Characters of one answer with its thoughts and tool calls."""


class Unfinished:
    """`on_text` gets each piece of text for a person; `on_reset` is told when pieces that it got are void."""

    # Of one try:
    _screen: Screen
    _raw: list[str]
    _half: str
    _thoughts: list[str]
    _thoughts_field: str
    _kept: dict[str, Any]
    _calls: CallPieces
    _size: int
    _used: Used
    _by_messages: bool
    """Each piece so far was a message of its own, and none said that it was the last…"""
    _apart: bool
    """…and does not say again what those before it said."""
    _finish: str
    _came: bool
    _first: float | None

    def __init__(
        self,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """`tools`: as offered; what the model writes as text may be a call of one."""
        self._on_text = on_text
        self._on_reset = on_reset
        self._clock = clock
        self._tools = tools
        self.started = clock()
        self.pieces_wished = on_text is not None
        """Whether somebody wants to see it being written."""
        self.streams = self.pieces_wished
        """Whether the server is to be asked for pieces."""
        self._hold: int | None = 0
        self._heard = False
        self._untold: list[str] = []
        """What a person may see of it, and was not told yet."""
        self._clear()

    @property
    def began(self) -> bool:
        """Something came: words, thoughts or a call."""
        return self._first is not None

    @property
    def written(self) -> str:
        """What came so far, thoughts too."""
        return "".join([*self._thoughts, *self._raw])

    @property
    def ended(self) -> bool:
        """The server said why it ended: nothing that matters will follow."""
        return bool(self._finish)

    def begin(self, streams: bool | None, hold: int | None) -> None:
        """Another try begins: `streams` as the server can, None as is wished.

        `hold`: characters that wait until it is clear that they are no thoughts; None: all of them.
        """
        self.streams = self.pieces_wished if streams is None else streams
        self._hold = hold
        self.reset()

    def ways_of_thinking(self, before: Thoughts) -> Thoughts:
        """How this model's thoughts come, after an answer of it. See manners.Manner."""
        if self._screen.untagged or before == "untagged":
            return "untagged"
        return "apart" if "".join(self._thoughts) or before == "apart" else "marked"

    def reset(self) -> None:
        """Forget what came so far."""
        self._void()
        self._clear()

    def read(self, pieces: Iterable[Any], model: str) -> None:
        """Take the next pieces, or all of it, as the server's JSON: what came together is told as one.

        Raises ErrorResponse for the server's excuse, ModelFailed when it makes no sense or is too much.
        """
        try:
            for piece in pieces:
                self._add(read(piece), model)
        except NotAnAnswer as e:
            raise unusable(model, e.text) from None
        finally:
            self._tell()

    def add(self, said: Said, model: str) -> None:
        """Take the next piece. Raises ModelFailed when it is too much."""
        self._add(said, model)
        self._tell()

    def _add(self, said: Said, model: str) -> None:
        if said.whole and (self._raw or self._calls):
            said = self._unrepeated(said)
        self._by_messages &= said.whole and not said.finish
        self._finish = said.finish or self._finish
        self._used = Used(*(new or old for new, old in zip(said.used, self._used, strict=True)))
        self._came |= bool(said.text or said.calls or said.thoughts is not None)
        if self._first is None and (said.text or said.thoughts or said.calls):
            self._first = self._clock()
        if said.thoughts is not None:
            self._thoughts.append(said.thoughts)
            self._thoughts_field = said.thoughts_field or self._thoughts_field
            if said.thoughts:
                self._screen.after_thoughts()
        join_kept(self._kept, said.kept)
        self._size += len(said.text) + len(said.thoughts or "") + self._calls.add(said.calls)
        if self._size > MAX_TEXT:
            raise unusable(model, Text("回复过长", "it is far too long"))
        if said.text:
            self._raw.append(said.text)
            self._feed(said.text, model)

    def answer(self, model: str, *, done: bool = False, cost: float | None = None) -> Answer:
        """The whole answer. `done`: the server said that it was all, without a reason.

        Raises ModelFailed when it was cut, filtered or is empty.
        """
        if not self._finish and not done:
            raise unusable(model, Text("回复中途断开", "it broke off"))
        finish = meaning(self._finish or "stop")
        if finish == "content_filter":
            raise filtered(model)
        if finish == "broken":
            broken = Text("服务商中断了回答（{finish}）", "the provider broke it off ({finish})")
            raise unusable(model, broken.fill(finish=f"{self._finish}"[:60]))
        self._feed("", model, last=True)
        self._tell()
        calls = self._all_calls(model, finish)
        text = wellformed.text(self._screen.text)
        if not text.strip() and not calls:
            raise self._nothing(model, finish)
        if finish == "tool_calls" and not calls and self._tools:
            raise unusable(model, Text("说要用工具，却没有说用哪个", "it wants a tool and names none"))
        now = self._clock()
        return Answer(
            text=text,
            model=model,
            tool_calls=calls,
            reasoning=wellformed.text("".join(self._thoughts)) if self._thoughts else None,
            reasoning_field=self._thoughts_field,
            thoughts=wellformed.text("".join(self._thoughts) + self._screen.thoughts).strip(),
            kept=wellformed.data(self._kept),
            finish="tool_calls" if calls else "stop" if finish == "tool_calls" else finish,
            prompt_tokens=self._used.prompt,
            completion_tokens=self._used.completion,
            cached_tokens=min(self._used.cached, self._used.prompt),
            reasoning_tokens=min(self._used.reasoning, self._used.completion),
            cost=cost,
            first_token_ms=round(((self._first or now) - self.started) * 1000),
            ms=round((now - self.started) * 1000),
        )

    def _all_calls(self, model: str, finish: str) -> tuple[ToolCall, ...]:
        calls = self._calls.finished({spec["function"]["name"] for spec in self._tools})
        if any(not call.name for call in calls):
            raise unusable(model, Text("工具调用没有名称", "a tool call has no name"))
        if finish == "length" and calls and not calls[-1].is_whole:
            raise truncated(model)
        if not calls and self._screen.broken:
            raise unusable(
                model, Text("工具调用写成了看不懂的文字", "it wrote a tool call that cannot be read")
            )
        if not calls:
            calls = tuple(
                ToolCall(f"call_{i}", wellformed.text(name), wellformed.text(arguments))
                for i, (name, arguments) in enumerate(self._screen.calls)
            )
        return calls

    def _nothing(self, model: str, finish: str) -> Exception:
        if finish == "length":
            return truncated(model)
        if "".join(self._thoughts).strip() or self._screen.thoughts.strip():
            return only_thoughts(model)
        if not self._came:
            return unusable(model, Text("没有内容", "it has no content"))
        return unusable(model, Text("内容是空的", "it is empty"))

    def _unrepeated(self, said: Said) -> Said:
        """A whole message behind its own pieces: only what the pieces did not say."""
        before = "".join(self._raw)
        if self._by_messages and said.text != before:
            self._apart |= not said.text.startswith(before)
            if self._apart:
                return said  # the pieces themselves come as messages
        said.text = said.text.removeprefix(before) if said.text.startswith(before) else ""
        if self._calls:
            said.calls = []
        if self._thoughts:
            said.thoughts = None
        said.kept = {}
        return said

    def _clear(self) -> None:
        self._screen = Screen(self._hold, self._tools)
        self._raw = []
        self._half = ""
        self._thoughts = []
        self._thoughts_field = "reasoning_content"
        self._kept = {}
        self._calls = CallPieces()
        self._size = 0
        self._used = NOTHING_USED
        self._by_messages, self._apart = True, False
        self._finish = ""
        self._came = False
        self._first = None

    def _feed(self, text: str, model: str, *, last: bool = False) -> None:
        text = self._half + text
        # Half an emoji waits for its other half.
        self._half = text[-1:] if not last and "\ud800" <= text[-1:] <= "\udbff" else ""
        try:
            self._screen.feed(wellformed.text(text[: len(text) - len(self._half)]))
            if last:
                self._screen.close()
        except TooManyMarks:
            raise unusable(model, Text("回复过长", "it is far too long")) from None
        if self._screen.voided():
            self._void()
        self._untold += self._screen.take()

    def _tell(self) -> None:
        if self._on_text and (text := "".join(self._untold)):
            self._heard = True
            self._on_text(text)
        self._untold = []

    def _void(self) -> None:
        self._untold = []
        if self._heard and self._on_reset:
            self._on_reset()
        self._heard = False
