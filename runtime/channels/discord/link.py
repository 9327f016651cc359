"""The connection to Discord's gateway, without its socket, and what comes over it as our messages.

https://docs.discord.com/developers/events/gateway ; the frames as discord.py 2.7.1 sends them
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.answer import media_kind
from runtime.channels import End, Frame, Link, Step
from runtime.channels._border.lenient import inner_in, list_in, text_in
from runtime.channels._border.refusals import refused
from runtime.channels._text.printable import clean
from runtime.channels.discord import guide
from runtime.message import Kind, Message

Json = Mapping[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
INTENTS = 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13
"""Messages in servers and direct ones, of the former only those that mention us have words; and what is put
under them. https://docs.discord.com/developers/events/gateway#gateway-intents"""
THUMBS: Mapping[str, str] = {"👍": "good", "👎": "bad"}
REACTED = ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE")
LARGEST, DEEPEST = 1024 * 1024, 40
PATIENCE = 20.0
REFUSALS = 3
"""Times that it hangs up on our name, after which the token is most likely wrong."""
SPOKEN = "/?v=10&encoding=json"
THERE = re.compile(r"(wss://[a-z0-9-]{1,60}\.discord\.gg)/?")
HOSTS = frozenset({"*.discord.gg"})
ANEW, FINAL = frozenset({4007, 4009}), frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Codes of a close: of a session that is not gone on with, and of what no other try mends.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
"""
HOUR = 3600.0
ID, TOKEN = re.compile(r"[0-9]{5,20}"), re.compile(r"[A-Za-z0-9_.-]{10,500}")
CDN = re.compile(r"https://(?:cdn\.discordapp\.com|media\.discordapp\.net)/[!-~]{1,1500}")
MOST_TEXT, FILES = 4_000, 10


class GatewayLink(Link):
    """Says who it is or goes on where it was, keeps the heart beating, and knows when to come back."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._session, self._seq, self._me = "", 0, ""
        self._interval, self._is_answered, self._named = 0.0, True, False
        self._refusals = 0

    def opened(self, now: float) -> Step:
        self._interval, self._is_answered, self._named = 0.0, True, False
        self.tick_at = now + PATIENCE
        return Step()

    def frame(self, text: str, now: float) -> Step:
        try:
            told = wellformed.load(text, largest=LARGEST, deepest=DEEPEST)
        except ValueError:
            raise refused("malformed") from None
        op = told.get("op") if isinstance(told, dict) else None
        if isinstance(op, bool) or not isinstance(op, int):
            raise refused("malformed")
        match op:
            case 0:
                return self._dispatched(told)
            case 10:
                return self._hello(told.get("d"), now)
            case 1:
                return Step(send=[self._beat()])
            case 11:
                self._is_answered = True
            case 7:
                return Step(end=self._end("reconnect"))
            case 9:
                if told.get("d") is not True:
                    self._session = self.next_address = ""
                return Step(end=self._end("invalid"))
        return Step()

    def tick(self, now: float) -> Step:
        if not self._interval or not self._is_answered:
            return Step(end=self._end("silent"))
        self._is_answered, self.tick_at = False, now + self._interval
        return Step(send=[self._beat()])

    def closed(self, now: float) -> End:
        if not self.is_up:
            self.next_address = ""  # where nobody is, or nobody goes on
        if self._named and not self.is_up:
            self._refusals += 1
            self._session = ""
        return self._end("refused" if self._refusals >= REFUSALS else "lost")

    def hung_up(self, code: int, now: float) -> End:
        if code in FINAL:
            self._session, self.next_address, self.is_up = "", "", False
            return End(guide.explained(str(code)), str(code), HOUR)
        if code in ANEW:
            self._session = self.next_address = ""
        return self.closed(now)

    def _hello(self, told: object, now: float) -> Step:
        interval = told.get("heartbeat_interval") if isinstance(told, dict) else None
        if isinstance(interval, bool) or not isinstance(interval, int | float):
            raise refused("malformed")
        self._interval, self._named = min(max(interval / 1000, 1.0), 300.0), True
        self.tick_at = now + self._interval / 2  # the first one at any time within it
        if self._session:
            going_on = {"token": self._token, "session_id": self._session, "seq": self._seq}
            return Step(send=[_frame(RESUME, going_on)])
        names = {"os": "linux", "browser": "hongyan", "device": "hongyan"}
        return Step(send=[_frame(IDENTIFY, {"token": self._token, "intents": INTENTS, "properties": names})])

    def _dispatched(self, told: Json) -> Step:
        seq, kind, data = told.get("s"), told.get("t"), told.get("d")
        if isinstance(seq, bool) or not isinstance(seq, int) or not isinstance(data, dict):
            raise refused("malformed")
        self._seq = seq
        if kind == "READY":
            me = text_in(inner_in(data, "user"), "id")
            self._session, self._me = text_in(data, "session_id"), me if ID.fullmatch(me) else ""
            there = THERE.fullmatch(text_in(data, "resume_gateway_url"))
            self.next_address = f"{there[1]}{SPOKEN}" if there else ""
        if kind in ("READY", "RESUMED"):
            self.is_up, self.tries, self._refusals = True, 0, 0
        found = to_message(data, self._me) if kind == "MESSAGE_CREATE" else None
        found = tapped(data) if kind == "INTERACTION_CREATE" else found
        if kind in REACTED:
            found = reacted(data, self._me, seq, given=kind == REACTED[0])
        return Step(messages=[found] if found else [])

    def _beat(self) -> Frame:
        return _frame(HEARTBEAT, self._seq or None)

    def _end(self, code: str) -> End:
        return self.retried(guide.TEXTS[code], code)


