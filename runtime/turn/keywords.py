"""Answers that an owner wrote down: no model is asked for them."""

import unicodedata
from collections.abc import Sequence

from runtime.message import Message
from runtime.turn.keyword_settings import Keyword

KINDS = ("text", "voice", "event")
"""What a person said: typed, spoken, or chosen from a menu."""


def known_answer(keywords: Sequence[Keyword], message: Message) -> str | None:
    """The text of the first keyword that the message is, or has in it; None when there is none."""
    said = bare(message.text) if message.kind in KINDS else ""
    if not said:
        return None
    return next((keyword.text for keyword in keywords if _is_meant(keyword, said)), None)


def _is_meant(keyword: Keyword, said: str) -> bool:
    words = map(bare, keyword.words)
    return any(word in said for word in words) if keyword.match == "contains" else said in words


def bare(text: str) -> str:
    """Without blanks around it, wide letters as usual ones, and no difference between cases."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
