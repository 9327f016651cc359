"""Agents' files as somebody wrote them: what says the same again gets back the very bytes.

A browser knows neither 1.0 nor "\\u4e2d", and the editor writes one line a value. A file written otherwise is
kept when it is first changed, so that taking the change back leaves nothing to commit.
"""

import contextlib
from pathlib import Path
from typing import Any

from runtime.agents.file import PRIVATE, path_of, read
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.files import remove, write_whole


class ByHand:
    """File I/O only; whoever calls holds the lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, id: str) -> bytes | None:
        """None when there is none that can be read."""
        with contextlib.suppress(BadAgent):
            return read(path_of(id, self._folder))
        return None

    def keep(self, id: str, content: bytes | None) -> None:
        """What is about to be replaced, where saving would not write it so. Raises NotSaved."""
        with contextlib.suppress(BadAgent):  # what cannot be read is replaced
            if content is not None and to_bytes(_in_browser(parse(content))) != content:
                write_whole(path_of(id, self._folder), content, PRIVATE)

    def drop(self, id: str) -> None:
        """Raises NotSaved."""
        remove(path_of(id, self._folder))


def _in_browser(value: Any) -> Any:
    """As a browser hands it back: 1.0 is 1."""
    match value:
        case dict():
            return {name: _in_browser(inner) for name, inner in value.items()}
        case list():
            return [_in_browser(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
    return value
