"""What of a conversation a turn sees."""

from collections.abc import Sequence

from runtime.agent import Memory
from runtime.message import Exchange


def remembered(history: Sequence[Exchange], memory: Memory) -> Sequence[Exchange]:
    """The latest exchanges that the agent's memory setting keeps, oldest first."""
    if memory.type == "none" or memory.turns == 0:
        return ()
    return history[-memory.turns :]


def as_chat(history: Sequence[Exchange]) -> list[dict[str, str]]:
    """The exchanges as chat messages in OpenAI's form."""
    chat = []
    for exchange in history:
        chat.append({"role": "user", "content": exchange.text})
        chat.append({"role": "assistant", "content": exchange.reply})
    return chat
