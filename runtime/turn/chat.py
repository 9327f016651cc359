"""A conversation as the messages of a chat."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.message import Exchange


def as_chat(history: Sequence[Exchange], pictures: int = 0) -> list[dict[str, Any]]:
    """The exchanges as chat messages in OpenAI's form. None is empty: what was no text is told in words.

    The last `pictures` pictures are there as such.
    """
    seen = [exchange for exchange in history if exchange.kind == "image" and picture_of(exchange.data)]
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


def picture_of(data: Mapping[str, Any]) -> str:
    """Where a message's picture is: kept here, or else at the platform; "" when there is none."""
    return str(data.get("picture") or data.get("url") or "")


def with_picture(text: str, url: str) -> list[dict[str, Any]]:
    """A message's content that has a picture."""
    return [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url}}]


def _asked(exchanges: Sequence[Exchange], shown: Sequence[Exchange]) -> Any:
    text = "\n".join(exchange.words for exchange in exchanges)
    urls = [picture_of(exchange.data) for exchange in exchanges if any(exchange is one for one in shown)]
    return with_picture(text, urls[-1]) if urls else text
