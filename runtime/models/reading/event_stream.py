"""Server-sent events, and what servers send in their place, read from bytes that come in pieces.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation . Tolerated
besides: a whole JSON answer (also with `data: [DONE]` behind it), JSON lines, no empty line between events.
The content type says nothing: proxies get it wrong.
"""

import re
from typing import Any, NamedTuple

from runtime import wellformed

LARGEST = 8_000_000
"""Bytes of one event, or of a whole answer."""

DONE_BEHIND = re.compile(rb"\s*data:\s*\[DONE\]\s*\Z")
SAYS_DONE = re.compile(rb"\s*\"?\[DONE\]\"?\s*", re.IGNORECASE)
"""Also as a proxy sends it that makes JSON of every event."""
LINE = re.compile(rb"\r\n|\n|\r")
USUAL = re.compile(rb"data: ?(\{[^\r\n]*\})\n\n")
FIELD = re.compile(rb"\s*(?:data|event|id|retry)\s*:|\s*:", re.IGNORECASE)


class TooLarge(ValueError):
    """One event is larger than any answer."""


class NotJson(ValueError):
    """What came is neither events nor JSON. `page`: it looks like a web page."""

    def __init__(self, page: bool) -> None:
        super().__init__()
        self.page = page


class Sent(NamedTuple):
    """One event's data, parsed. `failed`: the server calls it an error."""

    data: Any
    failed: bool = False


class EventReader:
    """`feed` gives the events that are complete, `end` the rest. Halves of characters stay halves."""

    def __init__(self) -> None:
        self.done = False
        """The server said that nothing follows: [DONE], or the end of a whole answer."""
        self._rest: list[bytes] = []
        self._size = 0
        self._data: list[bytes] = []
        self._waiting = 0
        """Bytes of `_data`, as they were sent."""
        self._event = b""
        self._whole: bool | None = None
        """It is no event stream; None: nothing tells yet."""

    @property
    def may_be_whole(self) -> bool:
        """It is no event stream: nothing tells its end but what it says."""
        return bool(self._whole)

    def feed(self, piece: bytes) -> list[Sent]:
        """Raises TooLarge, NotJson."""
        if found := self._usual(piece):
            return found
        self._size += len(piece)
        if self._size + self._waiting > LARGEST:
            raise TooLarge
        self._rest.append(piece)
        if self._whole or self.done:
            return []
        if self._whole is None and not self._look():
            return []
        if self._whole or not (b"\n" in piece or b"\r" in piece):
            return []
        return self._lines(last=False)

    def _usual(self, piece: bytes) -> list[Sent]:
        """One event as nearly all are, with nothing before or behind it: there are thousands a second."""
        if self._whole is not False or self.done or self._size or self._data or self._event:
            return []
        if (usual := USUAL.fullmatch(piece)) is None:
            return []
        try:
            return [Sent(wellformed.load_raw(usual[1]))]
        except ValueError:
            return []  # which is looked at with more patience

    def end(self) -> list[Sent]:
        """The server closed. Raises NotJson."""
        if self._whole is None:
            self._look(last=True)
        if not self._whole:
            return [] if self.done else self._last()
        body = b"".join(self._rest).strip()
        self._rest, self._size = [], 0
        if not body:
            return []
        try:
            found = [Sent(wellformed.load_raw(DONE_BEHIND.sub(b"", body)))]
            self.done = True
        except ValueError:
            found = self._line_by_line(body)
        return found

    def _last(self) -> list[Sent]:
        """An event that was cut off at the very end is left out, as the standard says."""
        found = self._lines(last=True)
        try:
            return found + self._dispatch()
        except NotJson:
            return found

    def whole(self) -> list[Sent] | None:
        """The answer if all of it came although the server did not close; None when it is not known to be."""
        if not self._whole:
            return None
        try:
            return [Sent(wellformed.load_raw(b"".join(self._rest).strip()))]
        except ValueError:
            return None

    def _look(self, *, last: bool = False) -> bool:
        """Whether it is known what comes."""
        head = b"".join(self._rest).removeprefix(b"\xef\xbb\xbf").lstrip()
        if not head:
            self._rest = []  # white space before anything tells nothing
        if not last and (len(head) < 7 and b"\n" not in head and not head.startswith((b"{", b"[", b"<"))):
            return False
        self._whole = FIELD.match(head) is None and not b"data:".startswith(head)
        self._rest = [head]
        return True

    def _lines(self, *, last: bool) -> list[Sent]:
        text = b"".join(self._rest)
        # A CR at the very end may be half of a CR LF.
        hold = b"\r" if text.endswith(b"\r") and not last else b""
        *lines, rest = LINE.split(text[: len(text) - len(hold)])
        if last and rest:
            lines.append(rest)
            rest = b""
        self._rest, self._size = [rest + hold], len(rest) + len(hold)
        found: list[Sent] = []
        for line in lines:
            if self.done:
                break
            found += self._line(line)
        return found

    def _line(self, line: bytes) -> list[Sent]:
        if not line.strip():
            return self._dispatch()
        self._waiting += len(line)
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if value.startswith(b"data:"):
            value = value[5:].removeprefix(b" ")  # a proxy that wrapped the lines of another
        match name.strip().lower():
            case b"data":
                self._data.append(value)
            case b"event":
                self._event = value.strip().lower()
            case b"" | b"id" | b"retry":
                pass
            case _ if line.lstrip()[:1] in b"{[":
                self._data.append(line)  # JSON lines
            case _:
                pass
        # Who leaves the empty line out still says so at once.
        return self._dispatch() if SAYS_DONE.fullmatch(value) and name.strip().lower() == b"data" else []

    def _dispatch(self) -> list[Sent]:
        data, self._data, self._waiting = self._data, [], 0
        event, self._event = self._event, b""
        if not data:
            return []
        if SAYS_DONE.fullmatch(data[-1]):
            self.done = True
            data.pop()
        if not b"".join(data).strip():
            return []
        failed = event == b"error"
        try:
            return [Sent(wellformed.load_raw(b"\n".join(data)), failed)]
        except ValueError:
            # No empty line between them: each line is an event.
            return [Sent(_json(line), failed) for line in data if line.lstrip()[:1] in (b"{", b"[")]

    def _line_by_line(self, body: bytes) -> list[Sent]:
        """JSON, and then lines of an event stream; or JSON lines."""
        found: list[Sent] = []
        for line in LINE.split(body):
            text = line.strip().removeprefix(b"data:").strip()
            if SAYS_DONE.fullmatch(text):
                self.done = True
            elif text:
                found.append(Sent(_json(text, page=body[:1] == b"<")))
        return found


def _json(text: bytes, *, page: bool = False) -> Any:
    try:
        return wellformed.load_raw(text)
    except ValueError:
        raise NotJson(page) from None
