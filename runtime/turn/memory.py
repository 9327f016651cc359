"""What of a conversation a turn sees."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.agents.agent import Memory
from runtime.message import Exchange

PICTURE = 1_000
"""Tokens of a picture, about."""
RESULT = 600
"""Characters that are left of a tool's result when there is no room for more."""
Chat = Mapping[str, Any]


def remembered(history: Sequence[Exchange], memory: Memory) -> Sequence[Exchange]:
    """The latest exchanges that the agent's memory setting keeps, oldest first."""
    if memory.type == "none" or memory.turns == 0:
        return ()
    return history[-memory.turns :]


def since_restart(history: Sequence[Exchange], memory: Memory) -> Sequence[Exchange]:
    """What was said since the person last wished to start anew."""
    for place in range(len(history) - 1, -1, -1):
        if restarts(history[place].text, memory):
            return history[place + 1 :]
    return history


def restarts(text: str, memory: Memory) -> bool:
    """Whether the person wishes to start anew: the text is nothing but one of the agent's words for it."""
    said = _bare(text)
    return bool(said) and memory.type != "none" and any(said == _bare(word) for word in memory.restart)


def as_chat(history: Sequence[Exchange], pictures: int = 0) -> list[dict[str, Any]]:
    """The exchanges as chat messages in OpenAI's form. None is empty: what was no text is told in words.

    The last `pictures` pictures are there as such.
    """
    seen = [exchange for exchange in history if exchange.kind == "image" and exchange.data.get("url")]
    shown = seen[-pictures:] if pictures else []
    chat: list[dict[str, Any]] = []
    waiting: list[Exchange] = []
    for exchange in history:
        waiting.append(exchange)
        if exchange.reply.strip():
            chat.append({"role": "user", "content": _asked(waiting, shown)})
            chat.append({"role": "assistant", "content": exchange.reply})
            waiting = []
    if waiting:
        chat.append({"role": "user", "content": _asked(waiting, shown)})
    return chat


def with_picture(text: str, url: str) -> list[dict[str, Any]]:
    """A message's content that has a picture."""
    return [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url}}]


def _asked(exchanges: Sequence[Exchange], shown: Sequence[Exchange]) -> Any:
    text = "\n".join(exchange.words for exchange in exchanges)
    urls = [str(exchange.data["url"]) for exchange in exchanges if any(exchange is one for one in shown)]
    return with_picture(text, urls[-1]) if urls else text


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
        if len(asked) < 2 or asked[0] != first:
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


def _bare(text: str) -> str:
    """Without what a keyboard or speech recognition adds."""
    return text.strip().strip("。.!！?？~～“”\"' ").casefold()
