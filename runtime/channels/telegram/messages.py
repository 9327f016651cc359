"""An update of Telegram's as our Message. https://core.telegram.org/bots/api#update"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.channels._text.printable import clean
from runtime.message import Kind, Message

Json = Mapping[str, Any]

WANTED = ("message", "callback_query", "my_chat_member", "message_reaction")
"""Kinds of updates that we ask for. One that was edited is not answered again."""
LARGEST_ID = 2**53
"""Their ids have at most 52 bits."""
FILE_ID = re.compile(r"[A-Za-z0-9_-]{10,512}")
QUERY = re.compile(r"[0-9]{1,32}")
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{4,32}))?(?=\s|\Z)")
MENTION = re.compile(r"(?<![A-Za-z0-9_@])@([A-Za-z0-9_]{4,32})(?![A-Za-z0-9_])")
MOST_TEXT = 20_000
MOST_DATA = 64
"""Bytes of what a button brings."""
FILES: Mapping[str, Kind] = {
    "voice": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "audio": "file",
    "document": "file",
}
"""By the member of a message that holds one; `animation` comes with a `document` that is the same."""
TYPES = ("sticker", "contact", "poll", "dice", "game", "story", "paid_media", "checklist", "giveaway")
"""What a person sends of which we can tell nothing; the rest are lines of the platform's own."""
THUMBS: Mapping[str, str] = {"👍": "good", "👎": "bad"}
JOINED, GONE = ("member", "administrator"), ("kicked", "left")


class Reader:
    """Of one bot, by its id and its username, which may be unknown."""

    def __init__(self, bot_id: str, username: str) -> None:
        self._bot_id, self._username = bot_id, username.lower()

    def messages(self, updates: object) -> list[Message]:
        """What is for us in them; one that cannot be read does not stop the others, since it would come for
        ever."""
        listed = updates if isinstance(updates, Sequence) and not isinstance(updates, str) else ()
        return [found for one in listed if isinstance(one, dict) and (found := self.message(one))]

    def message(self, update: Json) -> Message | None:
        """None for what is nothing that a person wants to be answered."""
        number = whole(update.get("update_id"))
        if number is None:
            return None
        if query := _of(update, "callback_query"):
            return self._tapped(str(number), query)
        if changed := _of(update, "my_chat_member"):
            return self._changed(str(number), changed)
        if reacted := _of(update, "message_reaction"):
            return self._reacted(str(number), reacted)
        told = _of(update, "message")
        return self._said(str(number), told) if told else None

    def _tapped(self, id: str, query: Json) -> Message | None:
        """A client may make up what a button brings: it is words, like any that are typed."""
        data, query_id, sender = query.get("data"), query.get("id"), _person(query)
        told = _of(query, "message") or {}
        place = _place(told, sender)
        if (
            not isinstance(data, str)
            or not sender
            or not place
            or len(data.encode("utf-8", "replace")) > MOST_DATA
        ):
            return None
        if not isinstance(query_id, str) or not QUERY.fullmatch(query_id):
            return None
        handle = {"query": query_id, **_thread(told)}
        data_ = {"event": "menu"}
        return Message(id, place, clean(data), "event", 0.0, data_, handle, overheard="/" in place)

    def _reacted(self, id: str, told: Json) -> Message | None:
        """A thumb under something, given or taken back; other signs say nothing. In groups it comes to bots
        that are administrators. https://core.telegram.org/bots/api#messagereactionupdated"""
        sender, number = _person({"from": told.get("user")}), whole(told.get("message_id"))
        place = _place(told, sender)
        verdict = _thumb(told.get("new_reaction")) or (_thumb(told.get("old_reaction")) and "none")
        if not place or number is None or not verdict:
            return None
        data = {"event": "rated", "on": f"{where(place)} {number}", "verdict": verdict}
        return Message(id, place, "", "event", _time(told), data, overheard="/" in place)

    def _changed(self, id: str, changed: Json) -> Message | None:
        """Somebody stopped the bot, or began again. What happens to it in groups is nobody's message."""
        sender, status = _person(changed), (_of(changed, "new_chat_member") or {}).get("status")
        if not sender or _place(changed, sender) != sender or status not in (*JOINED, *GONE):
            return None
        event = "followed" if status in JOINED else "left"
        return Message(id, sender, "", "event", _time(changed), {"event": event})

    def _said(self, id: str, told: Json) -> Message | None:
        sender = _person(told)
        place = _place(told, sender)
        if not sender or not place:
            return None
        in_group = "/" in place
        text = clean(_text(told, "text") or _text(told, "caption"))
        if in_group and not self._is_meant(told, text):
            return None
        kind, data = _content(told)
        if kind is None:
            return None
        handle = _thread(told)
        if in_group and (number := whole(told.get("message_id"))) is not None:
            handle["reply"] = str(number)
        command = COMMAND.match(text)
        if command and command[1] == "start" and not in_group and kind == "text":
            key = text[command.end() :].strip()[:MOST_DATA]
            kind, text, data = "event", "", {"event": "followed", **({"key": key} if key else {})}
        else:
            text = self._without_name(text)
        quoted = _quoted(told, self._bot_id)
        if quoted and kind == "text":
            data["quote"] = quoted
            text = "\n".join(f"> {line}" for line in quoted.splitlines()) + f"\n\n{text}"
        return Message(id, place, text, kind, _time(told), data, handle, overheard=in_group)

    def _is_meant(self, told: Json, text: str) -> bool:
        """By name, as an answer to the bot, or a command that is nobody else's."""
        if command := COMMAND.match(text):
            return not command[2] or command[2].lower() == self._username
        if str((_of(_of(told, "reply_to_message") or {}, "from") or {}).get("id")) == self._bot_id:
            return True
        if self._username and any(name.lower() == self._username for name in MENTION.findall(text)):
            return True
        entities = told.get("entities")
        listed = entities[:100] if isinstance(entities, list) else []
        users = [_of(one, "user") or {} for one in listed if isinstance(one, dict)]
        return any(str(one.get("id")) == self._bot_id for one in users)

    def _without_name(self, text: str) -> str:
        if (command := COMMAND.match(text)) and command[2]:
            return f"/{command[1]}{text[command.end() :]}"
        if not self._username:
            return text
        return MENTION.sub(lambda found: "" if found[1].lower() == self._username else found[0], text).strip()


