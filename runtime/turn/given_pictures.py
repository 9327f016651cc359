"""Pictures that a model shows: those whose address it was given. We fetch them, and a fetch tells something.

A text that it reads may tell it to show `https://evil.example/?d=` and whatever the conversation holds. Such
a picture becomes a link: it is there for whoever taps it, and nobody asks for it unasked.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

PICTURE = re.compile(r"!(?=\[[^\[\]\n]{0,200}\]\([ ]?<?(https?://[^\s<>\"]{1,2000}))", re.IGNORECASE)
IN_A_LINK = re.compile(
    r"\[!\[([^\[\]\n]{0,200})\]\(([^\s()]{1,2000})\)\](?=\()",
)
"""A card's picture; without it the link stays one."""
ADDRESS = re.compile(r"https?://([^\s/<>\"'`，。；]{1,253})", re.IGNORECASE)


def only_given(text: str, told: Iterable[str], owners: Iterable[str]) -> str:
    """The text, with a picture that was made up as a link. `told`: what the model was given; `owners`: what
    of that the agent's owner wrote, whose hosts may be shown whatever the rest of an address is."""
    if not PICTURE.search(text):
        return text
    known = "\n".join(told)
    hosts = {found[1].lower() for words in owners for found in ADDRESS.finditer(words)}

    def is_given(url: str) -> bool:
        return url in known or _host(url) in hosts or url.startswith("data:")

    def linked(found: re.Match[str]) -> str:
        return found[0] if is_given(found[2]) else f"[{found[1]}]"

    def judged(found: re.Match[str]) -> str:
        return "!" if is_given(found[1].rstrip(")>")) else ""

    return PICTURE.sub(judged, IN_A_LINK.sub(linked, text))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
