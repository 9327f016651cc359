"""What a Feishu bot is told, by request URL and over its connection alike, as our Message.

https://open.feishu.cn/document/server-docs/im-v1/message/events/receive; the shapes as lark-oapi 1.7.5 reads
them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime import wellformed
from runtime.channels._border.refusals import refused
from runtime.channels._border.typed import Body, inner_of, matching, text_of
from runtime.channels._text.printable import clean
from runtime.message import Event, Kind, Message

ID = re.compile(r"[!-~]{1,128}")
CHAT = re.compile(r"oc_[A-Za-z0-9]{1,64}")
OPEN_ID = re.compile(r"ou_[A-Za-z0-9]{1,64}")
MESSAGE = re.compile(r"om_[A-Za-z0-9_=-]{1,96}")
KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
LARGEST = 256 * 1024
DEEPEST = 24
FILES = 10
MENTIONS = 50
VALUE = 1024
EVENTS: Mapping[str, Event] = {
    "im.chat.access_event.bot_p2p_chat_entered_v1": "opened",
    "im.chat.member.bot.added_v1": "followed",
    "card.action.trigger": "menu",
    "im.message.reaction.created_v1": "rated",
    "im.message.reaction.deleted_v1": "rated",
}
THUMBS: Mapping[str, str] = {"thumbsup": "good", "thumbsdown": "bad"}
"""https://open.feishu.cn/document/server-docs/im-v1/message-reaction/emojis-introduce"""
RECEIVED = "im.message.receive_v1"


@dataclass
class _Content:
    kind: Kind = "text"
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    """Kind, how it is asked for, its key and name."""


def to_message(told: Body, now: float) -> Message | None:
    """None for what is not for the agent. Raises Refused (`malformed`)."""
    header, event = inner_of(told, "header"), inner_of(told, "event")
    kind, id = text_of(header, "event_type"), matching(ID, text_of(header, "event_id"))
    if kind == RECEIVED:
        return _received(event, now)
    match EVENTS.get(kind):
        case "opened" if not event.get("last_message_id"):
            # it tells of each time; whoever talked with it before needs no greeting
            who = matching(OPEN_ID, text_of(inner_of(event, "operator_id"), "open_id"))
            return Message(id, who, "", "event", _at(header, now), {"event": "opened", "welcome": True})
        case "followed":
            who = matching(OPEN_ID, text_of(inner_of(event, "operator_id"), "open_id"))
            group = matching(CHAT, text_of(event, "chat_id"))
            data = {"event": "followed"}
            return Message(id, f"{group}/{who}", "", "event", _at(header, now), data, overheard=True)
        case "menu":
            return _tapped(event, id, _at(header, now))
        case "rated":
            return _reacted(event, id, _at(header, now), is_given=kind.endswith(".created_v1"))
    return None


def place(to: str) -> tuple[str, str]:
    """The group of a sender, or "", and who it is in it."""
    group, _, who = to.rpartition("/")
    return group, who


def _received(event: Body, now: float) -> Message | None:
    sender, message = inner_of(event, "sender"), inner_of(event, "message")
    if sender.get("sender_type") != "user":
        return None  # a bot
    who = matching(OPEN_ID, text_of(inner_of(sender, "sender_id"), "open_id"))
    id, chat = matching(MESSAGE, text_of(message, "message_id")), matching(CHAT, text_of(message, "chat_id"))
    is_group = message.get("chat_type") != "p2p"
    mentions = _mentions(message.get("mentions"))
    if is_group and not any(one.is_bot for one in mentions):
        return None
    kind = text_of(message, "message_type")
    content = READERS.get(kind, _unsupported)({**_content(message), "type": kind})
    content.text = _named(clean(content.text), mentions)
    handle = {f"file{n}": told for n, told in enumerate(content.files[:FILES])}
    return Message(
        id,
        f"{chat}/{who}" if is_group else who,
        content.text,
        content.kind,
        _seconds(message.get("create_time"), now),
        content.data,
        {"message": id, **handle},
        overheard=is_group,
    )


def _tapped(event: Body, id: str, at: float) -> Message | None:
    """`value` is what cards.py put there."""
    action, context = inner_of(event, "action"), inner_of(event, "context")
    value = action.get("value")
    said = value.get("say") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(said, str) or not 0 < len(said) <= VALUE:
        return None
    who = matching(OPEN_ID, text_of(inner_of(event, "operator"), "open_id"))
    group = matching(CHAT, text_of(context, "open_chat_id")) if value.get("group") is True else ""
    card = matching(MESSAGE, text_of(context, "open_message_id"))
    data = {"event": "menu", "key": said, "card": card}
    sender = f"{group}/{who}" if group else who
    return Message(id, sender, clean(said), "event", at, data, overheard=bool(group))


