"""Whoever says that they want nothing unasked is known for it, whatever their words are answered with."""

from dataclasses import replace

from runtime.gateway.score_words import wish
from runtime.message import Message
from runtime.store.messages.scores import SCORED
from runtime.store.messages.wished import WISH


def marked(message: Message) -> Message:
    """What is tapped or chosen is the agent's word, and what is said in a group is nobody's wish."""
    is_said = message.kind == "text" and "choice" not in message.data
    is_answer = message.data.get("event") == SCORED and message.data.get("score") == 0
    if message.overheard or not (is_said or is_answer):
        return message
    found = wish(message.text)
    return replace(message, data={**message.data, WISH: found}) if found else message
