"""WeCom's side of an AI bot: who wrote what, the bubbles, and what the bot may do now."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._cards import Cards, words
from runtime.simulator._shelf import NAMES, Shelf
from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response
from runtime.simulator.wecom_bot.uploads import Uploads, are_pictures, pictures

LIFE = 360.0
"""Seconds of a bubble."""
HOUR = 3600.0
MOST = 20_480
"""Bytes of a bubble or a message."""
A_MINUTE = 30
MESSAGES = {
    45009: "api freq out of limit",
    40001: "invalid secret",
    40008: "invalid message type",
    45002: "content size out of limit",
    93006: "invalid chatid",
    846605: "invalid req_id",
    846608: "stream message update expired",
    60140: "response_url expired",
}


@dataclass
class Bubble:
    """What the person sees of one answer. `versions`: when, the text, and whether it was the end."""

    id: str
    began: float
    text: str = ""
    done: bool = False
    feedback: str = ""
    card: str = ""
    """Below it."""
    pictures: list[bytes] = field(default_factory=list)
    versions: list[tuple[float, str, bool]] = field(default_factory=list)

    def show(self, at: float, stream: dict[str, Any]) -> None:
        self.text, self.done = str(stream.get("content", "")), stream.get("finish") is True
        self.pictures = pictures(stream)
        self.feedback = self.feedback or str((stream.get("feedback") or {}).get("id", ""))
        self.versions.append((at, self.text, self.done))


@dataclass
class Asked:
    """One message or event of a person's."""

    chat: str
    at: float
    body: dict[str, Any]
    bubble: Bubble | None = None
    code: str = ""
    """Of its response address, until that is used."""


@dataclass(frozen=True)
class Said:
    """A message of its own: `way` is welcome, response or push."""

    at: float
    chat: str
    text: str
    way: str


