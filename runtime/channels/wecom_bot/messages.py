"""What a WeCom AI bot is sent, by callback or over its connection alike, as our Message.

https://developer.work.weixin.qq.com/document/path/100719
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from runtime.channels._border.refusals import refused
from runtime.channels._border.typed import Body, inner_of, matching, text_of
from runtime.message import Event, Kind, Message

ID = re.compile(r"[!-~]{1,128}")
NAME = re.compile(r"[!-.0-~]{1,96}")
"""Of a person or a group; without the `/` that parts the two."""
AT = re.compile(r"^@\S{1,64}[ \u2005\u00a0]+(?=\S)")
"""How a group's message begins: with the bot's name."""
RESPONSE_HOST, RESPONSE_PATH = "qyapi.weixin.qq.com", "/cgi-bin/aibot/response"
CODE = re.compile(r"[!-~]{1,512}")
LONGEST_QUOTE = 2000
"""Characters of what somebody quotes."""
FILES = 10
"""In one message."""
KINDS: Mapping[str, Kind] = {"image": "image", "file": "file", "video": "video"}
EVENTS: Mapping[str, Event] = {
    "enter_chat": "opened",
    "template_card_event": "menu",
    "feedback_event": "rated",
}
"""After the others nothing that we answer would be shown."""

VERDICTS = {"1": "good", "2": "bad"}
"""By the type of a judgement; 3 takes it back. https://developer.work.weixin.qq.com/document/path/101027"""


@dataclass
class _Content:
    kind: Kind = "text"
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    files: list[Body] = field(default_factory=list)


def to_message(body: Body, now: float, handle: Mapping[str, str]) -> Message | None:
    """None for an event that is only acknowledged. Raises Refused (`malformed`)."""
    kind = text_of(body, "msgtype")
    event = inner_of(body, "event") if kind == "event" else {}
    if kind == "event" and text_of(event, "eventtype") not in EVENTS:
        return None
    content = _event(event) if kind == "event" else READERS.get(kind, _unsupported)(body)
    group = text_of(body, "chatid") if body.get("chattype") == "group" or body.get("chatid") else ""
    who = matching(NAME, text_of(inner_of(body, "from"), "userid"))
    sender = f"{matching(NAME, group)}/{who}" if group else who
    if group and content.kind == "text":
        content.text = AT.sub("", content.text)
    if quoted := _quoted(body):
        content.data["quote"] = quoted
        content.text = "\n".join(f"> {line}" for line in quoted.splitlines()) + f"\n\n{content.text}"
    created = body.get("create_time")
    at = float(created) if kind == "event" and type(created) is int and 0 < created < 2**33 else now
    id = matching(ID, text_of(body, "msgid"))
    whole = {**handle, **_files(content.files)}
    return Message(id, sender, content.text, content.kind, at, content.data, whole, overheard=bool(group))


def response_code(body: Body) -> str:
    """The right to answer a message once more, by its address at the platform; "" where there is none, or it
    leads anywhere else."""
    try:
        parts = urlsplit(str(body.get("response_url") or ""))
        query = parse_qs(parts.query, max_num_fields=8)
    except ValueError:
        return ""
    place = parts.scheme, parts.netloc.lower(), parts.path
    code = query.get("response_code", [""])[-1]
    is_ours = place == ("https", RESPONSE_HOST, RESPONSE_PATH) and CODE.fullmatch(code)
    return code if is_ours else ""


def place(to: str) -> tuple[str, int]:
    """The chat that a sender's messages come from, and its kind: 1 alone with the bot, 2 a group."""
    group, _, who = to.rpartition("/")
    return (group, 2) if group else (who, 1)


def _plain(body: Body) -> _Content:
    return _Content(text=text_of(inner_of(body, "text"), "content"))


def _voice(body: Body) -> _Content:
    """The platform wrote down what was said."""
    return _Content("voice", text_of(inner_of(body, "voice"), "content"))


def _file(body: Body) -> _Content:
    kind = body["msgtype"]
    inner = inner_of(body, kind)
    text_of(inner, "url")
    return _Content(KINDS[kind], files=[{**inner, "kind": kind}])


def _mixed(body: Body) -> _Content:
    items = inner_of(body, "mixed").get("msg_item")
    if not isinstance(items, list):
        raise refused("malformed")
    found = _Content()
    texts = []
    for item in items[: 2 * FILES]:
        if not isinstance(item, dict):
            raise refused("malformed")
        if item.get("msgtype") == "text":
            texts.append(text_of(inner_of(item, "text"), "content"))
        elif item.get("msgtype") == "image":
            found.files.append({**inner_of(item, "image"), "kind": "image"})
    found.text = "\n".join(texts)
    if not found.text.strip() and found.files:
        found.kind = "image"
    return found


def _unsupported(body: Body) -> _Content:
    return _Content("event", "", {"event": "unsupported", "type": str(body["msgtype"])[:64]})


def _event(event: Body) -> _Content:
    name = EVENTS[event["eventtype"]]
    match name:
        case "opened":
            return _Content("event", "", {"event": name, "welcome": True})
        case "rated":
            told = inner_of(event, "feedback_event")
            reasons = told.get("inaccurate_reason_list")
            kept = [str(one)[:64] for one in reasons[:8]] if isinstance(reasons, list) else []
            verdict = VERDICTS.get(_short(told.get("type")), "none")
            data = {"event": name, "of": _short(told.get("id")), "verdict": verdict}
            return _Content("event", _short(told.get("content"), 2000), {**data, "reasons": kept})
        case _:
            card = event.get("template_card_event")
            told = card if isinstance(card, dict) else {}
            key = _short(_any(told, "event_key", "EventKey", "eventKey"), 1024)
            task = _short(_any(told, "task_id", "TaskId", "taskId"), 128)
            return _Content("event", key, {"event": name, "key": key, **({"task": task} if task else {})})


READERS: Mapping[str, Callable[[Body], _Content]] = {
    "text": _plain,
    "voice": _voice,
    "image": _file,
    "file": _file,
    "video": _file,
    "mixed": _mixed,
}


def _quoted(body: Body) -> str:
    """What somebody quotes, in words; "" when it has none that can be read."""
    quote = body.get("quote")
    if not isinstance(quote, dict):
        return ""
    inner = quote.get(str(quote.get("msgtype")))
    content = inner.get("content") if isinstance(inner, dict) else None
    items = inner.get("msg_item") if isinstance(inner, dict) else None
    if isinstance(items, list):
        texts = (
            one["text"].get("content")
            for one in items
            if isinstance(one, dict) and isinstance(one.get("text"), dict)
        )
        content = "\n".join(text for text in texts if isinstance(text, str))
    return content.strip()[:LONGEST_QUOTE] if isinstance(content, str) else ""


def _files(files: list[Body]) -> dict[str, str]:
    """Their places, which are good for five minutes and lead to what is encrypted."""
    found = {}
    for n, file in enumerate(files[:FILES]):
        found[f"file{n}"] = (
            f"{file['kind']} {_short(file.get('aeskey'), 128)} {_short(file.get('url'), 2048)}"
        )
    return found


def _any(told: Body, *names: str) -> object:
    return next((told[name] for name in names if name in told), "")


def _short(value: object, most: int = 256) -> str:
    return str(value)[:most] if isinstance(value, str | int) else ""
