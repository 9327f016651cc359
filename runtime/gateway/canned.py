"""Answers that need no turn: greetings, kinds that an agent cannot read, and our own sentences."""

from runtime.agents.agent import Agent
from runtime.agents.answering import takes_files
from runtime.blocks import Writes
from runtime.choices import written
from runtime.gateway.score_words import question
from runtime.lang import Text
from runtime.message import Message
from runtime.safety.settings import REFUSED
from runtime.store.messages.score_asking import ASKS, LANGUAGE
from runtime.turn.binding import code_in
from runtime.turn.keywords import known_answer
from runtime.turn.settings import choices_of

GREETING = Text(
    "你好，我是「{name}」的 AI 助手，有什么想问的，直接发给我就好。",
    "Hello, I am the AI assistant of {name}. Send me your question.",
)
WAITING = Text("还在想，马上就好。", "Still thinking, almost there.")
SEE = Text("点这里看回答", "Tap here to see the answer")
MORE = Text("点这里看后面的内容", "Tap here for the rest")
DOUBT = Text("上一条回答可能没有送达，点这里看", "My last answer may not have arrived. Tap here to see it")
SEE_WORD = Text("看回答", "answer")
"""What a tap sends where there is no page to open."""
FAILURE = Text(
    "抱歉，我暂时回答不了，请稍后再试。", "Sorry, I cannot answer right now. Please try again later."
)
BUSY = Text(
    "现在问的人太多了，请过一会儿再发一次。",
    "Too many people are asking right now. Please send it again later.",
)
SLOWER = Text(
    "您发得太多了，我来不及看，请过一会儿再发。",
    "That is more than I can take in just now. Please write again a little later.",
)
USED_UP = Text("今天的额度用完了，请明天再来。", "Today's budget is used up. Please come back tomorrow.")
REUSED = Text(
    "这个 Idempotency-Key 已经用于另一个请求，请换一个。",
    "This Idempotency-Key was used for another request; take a new one.",
)
LOST = Text("抱歉，这条回答没能接上，请再问一次。", "Sorry, this answer was cut off. Please ask once more.")
BELOW = Text("回答在下一条消息里。", "The answer is in the next message.")
PAUSED = Text("这个智能体暂停服务，请稍后再试。", "This agent is paused; please try again later.")
STOPPING = Text("正在重启，请过几秒再试。", "Restarting; try again in a few seconds.")
UNSUPPORTED = Text(
    "抱歉，我还看不懂这种消息，请发文字给我。", "Sorry, I cannot read this kind of message. Please send text."
)
UNWANTED = Text(
    "提问的程序挂断了，没有人等回答。", "The calling program hung up; nobody waits for an answer."
)
BUG = Text("程序出错了，详情在日志里。", "A bug in Hongyan; the log has the details.")

REMINDER = Text("⏰ 提醒：{text}", "⏰ Reminder: {text}")

FETCH = frozenset(
    {"继续", "更多", "答案", "看回答", "查看", "查看回答", "查看答案", "more", "continue", "answer"}
)
"""What people send to see an answer that waits for them; it is not a question of its own."""


def canned(agent: Agent, message: Message) -> str | None:
    """The ready answer; "" to say nothing; None when a turn is to be run."""
    if message.unasked or agent.begun_by(message):
        return _unasked(agent, message)
    if message.kind == "event":
        return _event(agent, message)
    if message.kind in ("image", "video", "file") and not (_sees(agent, message) or _reads(agent, message)):
        return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
    if message.kind == "voice" and not message.text:
        return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
    return None


def is_ready(agent: Agent, message: Message) -> bool:
    """Whether nobody has to be waited for to answer it."""
    return canned(agent, message) is not None or known_answer(agent.keywords, message) is not None


def greeting(agent: Agent) -> str:
    return plain_greeting(agent) + written(choices_of(agent.texts.choices, str))


def plain_greeting(agent: Agent) -> str:
    """Without what may be chosen."""
    return agent.texts.greeting.strip() or GREETING.to(agent.language).format(name=agent.name)


def waiting(agent: Agent) -> str:
    return agent.texts.waiting or WAITING.to(agent.language)


def failure(agent: Agent, message: Message | None = None, code: str = "") -> str:
    """What a person is told whose answer failed; "" to whoever asked nothing."""
    if message and message.unasked:
        return ""
    if code == "safety":
        return agent.safety.says.strip() or REFUSED.to(agent.language)
    if code == "budget":
        return agent.texts.used_up or USED_UP.to(agent.language)
    return agent.texts.failure or FAILURE.to(agent.language)


def plain_failure(agent: Agent, message: Message) -> str:
    """In our own words, where the agent's cannot be shown."""
    return "" if message.unasked else FAILURE.to(agent.language)


def busy(agent: Agent) -> str:
    return agent.texts.busy or BUSY.to(agent.language)


def slower(agent: Agent) -> str:
    return agent.texts.slower or SLOWER.to(agent.language)


def wants_kept_answer(message: Message) -> bool:
    return message.kind == "text" and message.text.strip().lower() in FETCH


def _event(agent: Agent, message: Message) -> str | None:
    if code_in(message):
        return None
    match message.data.get("event"):
        case "followed":
            return greeting(agent)
        case "opened" if message.data.get("welcome"):
            return greeting(agent)
        case "unsupported":
            return agent.texts.unsupported or UNSUPPORTED.to(agent.language)
        case "menu" if message.text:
            return None
        case _:
            return ""


def _unasked(agent: Agent, message: Message) -> str | None:
    """What nobody wrote: a flow of its own is walked, unless a newer version has that start no more."""
    if isinstance(text := message.data.get("remind"), str):
        return REMINDER.fill(text=text).to(agent.language)
    if ASKS in message.data:
        return question(str(message.data.get(LANGUAGE) or agent.language))
    return None if agent.begun_by(message) else ""


def _reads(agent: Agent, message: Message) -> bool:
    """Whether a file is here that a model is told of, be it only why it cannot be read."""
    files = message.data.get("files") if message.kind == "file" else None
    here = any(isinstance(one, dict) and "read" in one for one in files) if isinstance(files, list) else False
    return here and takes_files(agent)


def _sees(agent: Agent, message: Message) -> bool:
    if message.kind == "image" and ("described" in message.data or "unseen" in message.data):
        return True
    return message.kind == "image" and any(
        isinstance(block, Writes) and block.sees_pictures for _, block in agent.enabled()
    )
