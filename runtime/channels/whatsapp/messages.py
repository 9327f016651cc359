"""What a call of WhatsApp's brings, as our messages. All entries, changes and messages in it count.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.channels._border.lenient import inner_in, list_in
from runtime.channels._text.printable import clean
from runtime.channels.whatsapp.codes import number
from runtime.message import THREAD, Bounce, Kind, Message

Json = Mapping[str, Any]

ID = re.compile(r"[!-~]{1,256}")
FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
PHONE = re.compile(r"[0-9]{5,20}")
SCOPED = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,100}")
"""A business-scoped user id, of whoever has a username and shows no number.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids"""
GROUP = re.compile(r"[A-Za-z0-9_.=@-]{1,120}")
KEY = re.compile(r"([!-~]{1,32}) ([!-~]{1,160})")
MOST_TEXT = 20_000
MOST = 100
"""Entries, changes, messages of one call that are read; the platform's own are few."""
MEDIA: Mapping[str, Kind] = {
    "image": "image",
    "audio": "voice",
    "voice": "voice",
    "video": "video",
    "document": "file",
}
REACTION = "reaction"
THUMBS: Mapping[str, str] = {"👍": "good", "👎": "bad"}
TONES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
QUIET = ("system", "ephemeral")
"""Nothing that a person wants to be answered."""


def values(told: Json, phone_number_id: str) -> Iterator[Json]:
    """What happened at this number; a call may bring what happened at others of the same app."""
    for entry in list_in(told, "entry", MOST):
        for change in list_in(entry, "changes", MOST):
            value = change.get("value")
            if change.get("field") != "messages" or not isinstance(value, dict):
                continue
            if inner_in(value, "metadata").get("phone_number_id") == phone_number_id:
                yield value


def messages(value: Json) -> Iterator[Message]:
    """One that cannot be read does not stop the others."""
    own = str(inner_in(value, "metadata").get("display_phone_number", ""))
    for told in list_in(value, "messages", MOST):
        if found := _message(told, own):
            yield found


def bounces(value: Json) -> Iterator[Bounce]:
    """Of what did not arrive: by what we gave along with it (biz_opaque_callback_data)."""
    for status in list_in(value, "statuses", MOST):
        given = KEY.fullmatch(_text(status, "biz_opaque_callback_data"))
        if status.get("status") != "failed" or not given:
            continue
        errors = list_in(status, "errors", MOST)
        yield Bounce(given[2], given[1], number(errors[0]) or "failed" if errors else "failed")


def receiver(to: str) -> Mapping[str, str]:
    """The fields that say to whom: a number, a scoped id, or a group."""
    place, _, person = to.rpartition("/")
    if place:
        return {"recipient_type": "group", "to": place}
    name = "to" if PHONE.fullmatch(person) else "recipient"
    return {"recipient_type": "individual", name: person}


def _message(told: Json, own: str) -> Message | None:
    id, person, kind = _text(told, "id"), _person(told), _text(told, "type")
    if not ID.fullmatch(id) or not person or kind in QUIET:
        return None
    group = _text(told, "group_id")
    if group and not (GROUP.fullmatch(group) and (kind == REACTION or _is_meant(told, own))):
        return None
    found = READERS.get(kind, _other)(told)
    said, text, data = found
    sender = f"{group}/{person}" if group else person
    whole = clean(text)[:MOST_TEXT]
    if kind == REACTION and not data["on"]:
        return None
    thread = {} if kind == REACTION else {THREAD: id}
    return Message(id, sender, whole, said, _time(told), data, thread, overheard=bool(group))


def _person(told: Json) -> str:
    """The scoped id where there is one: whoever takes a username keeps it, and has no number any more."""
    scoped, phone = _text(told, "from_user_id"), _text(told, "from")
    if SCOPED.fullmatch(scoped):
        return scoped
    return phone if PHONE.fullmatch(phone) or SCOPED.fullmatch(phone) else ""


def _is_meant(told: Json, own: str) -> bool:
    """In a group: an answer to us, or our number named."""
    digits = "".join(one for one in own if one.isdigit())
    if not digits:
        return False
    words = _text(inner_in(told, "text"), "body")
    return _text(inner_in(told, "context"), "from") == digits or f"@{digits}" in words


Found = tuple[Kind, str, dict[str, Any]]


def _said(told: Json) -> Found:
    return "text", _text(inner_in(told, "text"), "body"), {}


def _file(told: Json) -> Found:
    kind = _text(told, "type")
    file = inner_in(told, kind)
    id, name = _text(file, "id"), clean(_text(file, "filename"))[:200]
    if not FILE_ID.fullmatch(id):
        return _other(told)
    data = {"attached": {"kind": MEDIA[kind], "id": id, **({"name": name} if name else {})}}
    return MEDIA[kind], _text(file, "caption"), data


def _place(told: Json) -> Found:
    spot = inner_in(told, "location")
    data: dict[str, Any] = {
        name: spot[name]
        for name in ("latitude", "longitude")
        if isinstance(spot.get(name), int | float)
        and not isinstance(spot[name], bool)
        and abs(spot[name]) <= 180
    }
    label = clean(" ".join(filter(None, (_text(spot, "name"), _text(spot, "address")))))[:300]
    return "location", "", {**data, **({"label": label} if label else {})}


def _tapped(told: Json) -> Found:
    """A button of ours, or one of a template's."""
    inner = inner_in(told, "interactive")
    if inner.get("type") == "nfm_reply":
        return _other({"type": "nfm_reply"})
    reply = inner_in(inner, str(inner.get("type"))) or inner_in(told, "button")
    value = _text(reply, "id") or _text(reply, "payload") or _text(reply, "text")
    if not value.strip():
        return _other(told)
    return "event", value[:MOST_TEXT], {"event": "menu"}


def _reacted(told: Json) -> Found:
    """A sign under something of ours. There is one of each person: another than a thumb stands instead of it,
    and without `emoji` it was taken away.
    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/reaction/"""
    sign = inner_in(told, REACTION)
    id = _text(sign, "message_id")
    verdict = THUMBS.get(TONES.sub("", _text(sign, "emoji")[:16]), "none")
    return "event", "", {"event": "rated", "on": id if ID.fullmatch(id) else "", "verdict": verdict}


def _opened(told: Json) -> Found:
    return "event", "", {"event": "opened"}


def _other(told: Json) -> Found:
    return "event", "", {"event": "unsupported", "type": clean(_text(told, "type"))[:64]}


READERS: Mapping[str, Callable[[Json], Found]] = {
    "text": _said,
    **dict.fromkeys(MEDIA, _file),
    "location": _place,
    "interactive": _tapped,
    "button": _tapped,
    REACTION: _reacted,
    "request_welcome": _opened,
}


def _time(told: Json) -> float:
    """Seconds as text; milliseconds have been seen."""
    said = _text(told, "timestamp")
    if not re.fullmatch(r"[0-9]{1,14}", said):
        return 0.0
    return int(said) / 1000 if len(said) > 11 else float(said)


def _text(told: Json, name: str) -> str:
    found = told.get(name)
    return found[:MOST_TEXT] if isinstance(found, str) else ""