def to_message(told: Json, me: str) -> Message | None:
    """None for a bot's, for what is not said to us, and for lines of the platform's own."""
    id, place, who = (text_in(told, "id"), text_in(told, "channel_id"), inner_in(told, "author"))
    person = text_in(who, "id")
    if not all(map(ID.fullmatch, (id, place, person))) or who.get("bot") or "webhook_id" in told:
        return None
    in_server = "guild_id" in told
    if told.get("type") not in (0, 19) or (in_server and not _is_named(told, me)):
        return None
    text = re.sub(rf"<@!?{me}>", "", text_in(told, "content")) if me else text_in(told, "content")
    files = [one for one in map(_file, list_in(told, "attachments", FILES)) if one]
    words = clean(text)[:MOST_TEXT].strip()
    if not words and not files:
        return None if in_server else Message(id, f"{place}/{person}", "", "event", _time(id), UNSUPPORTED)
    kind: Kind = files[0]["kind"] if files and not words else "text"
    data = {"attached": files} if files else {}
    handle = {"reply": id} if in_server else {}
    return Message(id, f"{place}/{person}", words, kind, _time(id), data, handle, overheard=in_server)


UNSUPPORTED = {"event": "unsupported", "type": "sticker"}


def tapped(told: Json) -> Message | None:
    """A button of ours."""
    who = inner_in(told, "user") or inner_in(inner_in(told, "member"), "user")
    id, place, person, token = (
        text_in(told, "id"), text_in(told, "channel_id"), text_in(who, "id"), text_in(told, "token"),
    )  # fmt: skip
    value = clean(text_in(inner_in(told, "data"), "custom_id"))[:200]
    is_whole = all(map(ID.fullmatch, (id, place, person))) and TOKEN.fullmatch(token)
    if told.get("type") != 3 or not is_whole or not value.strip():
        return None
    handle = {"interaction": f"{id}/{token}"}
    in_server = "guild_id" in told
    return Message(
        id, f"{place}/{person}", value, "event", _time(id), {"event": "menu"}, handle, overheard=in_server
    )


def reacted(told: Json, me: str, seq: int, *, given: bool) -> Message | None:
    """A thumb under a message, of any tone; not ours. `seq`: of the event, which has no id of its own.
    https://docs.discord.com/developers/events/gateway-events#message-reaction-add"""
    place, person, under = (text_in(told, name) for name in ("channel_id", "user_id", "message_id"))
    verdict = THUMBS.get(text_in(inner_in(told, "emoji"), "name")[:1])
    is_bot = inner_in(inner_in(told, "member"), "user").get("bot") is True
    if verdict is None or is_bot or person == me or not all(map(ID.fullmatch, (place, person, under))):
        return None
    data = {"event": "rated", "on": f"{place} {under}", "verdict": verdict if given else "none"}
    if not given:
        data["was"] = verdict
    in_server = "guild_id" in told
    return Message(f"{under}-{seq}", f"{place}/{person}", "", "event", 0.0, data, overheard=in_server)


def _is_named(told: Json, me: str) -> bool:
    return bool(me) and any(text_in(one, "id") == me for one in list_in(told, "mentions", FILES))


def _time(id: str) -> float:
    """Seconds since 1970: an id has the milliseconds since 2015 in its upper bits."""
    return ((int(id) >> 22) + 1_420_070_400_000) / 1000


def _file(told: Json) -> dict[str, Any] | None:
    url, kind = text_in(told, "url"), media_kind(text_in(told, "content_type"))
    if not CDN.fullmatch(url):
        return None
    return {"kind": kind, "url": url, "name": clean(text_in(told, "filename"))[:200]}


def _frame(op: int, data: Any) -> Frame:
    return Frame(json.dumps({"op": op, "d": data}))
