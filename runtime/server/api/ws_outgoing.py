"""What waits to be sent over a WebSocket: bounded, and pieces of one answer join while its reader is slow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.server.api.ws_frames import written

HEAD = 40
"""Characters of a frame beside what it says."""
MOST = 1024 * 1024
"""Characters that wait for who does not read; then the connection ends, and who comes back loses nothing."""


class Outgoing:
    """In the order in which it was put."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: list[_Frame] = []
        self._size = self._newest = 0

    @property
    def is_too_much(self) -> bool:
        """What waits before the newest: who is sent one long answer is no slow reader."""
        return self._size - self._newest > self._most

    def put(self, type: str, /, **fields: Any) -> None:
        last = self._waiting[-1] if self._waiting else None
        if last and last.goes_on_with(type, fields):
            last.fields["text"] += fields["text"]
            more = len(fields["text"])
            last.size += more
        else:
            more = HEAD + sum(len(value) for value in fields.values() if isinstance(value, str))
            self._waiting.append(_Frame(type, fields, more))
        self._size += more
        self._newest = more

    def next(self) -> str:
        """One frame; "" when nothing waits."""
        if not self._waiting:
            return ""
        frame = self._waiting.pop(0)
        self._size -= frame.size
        return written(frame.type, **frame.fields)


@dataclass(eq=False)
class _Frame:
    type: str
    fields: dict[str, Any]
    size: int
    """Characters."""

    def goes_on_with(self, type: str, fields: Mapping[str, Any]) -> bool:
        """Whether what comes next is more of the text that it says."""
        return (
            type == "written" and self.type in ("written", "rewritten") and self.fields["id"] == fields["id"]
        )
