"""What a DingTalk robot is sent, in Stream and HTTP mode alike, as our Message.

https://open.dingtalk.com/document/orgapp/receive-message, and dingtalk-stream 0.24.3, chatbot.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from runtime.channels._border.refusals import refused
from runtime.channels._border.typed import Body, inner_of, matching, text_of
from runtime.channels._text.printable import clean
from runtime.message import Kind, Message

ID = re.compile(r"[!-~]{1,128}")
CONVERSATION = re.compile(r"[!-~]{1,128}")
STAFF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
STRANGER = re.compile(r"\$:LWCP_v1:\$[A-Za-z0-9+/=]{1,100}")
"""Somebody of another enterprise, who has no id that anything can be sent to."""
SESSION = re.compile(r"[A-Za-z0-9_-]{1,256}")
SESSION_PLACE = ("https", "oapi.dingtalk.com", "/robot/sendBySession")
CODE = re.compile(r"[!-~]{1,2048}")
GROUP = "2"
FILES = 10
LONGEST_QUOTE = 2000
"""Characters of what somebody quotes."""


@dataclass
class _Content:
    kind: Kind = "text"
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    """Kind, code and name of each."""


def to_message(body: Body, now: float) -> Message | None:
    """None for what a robot said. Raises Refused (`malformed`)."""
    if body.get("senderId") and body.get("senderId") == body.get("chatbotUserId"):
        return None
    conversation = matching(CONVERSATION, text_of(body, "conversationId"))
    who, is_group = _who(body), str(body.get("conversationType")) == GROUP
    content = READERS.get(text_of(body, "msgtype"), _unsupported)(body)
    content.text = clean(content.text).strip()
    if quoted := _quoted(body):
        content.data["quote"] = quoted
        content.text = "\n".join(f"> {line}" for line in quoted.splitlines()) + f"\n\n{content.text}"
    handle = {f"file{n}": told for n, told in enumerate(content.files[:FILES])} | _session(body)
    sender = f"{conversation}/{who}" if is_group else who
    id = matching(ID, text_of(body, "msgId"))
    at = _seconds(body.get("createAt"), now)
    return Message(id, sender, content.text, content.kind, at, content.data, handle, overheard=is_group)


def place(to: str) -> tuple[str, str]:
    """The group of a sender, or "", and who it is in it."""
    group, _, who = to.rpartition("/")
    return group, who


def _who(body: Body) -> str:
    staff = body.get("senderStaffId")
    if isinstance(staff, str) and STAFF.fullmatch(staff):
        return staff
    # the platform's own mark of a stranger has slashes in it, which part the group from who wrote
    return matching(STRANGER, text_of(body, "senderId")).replace("/", "_")


def _session(body: Body) -> dict[str, str]:
    """The right to answer here for an hour and a half; nothing where its address leads elsewhere."""
    until = body.get("sessionWebhookExpiredTime")
    try:
        parts = urlsplit(str(body.get("sessionWebhook") or "")[:2048])
        query = dict(parse_qsl(parts.query, max_num_fields=8))
    except ValueError:
        return {}
    session = query.get("session", "")
    is_ours = (parts.scheme, parts.netloc.lower(), parts.path) == SESSION_PLACE
    if not is_ours or not SESSION.fullmatch(session) or type(until) is not int or not 0 < until < 2**53:
        return {}
    return {"session": session, "until": str(until // 1000)}


def _plain(body: Body) -> _Content:
    return _Content(text=text_of(inner_of(body, "text"), "content"))


def _voice(body: Body) -> _Content:
    """The platform wrote down what was said."""
    content = inner_of(body, "content")
    said = content.get("recognition")
    return _Content("voice", said if isinstance(said, str) else "", files=_file("voice", content))


def _picture(body: Body) -> _Content:
    return _Content("image", files=_file("image", inner_of(body, "content")))


def _video(body: Body) -> _Content:
    return _Content("video", files=_file("video", inner_of(body, "content")))


def _document(body: Body) -> _Content:
    return _Content("file", files=_file("file", inner_of(body, "content")))


def _rich(body: Body) -> _Content:
    items = inner_of(body, "content").get("richText")
    if not isinstance(items, list):
        raise refused("malformed")
    found, texts = _Content(), list[str]()
    for item in items[: 10 * FILES]:
        if not isinstance(item, dict):
            raise refused("malformed")
        if isinstance(item.get("text"), str):
            texts.append(item["text"])
        elif "downloadCode" in item:
            found.files += _file("image", item)
    found.text = "".join(texts)
    if not found.text.strip() and found.files:
        found.kind = "image"
    return found


def _unsupported(body: Body) -> _Content:
    return _Content("event", "", {"event": "unsupported", "type": str(body["msgtype"])[:64]})


READERS: Mapping[str, Callable[[Body], _Content]] = {
    "text": _plain,
    "audio": _voice,
    "picture": _picture,
    "video": _video,
    "file": _document,
    "richText": _rich,
}


def _file(kind: str, content: Body) -> list[str]:
    code = matching(CODE, text_of(content, "downloadCode"))
    name = content.get("fileName")
    return [f"{kind} {code} {clean(name)[:200] if isinstance(name, str) else ''}"]


def _quoted(body: Body) -> str:
    """What somebody answers to, in words; "" when it has none that can be read."""
    text = body.get("text")
    replied = text.get("repliedMsg") if isinstance(text, dict) else None
    content = replied.get("content") if isinstance(replied, dict) else None
    said = content.get("text") if isinstance(content, dict) else content
    return clean(said).strip()[:LONGEST_QUOTE] if isinstance(said, str) else ""


def _seconds(milliseconds: object, now: float) -> float:
    return milliseconds / 1000 if type(milliseconds) is int and 0 < milliseconds < 2**43 else now
