"""How much of a chat a model can read at once, and what is left out when it is more."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

PICTURE = 1_000
"""Tokens of a picture, about."""
RESULT = 600
"""Characters that are left of a tool's result when there is no room for more."""
Chat = Mapping[str, Any]


def tokens(text: str) -> int:
    """About as many as a real model would count: a Chinese character each, else four letters each."""
    wide = sum(ord(letter) > 0x2E80 for letter in text)
    return wide + (len(text) - wide + 3) // 4


def size(messages: Sequence[Chat]) -> int:
    """Tokens of messages or tools, about."""
    return sum(_size(message) for message in messages)


def known_window(model: str) -> int | None:
    """The window that a model's name tells, e.g. moonshot-v1-8k."""
    named = re.search(r"[-_:.](\d{1,4})k\b", model.lower())
    return int(named[1]) * 1000 if named else None


def fitted(messages: Sequence[Chat], room: int) -> list[Chat]:
    """The messages without the oldest exchanges, and in the end with shorter tool results, so that they fit.

    The system prompt, the last question and what followed it stay: it may be larger than `room` all the same.
    """
    kept = list(messages)
    total = size(kept)
    first = next((i for i, message in enumerate(kept) if message["role"] != "system"), len(kept))
    while total > room:
        asked = [i for i, message in enumerate(kept) if message["role"] == "user"]
        if len(asked) < 2:
            break
        total -= size(kept[first : asked[1]])
        del kept[first : asked[1]]
    for i, message in enumerate(kept):
        content = message.get("content")
        if total > room and message["role"] == "tool" and isinstance(content, str) and len(content) > RESULT:
            kept[i] = {**message, "content": content[:RESULT] + "…"}
            total -= _size(message) - _size(kept[i])
    return kept


def _size(message: Chat) -> int:
    content = message.get("content")
    if isinstance(content, list):
        texts = [part for part in content if part.get("type") == "text"]
        said = sum(tokens(str(part.get("text", ""))) for part in texts)
        return said + PICTURE * (len(content) - len(texts))
    more = {name: value for name, value in message.items() if name not in ("role", "content")}
    return tokens(str(content or "")) + (
        tokens(json.dumps(more, ensure_ascii=False, default=str)) if more else 0
    )
