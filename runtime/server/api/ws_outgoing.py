"""What waits to be sent over a WebSocket: bounded, and pieces of one answer join while its reader is slow."""

from collections.abc import Mapping
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
        self._waiting: list[tuple[str, dict[str, Any]]] = []
        self._size = 0

    @property
    def is_too_much(self) -> bool:
        return self._size > self._most

    def put(self, type: str, /, **fields: Any) -> None:
        self._size += _size(fields)
        last = self._waiting[-1] if self._waiting else ("", {})
        if type == "written" and last[0] in ("written", "rewritten") and last[1]["id"] == fields["id"]:
            last[1]["text"] += fields["text"]
        else:
            self._waiting.append((type, fields))

    def next(self) -> str:
        """One frame; "" when nothing waits."""
        if not self._waiting:
            return ""
        type, fields = self._waiting.pop(0)
        self._size = self._size - _size(fields) if self._waiting else 0  # pieces that joined have one head
        return written(type, **fields)


def _size(fields: Mapping[str, Any]) -> int:
    return HEAD + sum(len(value) for value in fields.values() if isinstance(value, str))
