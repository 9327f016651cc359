"""What people, models and tools wrote, made fit to be shown: readable, and without any power."""

import re
import unicodedata

LONGEST = 20_000
"""Characters of one text on a page."""
KEPT = "\n\t\u200d\ufe0f"
"""Line ends, and what joins emoji."""
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """The text with what would hide, reorder or colour other text made visible: \\x1b, \\u202e …"""
    return "".join(_visible(c) for c in text.replace("\r\n", "\n"))


def label(text: str) -> str:
    """For the places where Streamlit reads Markdown: labels, captions, messages. One line, inert."""
    return MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))


def short(text: str, length: int) -> str:
    """The beginning on one line."""
    line = " ".join(plain(text[: length * 4]).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _visible(c: str) -> str:
    if c in KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return c
    return f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}"
