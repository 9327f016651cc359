"""What Slack tells, by a call or over a connection: an event, or a tap on a button; and what a message with
buttons is.

https://docs.slack.dev/reference/events/message.im and https://docs.slack.dev/reference/interaction-payloads/
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from runtime import wellformed
from runtime.answer import MediaKind
from runtime.channels import WebRequest
from runtime.channels._border.lenient import inner_in, list_in, text_in
from runtime.channels._text.printable import clean
from runtime.choices import Choices
from runtime.message import Kind, Message

Json = Mapping[str, Any]

LARGEST, DEEPEST = 1024 * 1024, 40
STAMP, CODE = re.compile(r"[0-9]{1,12}"), re.compile(r"[a-z_]{1,60}")
CHALLENGE = re.compile(r"[A-Za-z0-9_.=-]{1,256}")
WHO, PLACE, TS = (
    re.compile(r"[UW][A-Z0-9]{2,20}"),
    re.compile(r"[CDGUW][A-Z0-9]{2,20}"),
    re.compile(r"[0-9]{1,12}\.[0-9]{1,8}"),
)
ID = re.compile(r"[!-~]{1,100}")
MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]{2,20}(?:\|[^<>]{0,80})?>[\s:,，：]*")
LINK = re.compile(r"<(https?://[^\s<>|]{1,2000})(?:\|([^<>]{0,500}))?>")
ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
"""All that is; in this order. https://docs.slack.dev/messaging/formatting-message-text#escaping"""
THUMBS: Mapping[str, str] = {"+1": "good", "thumbsup": "good", "-1": "bad", "thumbsdown": "bad"}
MOST_TEXT, FILES = 20_000, 10


def read(request: WebRequest) -> Json | None:
    """An event is JSON, a tap a form with JSON in it. None for what is neither."""
    body: bytes | str = request.body
    try:
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            body = parse_qs(request.body.decode(), max_num_fields=8).get("payload", [""])[-1]
        found = wellformed.load(body, largest=LARGEST, deepest=DEEPEST)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def message(told: Json) -> Message | None:
    """None for what nobody wants to be answered: bots, ourselves, what was changed or deleted."""
    if told.get("type") == "block_actions":
        return _tapped(told)
    event, id = inner_in(told, "event"), text_in(told, "event_id")
    kind, who, place = event.get("type"), text_in(event, "user"), text_in(event, "channel")
    if told.get("type") != "event_callback" or not ID.fullmatch(id) or not WHO.fullmatch(who):
        return None
    if kind in ("reaction_added", "reaction_removed"):
        return _reacted(event, id, who)
    if kind == "app_home_opened":
        opened = {"event": "opened"}
        return Message(id, who, "", "event", 0.0, opened) if event.get("tab") == "messages" else None
    alone = kind == "message" and event.get("channel_type") == "im"
    if "bot_id" in event or event.get("subtype", "file_share") != "file_share" or not PLACE.fullmatch(place):
        return None
    if not alone and kind != "app_mention":
        return None
    stamp, thread = text_in(event, "ts"), text_in(event, "thread_ts")
    in_thread = thread if TS.fullmatch(thread) else "" if alone else stamp
    files = [one for one in map(_file, list_in(event, "files", FILES)) if one]
    text = _plain(text_in(event, "text"))
    if not text.strip() and not files:
        return None
    handle = {"thread": in_thread} if TS.fullmatch(in_thread) else {}
    sender, data = who if alone else f"{place}/{who}", {"attached": files} if files else {}
    said: Kind = files[0]["kind"] if files and not text.strip() else "text"
    at = float(stamp) if TS.fullmatch(stamp) else 0.0
    return Message(id, sender, text, said, at, data, handle, overheard=not alone)


def _reacted(event: Json, id: str, who: str) -> Message | None:
    """A thumb under a message, whatever its tone. https://docs.slack.dev/reference/events/reaction_added"""
    item = inner_in(event, "item")
    place, shown, stamp = text_in(item, "channel"), text_in(item, "ts"), text_in(event, "event_ts")
    verdict = THUMBS.get(text_in(event, "reaction").partition("::")[0])
    if verdict is None or not PLACE.fullmatch(place) or not TS.fullmatch(shown):
        return None
    given = verdict if event.get("type") == "reaction_added" else "none"
    alone = place.startswith("D")
    sender, at = who if alone else f"{place}/{who}", float(stamp) if TS.fullmatch(stamp) else 0.0
    data = {"event": "rated", "on": f"{place} {shown}", "verdict": given}
    if given == "none":
        data["was"] = verdict
    return Message(id, sender, "", "event", at, data, overheard=not alone)


def offered(choices: Choices) -> dict[str, Any]:
    """Below the words, and as a message without blocks for who is told of it."""
    buttons = [
        {
            "type": "button",
            "action_id": f"choice_{n}",
            "text": {"type": "plain_text", "text": clean(one.text)},
            "value": one.value,
        }
        for n, one in enumerate(choices.options)
    ]
    words = {"type": "section", "text": {"type": "mrkdwn", "text": choices.question}}
    return {"text": choices.question, "blocks": [words, {"type": "actions", "elements": buttons}]}


def _tapped(told: Json) -> Message | None:
    actions = list_in(told, "actions", FILES)
    who, place = text_in(inner_in(told, "user"), "id"), text_in(inner_in(told, "channel"), "id")
    shown = text_in(inner_in(told, "message"), "ts")
    value = text_in(actions[0], "value") if actions else ""
    id = f"{text_in(actions[0], 'action_ts')}-{who}" if actions else ""
    is_whole = WHO.fullmatch(who) and PLACE.fullmatch(place) and TS.fullmatch(shown) and ID.fullmatch(id)
    if not is_whole or not value.strip():
        return None
    alone = place.startswith("D")
    thread = text_in(inner_in(told, "message"), "thread_ts")
    handle = {"shown": f"{place} {shown}", **({"thread": thread} if TS.fullmatch(thread) else {})}
    sender = who if alone else f"{place}/{who}"
    return Message(id, sender, clean(value), "event", 0.0, {"event": "menu"}, handle, overheard=not alone)


def _plain(text: str) -> str:
    """As it was typed: without the app's name before it, links as they are."""
    bare = MENTION.sub("", text[:MOST_TEXT])
    bare = LINK.sub(lambda link: link[1] if link[2] in (None, "", link[1]) else f"{link[2]} {link[1]}", bare)
    for escaped, sign in ESCAPED.items():
        bare = bare.replace(escaped, sign)
    return clean(bare).strip()


def _file(told: Json) -> dict[str, Any] | None:
    url, family = text_in(told, "url_private_download"), text_in(told, "mimetype").partition("/")[0]
    kinds: Mapping[str, MediaKind] = {"image": "image", "audio": "voice", "video": "video"}
    if not re.fullmatch(r"https://files\.slack\.com/[!-~]{1,1000}", url):
        return None
    return {"kind": kinds.get(family, "file"), "url": url, "name": clean(text_in(told, "name"))[:200]}
