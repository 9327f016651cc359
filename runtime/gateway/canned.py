"""Answers that need no turn: greetings, kinds that an agent cannot read, and our own sentences."""

from runtime.agent import Agent, walk
from runtime.lang import Text
from runtime.message import Message

WAITING = Text(
    "还在思考，请稍后回复任意内容查看答案。",
    "Still thinking. Send any message in a moment to see the answer.",
)
MORE = Text("（未完，回复「继续」看下文）", "(More: reply “more”)")
FAILURE = Text(
    "抱歉，我暂时回答不了，请稍后再试。", "Sorry, I cannot answer right now. Please try again later."
)
UNSUPPORTED = Text(
    "抱歉，我还看不懂这种消息，请发文字给我。", "Sorry, I cannot read this kind of message. Please send text."
)

FETCH = frozenset({"1", "继续", "更多", "答案", "查看", "查看答案", "more", "continue", "answer"})
"""What people send to see an answer that waits for them; it is not a question of its own."""


def canned(agent: Agent, message: Message) -> str | None:
    """The ready answer; "" to say nothing; None when a turn is to be run."""
    if message.kind == "event":
        return _event(agent, message)
    if message.kind in ("image", "video") and not _sees(agent, message):
        return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
    if message.kind == "voice" and not message.text:
        return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
    return None


def waiting(agent: Agent) -> str:
    return agent.texts.waiting or WAITING.to(agent.language)


def failure(own: str, language: str) -> str:
    return own or FAILURE.to(language)


def wants_kept_answer(message: Message) -> bool:
    return message.kind == "text" and message.text.strip().lower() in FETCH


def _event(agent: Agent, message: Message) -> str | None:
    match message.data.get("event"):
        case "subscribe":
            return agent.texts.greeting
        case "unsupported":
            return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
        case "click" if message.text:
            return None
        case _:
            return ""


def _sees(agent: Agent, message: Message) -> bool:
    return message.kind == "image" and any(getattr(block, "images", False) for _, block in walk(agent.flow))