class Platform:
    """One bot. `faults`: by `subscribe`, `respond`, `send`, `response`; a code refuses, `mute` does it and
    does not answer, `cut` does it and ends the connection."""

    def __init__(self, bot_id: str, secret: str, clock: Callable[[], float], *, links: bool) -> None:
        """`links`: over the long connection, on which no bubble holds pictures."""
        self.links, self.shelf = links, Shelf(clock)
        self.uploads, self.cards = Uploads(self.shelf), Cards()
        self.bot_id, self.secret, self.clock = bot_id, secret, clock
        self.faults = Faults()
        self.asked: dict[str, Asked] = {}
        """By the id under which it can be answered: req_id, or the message's own."""
        self.said: list[Said] = []
        self.refused: list[tuple[str, int]] = []
        self.chats: set[str] = set()
        """In which somebody wrote."""
        self._sent: dict[str, list[float]] = {}
        self._ids = itertools.count(1)

    def write(self, body: dict[str, Any], id: str) -> Asked:
        chat = str(body.get("chatid") or body["from"]["userid"])
        if body["msgtype"] != "event":
            self.chats.add(chat)
        asked = self.asked.setdefault(id, Asked(chat, self.clock(), body))
        return asked

    def next_id(self) -> str:
        return f"CAIQ{next(self._ids)}"

    def respond(self, id: str, reply: dict[str, Any]) -> int:
        """A reply to a message; 0 or an errcode."""
        asked = self.asked.get(id)
        if asked is None:
            return self._refuse("respond", 846605)
        stream = reply.get("stream")
        if not isinstance(stream, dict) or (code := self._wrong(reply, stream)):
            return self._refuse("respond", code if isinstance(stream, dict) else 40008)
        asked.bubble = asked.bubble or Bubble(str(stream["id"]), self.clock())
        if asked.bubble.id != stream["id"]:
            return self._refuse("respond", 40008)
        if asked.bubble.done and asked.bubble.text == stream.get("content"):
            return 0
        if asked.bubble.done or self.clock() - asked.bubble.began > LIFE:
            return self._refuse("respond", 846608)
        if card := reply.get("template_card"):
            shown = self.cards.take(asked.chat, card)
            if shown is None:
                return self._refuse("respond", 40008)
            asked.bubble.card = shown
        asked.bubble.show(self.clock(), stream)
        return 0

    def _wrong(self, reply: dict[str, Any], stream: dict[str, Any]) -> int:
        """Why a bubble is refused; 0 for a good one. On the long connection it holds text alone."""
        kind, items = reply.get("msgtype"), stream.get("msg_item")
        more = bool(items) or kind == "stream_with_template_card"
        if kind not in ("stream", "stream_with_template_card") or not stream.get("id"):
            return 40008
        if len(str(stream.get("content", "")).encode()) > MOST:
            return 45002
        return 40008 if more and (self.links or (items and not are_pictures(stream, items))) else 0

    def update(self, id: str, reply: dict[str, Any]) -> int:
        """The card again, once it was tapped."""
        asked, card = self.asked.get(id), reply.get("template_card")
        task = str(asked.body["event"].get("template_card_event", {}).get("task_id")) if asked else ""
        if asked is None or self.clock() - asked.at > 5 or not isinstance(card, dict):
            return self._refuse("update", 846605)
        if reply.get("response_type") != "update_template_card" or card.get("task_id") != task:
            return self._refuse("update", 40008)
        self.cards.shown[task].settled.append(words(card))
        return 0

    def welcome(self, id: str, reply: dict[str, Any]) -> int:
        asked = self.asked.get(id)
        if asked is None or asked.body["msgtype"] != "event" or self.clock() - asked.at > 5:
            return self._refuse("welcome", 846605)
        text = self._shown(asked.chat, reply)
        if not text:
            return self._refuse("welcome", 40008)
        self._say(asked.chat, text, "welcome")
        return 0

    def send(self, chat: str, reply: dict[str, Any]) -> int:
        if chat not in self.chats:
            return self._refuse("send", 93006)
        text = self._shown(chat, reply)
        if not text or len(text.encode()) > MOST:
            return self._refuse("send", 45002)
        self._say(chat, text, "push")
        return 0

    def _shown(self, chat: str, reply: dict[str, Any]) -> str:
        """What a member sees of it; "" for what is not shown."""
        kind = str(reply.get("msgtype"))
        if kind == "template_card":
            return self.cards.take(chat, reply[kind]) or ""
        if kind in NAMES:
            return self.shelf.in_words(kind, reply[kind].get("media_id")) or ""
        return str(reply.get(kind, {}).get("content", "")) if kind in ("markdown", "text") else ""

    def counts(self, chat: str) -> bool:
        """Whether one more frame to this chat is within a minute's count."""
        times = self._sent.setdefault(chat, [])
        times[:] = [at for at in times if at > self.clock() - 60]
        times.append(self.clock())
        return len(times) <= A_MINUTE

    def call(self, request: Request) -> Response:
        """The API host: response addresses."""
        if request.path != "/cgi-bin/aibot/response":
            return Response(status=404)
        fault = self.faults.take("response")
        code = self._respond_once(request) if fault in (0, "lost") else int(fault)
        answer = Response.json({"errcode": code, "errmsg": MESSAGES.get(code, "ok")})
        answer.after = None if fault == "lost" else answer.after
        return answer

    def _respond_once(self, request: Request) -> int:
        wanted = request.query.get("response_code", "")
        found = next((one for one in self.asked.values() if one.code and one.code == wanted), None)
        if found is None or self.clock() - found.at > HOUR:
            return self._refuse("response", 60140)
        reply = json.loads(request.body)
        found.code = ""
        text = self._shown(found.chat, reply)
        if not text:
            return self._refuse("response", 40008)
        self._say(found.chat, text, "response")
        return 0

    def _say(self, chat: str, text: str, way: str) -> None:
        self.said.append(Said(self.clock(), chat, text, way))

    def _refuse(self, what: str, code: int) -> int:
        self.refused.append((what, code))
        return code
