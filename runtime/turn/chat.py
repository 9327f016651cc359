"""A conversation as the messages of a chat."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.message import Exchange, beside_text, in_words
from runtime.turn.turn import Turn

OWN_WORDS = (".described", ".heard")
"""By which an owner says where that is to stand."""


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


def pictures_of(data: Mapping[str, Any]) -> list[str]:
    """Where all of a message's pictures are."""
    more = data.get("more_pictures")
    first = picture_of(data)
    return [first, *(str(one) for one in more)] if first and isinstance(more, list) else [first] * bool(first)


def asked(turn: Turn, text: str, owners: Sequence[str], *, earlier: bool, pictures: bool) -> Any:
    """What a model is asked: the text, or in words what came; behind the files, and `earlier` ones of the
    conversation where they are wanted; with the picture where `pictures` are seen.

    Files, and what models saw or heard, are left out where `owners`, what the owner wrote, says itself where
    they are to stand.
    """
    message, lang = turn.message, turn.agent.language
    content = text if text.strip() else in_words(message.text, message.kind, message.data)
    if text.strip() and not any(name in words for words in owners for name in OWN_WORDS):
        beside = beside_text(message.kind, message.data, pictures=not pictures)
        content = "\n".join(filter(None, (content, beside)))
    told = turn.files.told(lang, with_earlier=earlier)
    if told and not any(".files" in words for words in owners):
        content = f"{told}\n\n{content}"
    if pictures and message.kind == "image" and (urls := pictures_of(message.data)):
        return with_pictures(content, urls)
    return content


def with_pictures(text: str, urls: Sequence[str]) -> list[dict[str, Any]]:
    """A message's content that has pictures."""
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"type": "text", "text": text}, *pictures]


def _asked(exchanges: Sequence[Exchange], shown: Sequence[Exchange]) -> Any:
    text = "\n".join(exchange.words for exchange in exchanges)
    urls = [picture_of(exchange.data) for exchange in exchanges if any(exchange is one for one in shown)]
    return with_pictures(text, urls[-1:]) if urls else text
