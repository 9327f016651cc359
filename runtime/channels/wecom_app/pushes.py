"""What WeCom pushes to an app, as our Message.

https://developer.work.weixin.qq.com/document/path/90239 (messages), /90240 (events)
"""

import re
from collections.abc import Mapping

from runtime.channels._tencent.messages import (
    EVENT,
    MESSAGE_ID,
    READERS,
    TIME,
    TYPE,
    Content,
    Fields,
    event_id,
    matching,
    unsupported,
)
from runtime.message import Event, Message

MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}")
"""A userid. Nothing else, since what we send goes to `a|b|@all` as it stands."""
EVENTS: Mapping[str, Event] = {
    "subscribe": "followed",
    "unsubscribe": "left",
    "enter_agent": "opened",
    "click": "menu",
    "template_card_event": "menu",
    "template_card_menu_event": "menu",
}
NOTICES = frozenset(
    {
        "inactive_alert",
        "close_inactive_agent",
        "reopen_inactive_agent",
        "low_active_alert",
        "low_active_close",
    }
)
"""Events for the owner of the app: it is hardly used, and will be or was closed."""


def to_message(fields: Fields) -> Message | None:
    """The message, or None for an event that is only acknowledged. Raises Refused (`malformed`).

    Of what is only acknowledged no more is asked than its name: what nobody reads cannot be malformed.
    """
    kind = matching(TYPE, fields, "MsgType").lower()
    if kind == "event" and matching(EVENT, fields, "Event").lower() not in EVENTS:
        return None
    sender = matching(MEMBER, fields, "FromUserName")
    created = matching(TIME, fields, "CreateTime")
    if kind == "event":
        content = _event(fields)
        id = event_id(created, fields, "EventKey", "TaskId", "ResponseCode")
    elif kind in READERS or "MsgId" in fields:
        content = READERS.get(kind, unsupported)(fields)
        id = matching(MESSAGE_ID, fields, "MsgId")
    else:
        return None
    code = fields.get("ResponseCode", "")
    handle = {"response_code": code} if content.data.get("task") and code else {}
    return Message(id, sender, content.text, content.kind, float(created), content.data, handle)


def _event(fields: Fields) -> Content:
    """A tapped button of a menu or a card reads as if its key had been typed."""
    event, key = EVENTS[fields["Event"].lower()], fields.get("EventKey", "")
    data = {"event": event, "key": key}
    if "TaskId" in fields:
        data["task"] = fields["TaskId"]
    return Content("event", key if event == "menu" else "", data)


def notice(fields: Fields) -> str:
    """The event that the owner is to be told of, or ""."""
    name = fields.get("Event", "").lower() if fields.get("MsgType", "").lower() == "event" else ""
    return name if name in NOTICES or name.startswith(("low_active_", "inactive_")) else ""