def _thumb(given: object) -> str:
    """ "" where it is neither the one nor the other."""
    listed = given[:20] if isinstance(given, list) else []
    emoji = [one.get("emoji") for one in listed if isinstance(one, dict)]
    return next((THUMBS[one] for one in emoji if isinstance(one, str) and one in THUMBS), "")


def where(to: str) -> int | str:
    """The chat that a sender's messages come from."""
    chat = to.partition("/")[0]
    return chat if chat.startswith("@") else int(chat)


def whole(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and -LARGEST_ID < value < LARGEST_ID else None


def _content(told: Json) -> tuple[Kind | None, dict[str, Any]]:
    """None for a line of the platform's own, such as that somebody joined."""
    if "text" in told:
        return "text", {}
    if isinstance(told.get("photo"), list):
        return _file("image", "photo", _largest(told["photo"]))
    for name, kind in FILES.items():
        if isinstance(told.get(name), dict):
            return _file(kind, name, told[name])
    venue, spot = _of(told, "venue") or {}, _of(told, "location")
    if spot:
        places = {name: spot[name] for name in ("latitude", "longitude") if _is_degree(spot.get(name))}
        label = " ".join(filter(None, (_text(venue, "title"), _text(venue, "address"))))[:300]
        return "location", {**places, **({"label": clean(label)} if label else {})}
    for name in TYPES:
        if name in told:
            emoji = _text(_of(told, name) or {}, "emoji")[:16]
            return "event", {
                "event": "unsupported",
                "type": name,
                **({"emoji": clean(emoji)} if emoji else {}),
            }
    return None, {}


def _file(kind: Kind, type: str, file: Json) -> tuple[Kind, dict[str, Any]]:
    id = file.get("file_id")
    if not isinstance(id, str) or not FILE_ID.fullmatch(id):
        return "event", {"event": "unsupported", "type": type}
    name = clean(_text(file, "file_name"))[:200]
    return kind, {"attached": {"kind": kind, "file_id": id, **({"name": name} if name else {})}}


def _largest(sizes: list[Any]) -> Json:
    found = [one for one in sizes[:20] if isinstance(one, dict)]
    return max(found, key=lambda one: whole(one.get("width")) or 0, default={})


def _quoted(told: Json, bot_id: str) -> str:
    """What somebody answers to: what they picked out of it, else all of it; of the bot's own only the former,
    since it is known."""
    picked = _text(_of(told, "quote") or {}, "text")
    to = _of(told, "reply_to_message") or {}
    own = str((_of(to, "from") or {}).get("id")) == bot_id
    return clean(picked or ("" if own else _text(to, "text") or _text(to, "caption"))).strip()[:2000]


def _person(told: Json) -> str:
    """ "" for a bot, a channel, or somebody who hides behind a group."""
    who = _of(told, "from") or {}
    number = whole(who.get("id"))
    return "" if number is None or number <= 0 or who.get("is_bot") is not False else str(number)


def _place(told: Json, sender: str) -> str:
    """Of whom it is: a person alone with the bot, or a person in a group."""
    chat = _of(told, "chat") or {}
    number = whole(chat.get("id"))
    if number is None or not sender:
        return ""
    if chat.get("type") == "private":
        return sender if str(number) == sender else ""
    return f"{number}/{sender}" if chat.get("type") in ("group", "supergroup") else ""


def _thread(told: Json) -> dict[str, str]:
    """A topic of a forum."""
    number = whole(told.get("message_thread_id"))
    return {"topic": str(number)} if number is not None and told.get("is_topic_message") is True else {}


def _time(told: Json) -> float:
    found = whole(told.get("date"))
    return float(found) if found is not None and 0 < found < 2**33 else 0.0


def _is_degree(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -180 <= value <= 180


def _of(told: Any, name: str) -> Json | None:
    inner = told.get(name) if isinstance(told, dict) else None
    return inner if isinstance(inner, dict) else None


def _text(told: Json, name: str) -> str:
    found = told.get(name)
    return found[:MOST_TEXT] if isinstance(found, str) else ""
