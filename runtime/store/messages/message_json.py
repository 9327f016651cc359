"""A message as it is stored."""

import json
from collections.abc import Sequence

from runtime.message import Exchange, Kind, Message

MOST_HISTORY = 100_000
"""Characters of an earlier conversation that are kept with a message."""


def dump(message: Message) -> str:
    history = message.history and [vars(exchange) for exchange in _newest(message.history)]
    return json.dumps({**vars(message), "history": history}, ensure_ascii=False)


def load(text: str) -> Message:
    data = json.loads(text)
    history = data.pop("history")
    return Message(**data, history=None if history is None else tuple(Exchange(**e) for e in history))


def exchange(text: str, reply: str, kind: Kind, message: str, number: int, at: float) -> Exchange:
    """An earlier message; of what was no text, what it was is in the whole `message`, else that is ""."""
    return Exchange(text, reply, kind, load(message).data if message else {}, number, at)


def _newest(history: Sequence[Exchange]) -> Sequence[Exchange]:
    """Of what a caller brought of a conversation, so much as is kept."""
    left = MOST_HISTORY
    for n, exchange in enumerate(reversed(history)):
        left -= len(exchange.text) + len(exchange.reply)
        if left < 0:
            return history[len(history) - n :]
    return history
