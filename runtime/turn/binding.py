"""A code by which somebody proves which customer of the agent's owner they are, and what becomes of it.

The owner's own system has one made for a customer (API, CLI) and gives it to that customer: they send it, or
come by a link or a code to scan that carries it. It holds once and for a short time.
"""

import re
from dataclasses import replace

from runtime.lang import Text
from runtime.message import Message
from runtime.person import SIGNS
from runtime.turn.proving import coded, unproven_in
from runtime.turn.turn import Turn

CODE = re.compile(rf"HY-?([{SIGNS}]{{5}})-?([{SIGNS}]{{5}})")
SENT = re.compile(rf"(?:绑定账号|绑定|bind(?: account)?)?[\s:：]*({CODE.pattern})", re.IGNORECASE)
UNBIND = ("解除绑定", "解绑", "unbind")
LONGEST = 60
"""Characters of a message that is a code."""

BOUND = Text(
    "绑定好了，之后会按您的账号来查。要解除，发「解除绑定」。",
    "Bound: from now on your own account is looked up. To undo it, send “unbind”.",
)
WRONG = Text(
    "这个绑定码不对、用过了或已经过期，请重新获取。",
    "This code is wrong, was used or has expired; get a new one.",
)
SLOW = Text("试得太多了，请一小时后再来。", "Too many tries; come back in an hour.")
UNBOUND = Text("已经解除绑定。", "Undone: your account is not looked up any more.")
TYPED = Text(
    "码要您自己输入才算数：点选项点出来的不算，它可能是别人放进回答里的。",
    "A code counts when you type it yourself, and not when you choose it from a list: somebody else may have "
    "put it into the answer.",
)
SAYS: dict[str, Text] = {"bound": BOUND, "wrong": WRONG, "slow": SLOW, "chosen": TYPED}


def code_in(message: Message) -> str:
    """The code's signs that a message is, or that an event brings along; "" for none."""
    if message.kind == "event":
        brought = [message.text, *(v for v in message.data.values() if isinstance(v, str))]
        found = [CODE.search(text[:LONGEST].upper()) for text in brought]
        return next(("".join(match.groups()) for match in found if match), "")
    text = message.text.strip()
    match = SENT.fullmatch(text) if len(text) <= LONGEST else None
    return f"{match[2]}{match[3]}".upper() if match else ""


async def bound(turn: Turn) -> str | None:
    """The answer to whoever binds their account or undoes that; None for any other message. StoreFailed."""
    lang = turn.agent.language
    said, proof = turn.message.text, ""
    if not (code := code_in(turn.message)):
        said, proof = coded(turn.kept, said)
        code = code_in(replace(turn.message, text=said))
    if code:
        if told := await unproven_in(turn, f"bind {code}", said.strip().upper(), proof):
            return told

        async def bind() -> str:
            return await turn.kept.bind(code)

        return SAYS[await turn.step("person.bind", bind)].to(lang)
    if (word := said.strip().lower()) not in UNBIND:
        return None
    if told := await unproven_in(turn, "unbind", word, proof):
        return told
    return UNBOUND.to(lang) if await turn.step("person.unbind", turn.kept.unbind) else None
