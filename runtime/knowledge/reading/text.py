"""Plain text, of whatever encoding."""

from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind, Section
from runtime.knowledge.reading._decoded import is_text, whole
from runtime.lang import Text

NONE_OF_OURS = (b"{\\rtf", b"%!PS", b"From ", b"-----BEGIN")
"""Text by its bytes, and nothing to be read as it is."""


def _read(given: Given) -> Iterator[Item]:
    text, unread = whole(given)
    yield Section(text)
    yield from unread


def _is_it(given: Given) -> bool:
    return is_text(given.head) and not given.head.startswith(NONE_OF_OURS)


KIND = Kind(
    Text("文本", "Text"), ("txt", "text", "log", "json", "yaml", "yml", "xml", "srt"), 90, _is_it, _read
)
