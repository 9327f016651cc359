"""What api.weixin.qq.com and the callbacks of an Official Account say."""

from official_account import ACCOUNT, NOW, SAFE, THEM, push, sample, signed
from tables import Answered, Incoming, Outgoing, Tables

from runtime.channels import ApiRequest, WebRequest
from runtime.message import Message

SEND = "/cgi-bin/message/custom/send"
AT = 1795190400.0
ID = "25012345678901234"


def sent(text):
    return ApiRequest(
        SEND,
        {"touser": THEM, "msgtype": "text", "text": {"content": text}, "aimsgcontext": {"is_ai_msg": 1}},
    )


TABLES = Tables(
    SAFE,
    now=NOW,
    to=THEM,
    secrets=(ACCOUNT["token"], ACCOUNT["encoding_aes_key"], ACCOUNT["app_secret"]),
    incoming=[
        Incoming("a text", push(sample("text")), [Message(ID, THEM, "你好", at=AT)]),
        Incoming(
            "a picture",
            push(sample("image")),
            [
                Message(
                    ID,
                    THEM,
                    "",
                    "image",
                    AT,
                    {"url": "http://mmbiz.qpic.cn/mmbiz_jpg/abc/0", "media_id": "MEDIA_1"},
                )
            ],
        ),
        Incoming("an event that shows nothing", push(sample("event_view"))),
        Incoming("a forged body", push(sample("text"), token="another"), refused="signature"),
        Incoming("an old one", push(sample("text"), timestamp="1795180000"), refused="stale"),
        Incoming(
            "another account's", push(sample("text"), receive_id="wxffffffffffffffff"), refused="receive_id"
        ),
        Incoming("no XML", push("<xml"), refused="malformed"),
        Incoming("in the clear", WebRequest("POST", signed(), sample("text").encode()), refused="downgrade"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
        Incoming("too large", WebRequest("POST", signed(), b" " * 2**21), refused="too_large"),
    ],
    outgoing=[
        Outgoing("a text", "你好", sent("你好")),
        Outgoing("what XML forbids is left out", "你\0好\r\n", sent("你好\n")),
    ],
    answered=[
        Answered("taken", {"errcode": 0, "errmsg": "ok"}),
        Answered("taken, as text", {"errcode": "0"}),
        Answered("busy", {"errcode": -1}, "-1"),
        Answered("an old token", {"errcode": 42001}, "42001"),
        Answered("not verified", {"errcode": 48001}, "48001"),
        Answered("too late", {"errcode": 45015}, "45015"),
        Answered("today's quota", {"errcode": 45009}, "45009"),
        Answered("nothing said", {}, "uncertain"),
    ],
)
