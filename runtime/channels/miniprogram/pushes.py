"""What the platform pushes of a Mini Program's customer-service window, as our Message.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
"""

import re

from runtime.channels._tencent import messages
from runtime.channels._tencent.messages import (
    EVENT,
    MESSAGE_ID,
    TIME,
    TYPE,
    Content,
    Fields,
    event_id,
    matching,
    unsupported,
)
from runtime.message import Message

OPENID = re.compile(r"[\w-]{6,64}", re.ASCII)
ENTERED = "user_enter_tempsession"
CONTAINER = b"CheckContainerPath"
"""In the body with which Tencent's cloud hosting asks whether the path is there; nothing is signed then."""


def to_message(fields: Fields) -> Message | None:
    """None for what is only acknowledged. Raises Refused (`malformed`)."""
    kind = matching(TYPE, fields, "MsgType").lower()
    if kind == "event" and matching(EVENT, fields, "Event").lower() != ENTERED:
        return None
    sender = matching(OPENID, fields, "FromUserName")
    created = matching(TIME, fields, "CreateTime")
    if kind == "event":
        data = {"event": "opened", "welcome": True, "key": fields.get("SessionFrom", "")[:1000]}
        content, id = Content("event", "", data), event_id(created, fields, "SessionFrom")
    else:
        content = READERS.get(kind, unsupported)(fields)
        id = matching(MESSAGE_ID, fields, "MsgId")
    return Message(id, sender, content.text, content.kind, float(created), content.data)


def _page(fields: Fields) -> Content:
    """A card of one of the Mini Program's own pages, which the person sent."""
    data = {"title": fields.get("Title", ""), "url": fields.get("PagePath", "")}
    return Content("link", "\n".join(filter(None, data.values())), data)


READERS = {"text": messages.text, "image": messages.image, "miniprogrampage": _page}
