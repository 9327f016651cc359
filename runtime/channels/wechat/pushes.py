"""What the Official Account platform pushes, as our Message.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
"""

import re
from collections.abc import Mapping

from runtime.channels._tencent import messages
from runtime.channels._tencent.messages import (
    EVENT,
    MESSAGE_ID,
    SENDER,
    TIME,
    TYPE,
    Content,
    Fields,
    event_id,
    matching,
    unsupported,
)
from runtime.message import Event, Message

SAYS = "="
"""Before an id of ours that could be taken for a number."""
STICKER = re.compile(
    r"[【\[［「]\s*("
    r"(收到)?(一条)?暂?不(支持|支援)的(消息|訊息)[^】\]］」]{0,24}|unsupported message[^】\]］」]{0,24}"
    r")[】\]］」][.。!！]?",
    re.IGNORECASE,
)
"""What WeChat writes in place of a sticker, a file or a transfer: nobody typed it."""
EVENTS: Mapping[str, Event] = {
    "subscribe": "followed",
    "unsubscribe": "left",
    "scan": "scanned",
    "click": "menu",
    "kf_create_session": "taken",
    "kf_switch_session": "taken",
    "kf_close_session": "returned",
}
"""After the others nothing that we answer would be shown. `unsubscribe` is here because the data must go."""


def to_message(fields: Fields) -> Message | None:
    """The message, or None for an event that is only acknowledged. Raises Refused (`malformed`).

    A message of a type that we do not know becomes the event `unsupported`, so that the person is told. Of
    what is only acknowledged no more is asked than its name: what nobody reads cannot be malformed.
    """
    kind = matching(TYPE, fields, "MsgType").lower()
    if kind == "event" and matching(EVENT, fields, "Event").lower() not in EVENTS:
        return None
    sender = matching(SENDER, fields, "FromUserName")
    created = matching(TIME, fields, "CreateTime")
    if kind == "event":
        content = _event(fields)
        id = event_id(created, fields, "EventKey")
    elif kind in READERS or "MsgId" in fields:
        content = READERS.get(kind, unsupported)(fields)
        id = matching(MESSAGE_ID, fields, "MsgId")
    else:
        return None  # a notice of the platform's, such as a device's: no person waits for an answer
    return Message(id, sender, content.text, content.kind, float(created), content.data)


def _text(fields: Fields) -> Content:
    content, tapped = messages.text(fields), fields.get("bizmsgmenuid")
    if STICKER.fullmatch(content.text.strip()):
        return unsupported(fields)
    if not tapped:
        return content
    if tapped.isdigit():  # a link of the owner's own has a number there, and says its words
        return content._replace(data={"bizmsgmenuid": tapped})
    data = {"bizmsgmenuid": tapped, "choice": content.text}
    return content._replace(text=tapped.removeprefix(SAYS), data=data)


def _event(fields: Fields) -> Content:
    """A tapped menu button reads as if its key had been typed."""
    event = EVENTS[fields["Event"].lower()]
    key = fields.get("EventKey", "")
    return Content("event", key if event == "menu" else "", {"event": event, "key": key})


READERS = {**messages.READERS, "text": _text}
