"""Whoever tries an agent out plays the others, too: who decides, who calls back, the clock, what begins.

What is played is a line that begins with a slash, tapped in the chat or beside it, or typed there. It is a
line like any other where nothing waits for it and nothing begins with it.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.starts import AUDIENCES, EVENTS, Called, Happened, Start
from runtime.errors import Invalid
from runtime.gateway.starts.calls import NOT_READ, Call, begun_by
from runtime.lang import Text, as_it_is
from runtime.message import NOBODY, Message
from runtime.turn.awaited import MOST_POSTED, posted
from runtime.turn.events import Waited
from runtime.turn.restart import is_word
from runtime.turn.waiting import LONGEST_NOTE, Came

LINE = re.compile(r"/(approve|deny|late|call|cancel|start)(?:\s+(.*))?", re.DOTALL)
SHOWN = 400
"""Characters of what was typed for a call that the chat shows."""
SENDER = "playground"

LATE = Text("没等到", "Nobody in time")
PLAYS: Mapping[str, Mapping[str, Text]] = {
    "message": {"/late": LATE},
    "decision": {"/approve": Text("同意", "Approve"), "/deny": Text("不同意", "Deny"), "/late": LATE},
    "call": {"/call": Text("来了空的结果", "An empty result comes"), "/late": LATE},
    "time": {"/late": Text("时间到", "The time comes")},
}
"""What can come to whom waits so, as a line."""
LEAVE = Text("取消", "Cancel")
POSTED = Text("来了结果：{body}", "A result comes: {body}")
BEGAN = Text("开始：{what}", "Begins: {what}")
GOES = Text("发到「{to}」，不在这个对话里", "it goes to {to!r}, not into this chat")
UNSEEN = Text("不为谁运行，不在这个对话里", "it runs for nobody, not in this chat")
NOTED = Text("{what}（{note}）", "{what} ({note})")


@dataclass(frozen=True)
class Open:
    """A turn of the chat that waits. `sender`: whose it is; nobody's where a start runs for nobody."""

    wait: Waited
    sender: str = SENDER

    def to_json(self) -> dict[str, Any]:
        plays = {**PLAYS[self.wait.wait], "/cancel": LEAVE}
        return {
            "kind": self.wait.wait,
            "what": self.wait.what.by_language(),
            "until": self.wait.until,
            "plays": [{"line": line, "words": words.by_language()} for line, words in plays.items()],
        }


@dataclass(frozen=True)
class Played:
    """A line that was played: how the chat shows it, and what comes to the one that waits, or what begins."""

    words: Text
    open: Open | None = None
    came: Came | None = None
    start: Start | None = None
    message: Message | None = None

    @property
    def noted(self) -> Text:
        """How the phone shows it, where its person wrote nothing."""
        if self.start is None or (self.start.audience != "nobody" and not self.start.to):
            return self.words
        there = GOES.fill(to=self.start.to) if self.start.to else UNSEEN
        return NOTED.fill(what=self.words, note=there)


def played(agent: Agent, line: str, waiting: Sequence[Open], now: float) -> Played | None:
    """What that is; None for what is written by a person. `now`: seconds since 1970.

    Raises Invalid for a call that cannot be read.
    """
    if is_word(line, agent.waiting.cancel):
        return None
    found = LINE.fullmatch(line.strip())
    if found is None:
        return None
    verb, rest = found[1], (found[2] or "").strip()
    if verb == "start":
        return _begun(agent, rest, now)
    for one in reversed(waiting):
        if came := _came(one.wait, verb, rest, now):
            return Played(_words(one.wait, verb, rest), one, came, message=_comes(one.sender, now))
    return None


def answered(
    waiting: Sequence[Open], text: str, cancel: Sequence[str], now: float
) -> tuple[Open, Came] | None:
    """What a message of the person's is for: the newest question; the word for leaving is for the newest."""
    theirs = [one for one in waiting if one.sender == SENDER]
    if theirs and is_word(text, cancel):
        return theirs[-1], Came("cancelled", at=now)
    asked = [one for one in theirs if one.wait.wait == "message"]
    return (asked[-1], Came("message", at=now)) if asked else None


def _came(wait: Waited, verb: str, rest: str, now: float) -> Came | None:
    if verb == "cancel":
        return Came("cancelled", at=now)
    if verb == "late":
        return Came("time" if wait.wait == "time" else "late", at=now)
    if verb == "call" and wait.wait == "call":
        if len(rest.encode()) > MOST_POSTED:
            raise Invalid(NOT_READ)
        return Came("call", {"body": posted(rest.encode())} if rest else {}, now)
    if verb in ("approve", "deny") and wait.wait == "decision":
        data = {"yes": verb == "approve", "by": SENDER, "note": rest[:LONGEST_NOTE]}
        return Came("decision", data, now)
    return None


def _words(wait: Waited, verb: str, rest: str) -> Text:
    if verb == "call" and rest:
        return POSTED.fill(body=as_it_is(rest[:SHOWN]))
    what = LEAVE if verb == "cancel" else PLAYS[wait.wait][f"/{verb}"]
    return NOTED.fill(what=what, note=as_it_is(rest[:SHOWN])) if rest else what


def _comes(sender: str, now: float) -> Message:
    """As the gateway goes on with a turn when it is nobody's message that comes."""
    return Message(f"play-{time.time_ns()}", sender, "", "start", now)


def _begun(agent: Agent, rest: str, now: float) -> Played | None:
    id, _, given = rest.partition(" ")
    start = agent.start(id)
    if start is None:
        return None
    what = start.title or (EVENTS[start.event] if isinstance(start, Happened) else start.id)
    words = BEGAN.fill(what=what)
    if given := given.strip():
        words = NOTED.fill(what=words, note=as_it_is(given[:SHOWN]))
    return Played(words, start=start, message=_begins(start, given, now))


def _begins(start: Start, given: str, now: float) -> Message:
    """The message that the gateway would begin it with. Raises Invalid for a call that cannot be read."""
    id = f"play-{time.time_ns()}"
    if isinstance(start, Happened):
        return Message(id, SENDER, given or start.value, "event", now, {"event": start.event})
    begun: dict[str, Any] = {}
    if isinstance(start, Called):
        kind = {"content-type": "application/json"}
        begun = begun_by(start, Call("", kind, {}, given.encode()))
        begun.pop("people", None)
    is_nobodys = start.audience == "nobody"
    data = {"start": start.id, "begun": begun}
    sender = f"{NOBODY}{start.id}" if is_nobodys else SENDER
    return Message(id, sender, "", "start", now, data, history=() if is_nobodys else None)


def offered(agent: Agent) -> list[dict[str, Any]]:
    """The beginnings that can be played, for the page."""
    return [
        {
            "id": start.id,
            "on": start.on,
            "title": (as_it_is(start.title) if start.title else _named(start)).by_language(),
            "for": AUDIENCES[start.audience].by_language(),
            "to": start.to,
            "given": _sample(start),
        }
        for start in agent.starts
    ]


def _named(start: Start) -> Text:
    return EVENTS[start.event] if isinstance(start, Happened) else as_it_is(start.id)


def _sample(start: Start) -> str | None:
    """What is given with it at first; None where nothing is."""
    if isinstance(start, Called):
        return json.dumps(
            {"person": SENDER} if start.audience == "person" else {"text": ""}, ensure_ascii=False
        )
    return start.value if isinstance(start, Happened) else None
