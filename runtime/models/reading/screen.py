"""What of a model's text is meant for a person: not its thoughts, and no tool calls that it wrote as text.

Fed piece by piece, cut anywhere. What stands in code (`…` or a fence) is quoted and stays, so that an answer
may explain such tags. Thoughts may begin without a tag, as some servers send only the `</think>`: that is
seen late, so text can be held back until it is clear.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.models.reading import bare_calls, marks, tool_markup

LONGEST_LINE = 1_000
"""Characters for which the end of quoted code is waited for."""
SLICE = 2_000
"""Characters that are looked at together."""
MOST_MARKS = 20_000
"""Marks and lines of code of one answer: looking at many more would keep everybody waiting."""
ENOUGH = 200
"""Characters behind the beginning of tool markup that tell it from a text about it."""


class TooManyMarks(ValueError):
    """This is no answer that a person could read."""


class Screen:
    """`feed`, `take` what may be shown, `close`; then `text`, `thoughts` and `calls` are complete."""

    def __init__(self, hold: int | None = 0, tools: Sequence[Mapping[str, Any]] = ()) -> None:
        """`hold`: characters kept back until more have come; None: all, to the end. `tools`: as offered."""
        self.hold = hold
        self.untagged = False
        """Thoughts came that no tag opened."""
        self.calls: list[tuple[str, str]] = []
        """Tool calls written as text: name and arguments."""
        self._tools = tools
        self._shown: list[str] = []
        self._thoughts: list[str] = []
        self._markup: list[str] = []
        self._buffer = self._fence = ""
        self._step: Callable[[Screen, bool], None] = Screen._in_text
        self._marks = self._taken = 0
        self._void = self._behind_thoughts = self._wrapped = False
        self._since = 0
        """Where in `_shown` the text begins that an unopened end of thoughts would make thoughts."""
        self._stray = False
        """Such an end came behind thoughts that had both tags: it counts only when text follows."""
        self._block = -1
        """Where in `_shown` a code block begins that may be a tool call."""
        self._suspect: tuple[int, str] | None = None
        """An end of thoughts in a code block: where in `_shown`, and what came behind it."""

    @property
    def text(self) -> str:
        return "".join(self._shown)

    @property
    def thoughts(self) -> str:
        return "".join(self._thoughts)

    @property
    def broken(self) -> bool:
        """Tool markup came that asks for nothing that can be understood."""
        return bool(self._markup) and not self.calls

    def feed(self, piece: str) -> None:
        """Raises TooManyMarks."""
        for start in range(0, len(piece), SLICE):
            self._buffer += piece[start : start + SLICE]
            self._scan(last=False)

    def after_thoughts(self) -> None:
        """Thoughts came beside the text: the empty lines behind them are not part of it."""
        self._behind_thoughts |= not self._shown and not self._buffer
        if self.hold is None:
            self.hold = 0  # this server tells thoughts from text

    def take(self) -> list[str]:
        """What may be shown now and was not taken before."""
        if self.hold is None or (not self._taken and sum(map(len, self._shown)) < self.hold):
            return []
        if self._tools and bare_calls.may_be("".join(self._shown[:12])[:40]):
            return []  # it may be nothing but a tool call
        end = self._block if self._block >= 0 else len(self._shown)
        new, self._taken = self._shown[self._taken : end], max(self._taken, end)
        return new

    def voided(self) -> bool:
        """Whether all that was taken has turned out to be thoughts, or mixed with them. Says so once."""
        void, self._void = self._void, False
        return void

    def close(self) -> None:
        """The text is complete. Raises TooManyMarks."""
        self._scan(last=True)
        if self._step is Screen._in_block and self._suspect is not None:
            # The block never ended: it was a thought, which ended in the middle of it.
            place, self._buffer = self._suspect
            del self._shown[place:]
            self._step = Screen._in_text
            self._end_untagged()
            self._scan(last=True)
        if self._markup:
            self.calls = tool_markup.calls("".join(self._markup), self._tools)
        elif self._tools:
            self._find_bare_call()
        self.hold, self._block, self._tools = 0, -1, ()

    def _find_bare_call(self) -> None:
        place = self._block if self._block >= 0 else 0
        if found := bare_calls.bare_calls("".join(self._shown[place:]), self._tools):
            self.calls = found
            del self._shown[place:]

    def _scan(self, *, last: bool) -> None:
        first = True
        while self._buffer:
            before = len(self._buffer), self._step
            self._step(self, last)
            if before == (len(self._buffer), self._step):
                return
            self._marks += not first
            first = False
            if self._marks > MOST_MARKS:
                raise TooManyMarks

    def _in_text(self, last: bool) -> None:
        if not marks.SIGNS.search(self._buffer):
            self._show(len(self._buffer))
            return
        at_line = not self._shown or self._shown[-1].endswith("\n")
        mark = (marks.AT_LINE if at_line else marks.IN_LINE).search(self._buffer)
        if mark is None:
            self._show(len(self._buffer) if last else marks.settled(self._buffer))
            return
        begin, end, kind = mark.start(), mark.end(), mark.lastgroup or ""
        if not last and end == len(self._buffer):
            # The run of backticks may go on; and a quoted mark is known by what follows.
            waits = kind in ("fence", "ticks", "final") or self._quote(begin)
            self._show(begin)
            if waits:
                return
            begin, end = 0, end - begin
        if not last and self._buffer[begin : begin + 2] == "<|" and len(self._buffer) < end + marks.LONGEST:
            self._show(begin)
            return  # such marks may have several parts
        quote = self._quote(begin)
        if quote and kind != "stop" and self._buffer[end : end + 1] == quote:
            self._show(end)
            return
        self._show(begin)
        getattr(self, f"_at_{kind}")(end - begin, last)

    def _quote(self, place: int) -> str:
        """What would stand behind a mark at `place` if it is quoted."""
        before = self._buffer[place - 1] if place else self._shown[-1][-1:] if self._shown else ""
        return marks.QUOTES.get(before, "")

    def _at_fence(self, size: int, last: bool) -> None:
        line_end = self._buffer.find("\n") + 1
        if not line_end and not last and len(self._buffer) < LONGEST_LINE:
            return
        line = self._buffer[: line_end or None]
        fence = self._buffer[:size].strip()
        if fence[0] == "`" and "`" in line[size:]:
            self._at_ticks(size, last)  # ```code``` in one line
            return
        self._fence, self._suspect, self._step = fence, None, Screen._in_block
        if self._tools:
            self._block = len(self._shown)
        self._show(len(line), quoted=True)

    def _in_block(self, last: bool) -> None:
        """A line of a code block: it is quoted, but for a tool call and the end of a thought."""
        line_end = self._buffer.find("\n") + 1
        if not line_end and not last:
            self._show(LONGEST_LINE if len(self._buffer) > LONGEST_LINE else 0, quoted=True)
            return
        line = self._buffer[: line_end or None]
        bare = line.strip()
        ended = len(bare) >= len(self._fence) and not bare.strip(self._fence[0])
        if self._suspect is not None:
            self._suspect = (self._suspect[0], self._suspect[1] + line)
        elif (closed := marks.CLOSED.search(line)) and not marks.OPENED.search("".join(self._shown[-100:])):
            self._suspect = (len(self._shown), line[closed.end() :])
        self._show(len(line), quoted=True)
        if ended:
            self._suspect, self._step = None, Screen._in_text
            block = "".join(self._shown[self._block :]) if self._block >= 0 else ""
            if not bare_calls.bare_calls(block, self._tools):
                self._block = -1

    def _at_ticks(self, size: int, last: bool) -> None:
        """`code`: up to as many backticks again, in the same paragraph."""
        ticks = len(self._buffer[:size].strip())
        closing = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(self._buffer, size)
        paragraph = self._buffer.find("\n\n", size)
        if closing and (paragraph < 0 or closing.start() < paragraph):
            if last or closing.end() < len(self._buffer):
                self._show(closing.end())
        elif last or paragraph >= 0 or len(self._buffer) > LONGEST_LINE:
            self._show(size)

    def _at_open(self, size: int, _last: bool) -> None:
        self._drop(size)
        self._step = Screen._in_thoughts

    def _in_thoughts(self, last: bool) -> None:
        closed = marks.CLOSED.search(self._buffer)
        while (
            closed
            and self._buffer[closed.start() - 1 : closed.start()] == "`" == self._buffer[closed.end() :][:1]
        ):
            closed = marks.CLOSED.search(self._buffer, closed.end())
        ends_quoted = closed and self._buffer[closed.start() - 1 : closed.start()] == "`"
        if closed is None or (ends_quoted and closed.end() == len(self._buffer) and not last):
            place = len(self._buffer) if last else max(0, len(self._buffer) - marks.LONGEST)
            self._thoughts.append(self._drop(place))
            return
        self._thoughts.append(self._buffer[: closed.start()])
        self._drop(closed.end())
        self._since, self._behind_thoughts, self._step = len(self._shown), True, Screen._in_text
        if self.hold is None:
            self.hold = 0  # this server sends both tags

    def _at_close(self, size: int, _last: bool) -> None:
        self._drop(size)
        if self._thoughts and any(piece.strip() for piece in self._shown[self._since :]):
            self._stray = True
        else:
            self._end_untagged()

    def _end_untagged(self) -> None:
        self.untagged, self._stray = True, False
        self._thoughts += self._shown[self._since :]
        if self._taken > self._since:
            self._void, self._taken = True, 0
        del self._shown[self._since :]
        self._since, self._behind_thoughts, self._block = len(self._shown), True, -1
        if self.hold is None:
            self.hold = 0

    def _at_stop(self, size: int, _last: bool) -> None:
        self._drop(size)

    def _at_turn(self, _size: int, _last: bool) -> None:
        self._step = Screen._in_turn

    def _in_turn(self, _last: bool) -> None:
        self._drop(len(self._buffer))

    def _at_final(self, size: int, _last: bool) -> None:
        is_html = self._buffer.startswith("</s>") and "<s>" in self.text
        (self._show if is_html else self._drop)(size)

    def _at_answer(self, size: int, last: bool) -> None:
        """Its beginning is one behind thoughts, or in a line of its own, before all else."""
        tag, behind = self._buffer[:size], self._buffer[size : size + 1]
        first = tag[1] != "/" and len(self._shown) < 20 and not self.text.strip()
        if first and not behind and not last:
            return
        thought = self._thoughts or self._behind_thoughts
        if first and (thought or (behind == "\n" and "answer" in tag)):
            self._wrapped = self._behind_thoughts = True
            self._drop(size)
        elif tag[1] == "/" and self._wrapped:
            self._drop(size)
        else:
            self._show(size)

    def _at_markup(self, size: int, last: bool) -> None:
        if len(self._buffer) < size + ENOUGH and not last:
            return
        if tool_markup.is_mention(self._buffer, size):
            self._show(size)
        else:
            self._step = Screen._in_markup

    def _in_markup(self, _last: bool) -> None:
        self._markup.append(self._drop(len(self._buffer)))

    def _drop(self, size: int) -> str:
        text, self._buffer = self._buffer[:size], self._buffer[size:]
        return text

    def _show(self, size: int, *, quoted: bool = False) -> None:
        text = self._drop(size)
        if self._stray and text.strip():
            self._stray = False
            self._end_untagged()
        if self._behind_thoughts:
            text = text.lstrip()  # the empty lines behind thoughts
        if not text:
            return
        self._behind_thoughts = False
        if not quoted and text.strip():
            self._block = -1
        self._shown.append(text)