def _reacted(event: Body, id: str, at: float, *, is_given: bool) -> Message | None:
    """A thumb under a message, in a chat alone with the bot: the event does not say which group it is in.
    https://open.feishu.cn/document/server-docs/im-v1/message-reaction/event/created"""
    sign = text_of(inner_of(event, "reaction_type"), "emoji_type").lower()
    if event.get("operator_type") != "user" or sign not in THUMBS:
        return None
    who = matching(OPEN_ID, text_of(inner_of(event, "user_id"), "open_id"))
    on = matching(MESSAGE, text_of(event, "message_id"))
    data = {"event": "rated", "on": on, "verdict": THUMBS[sign] if is_given else "none"}
    if not is_given:
        data["was"] = THUMBS[sign]
    return Message(id, who, "", "event", at, data)


@dataclass(frozen=True)
class _Mention:
    key: str
    name: str
    is_bot: bool


def _mentions(found: object) -> Sequence[_Mention]:
    """Older servers do not say who of them is a bot; then only one that is spoken to is told at all."""
    given = [one for one in found[:MENTIONS] if isinstance(one, dict)] if isinstance(found, list) else []
    knows = any("mentioned_type" in one for one in given)
    return [
        _Mention(
            str(one.get("key") or "")[:64],
            clean(str(one.get("name") or ""))[:64],
            one.get("mentioned_type") == "bot" if knows else True,
        )
        for one in given
    ]


def _named(text: str, mentions: Sequence[_Mention]) -> str:
    """Whom it names, by name; without the bot, which is the one that reads it."""
    for one in sorted(mentions, key=lambda each: -len(each.key)):
        if one.key:
            is_only_bot = one.is_bot and sum(each.is_bot for each in mentions) == 1
            text = text.replace(one.key, "" if is_only_bot else f"@{one.name}")
    return text.replace("@_all", "@所有人").strip()


def _content(message: Body) -> Body:
    try:
        found = wellformed.load(text_of(message, "content"), largest=LARGEST, deepest=DEEPEST)
    except ValueError:
        raise refused("malformed") from None
    if not isinstance(found, dict):
        raise refused("malformed")
    return found


def _plain(content: Body) -> _Content:
    return _Content(text=text_of(content, "text"))


def _picture(content: Body) -> _Content:
    return _Content("image", files=[_file("image", "image", content, "image_key")])


def _document(content: Body) -> _Content:
    return _Content("file", files=[_file("file", "file", content, "file_key")])


def _voice(content: Body) -> _Content:
    return _Content("voice", files=[_file("voice", "file", content, "file_key")])


def _film(content: Body) -> _Content:
    return _Content("video", files=[_file("video", "file", content, "file_key")])


def _post(content: Body) -> _Content:
    """Paragraphs of pieces; some servers put a language around them."""
    inner = (
        content if "content" in content else next((v for v in content.values() if isinstance(v, dict)), {})
    )
    lines = inner.get("content")
    if not isinstance(lines, list):
        raise refused("malformed")
    found, texts = _Content(), [str(inner.get("title") or "")]
    for line in lines[:200]:
        pieces = [one for one in line[:200] if isinstance(one, dict)] if isinstance(line, list) else []
        texts.append("".join(_piece(one) for one in pieces))
        for one in pieces:
            if one.get("tag") == "img":
                found.files.append(_file("image", "image", one, "image_key"))
    found.text = "\n".join(text for text in texts if text)
    if not found.text.strip() and found.files:
        found.kind = "image"
    return found


def _piece(one: Body) -> str:
    match one.get("tag"):
        case "a":
            return f"[{one.get('text', '')}]({one.get('href', '')})"
        case "at":
            return str(one.get("user_id") or "")
        case "code_block":
            return f"\n```{str(one.get('language') or '').lower()}\n{one.get('text', '')}\n```\n"
        case _:
            return str(one.get("text") or "")


def _place(content: Body) -> _Content:
    data = {"label": str(content.get("name") or "")[:200]}
    for name in ("latitude", "longitude"):
        data[name] = str(content.get(name) or "")[:24]
    return _Content("location", "", data)


def _unsupported(content: Body) -> _Content:
    return _Content("event", "", {"event": "unsupported", "type": str(content["type"])[:64]})


READERS: Mapping[str, Callable[[Body], _Content]] = {
    "text": _plain,
    "post": _post,
    "image": _picture,
    "file": _document,
    "audio": _voice,
    "media": _film,
    "location": _place,
}


def _file(kind: str, asked: str, content: Body, name: str) -> str:
    """The name last: it may have blanks."""
    key = matching(KEY, text_of(content, name))
    called = content.get("file_name")
    shown = clean(called)[:200].replace("\n", " ") if isinstance(called, str) else ""
    return f"{kind} {asked} {key} {shown}"


def _at(header: Body, now: float) -> float:
    return _seconds(header.get("create_time"), now)


def _seconds(milliseconds: object, now: float) -> float:
    text = str(milliseconds) if isinstance(milliseconds, int | str) else ""
    return int(text) / 1000 if text.isascii() and text.isdigit() and 0 < len(text) <= 13 else now
