"""What is wrong, and what to do: the two halves of how we explain a code."""

import re
from datetime import UTC, datetime

from runtime.lang import NOTHING, Text

FIRST = re.compile(r"(?s)(.*?(?:。|[.](?=\s)))\s*(.*)")


def in_two(text: Text) -> tuple[Text, Text]:
    """The first sentence says what is wrong, the rest what to do; NOTHING where there is no rest."""
    if not (_split(text.zh)[1] and _split(text.en)[1]):
        return text, NOTHING
    return text.each(lambda said: _split(said)[0]), text.each(lambda said: _split(said)[1])


def _split(said: str) -> tuple[str, str]:
    found = FIRST.fullmatch(said.strip())
    return (found[1], found[2]) if found and re.search(r"\w", found[2]) else (said, "")


def shown_time(seconds: float) -> str:
    """In the server's own time zone."""
    return f"{datetime.fromtimestamp(min(seconds, 4e9), UTC).astimezone():%Y-%m-%d %H:%M:%S}"
