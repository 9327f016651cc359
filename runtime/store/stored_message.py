"""A person's message as it is kept in its row."""

import json

from runtime.message import Exchange, Message


def dump(message: Message) -> str:
    history = message.history and [vars(exchange) for exchange in message.history]
    return json.dumps({**vars(message), "history": history}, ensure_ascii=False)


def load(text: str) -> Message:
    data = json.loads(text)
    history = data.pop("history")
    return Message(**data, history=None if history is None else tuple(Exchange(**e) for e in history))
