"""What api.weixin.qq.com and the callbacks of a third-party platform say."""

from dataclasses import replace

import wechat_table
from official_account import APP_ID, KEY, NOW, THEM, TOKEN, US, push, sample, signed
from tables import Answered, Incoming
from wechat_table import AT, ID

from runtime.channels import WebRequest
from runtime.channels._tencent.crypto import Envelope, signature
from runtime.channels.wechat_component import CHANNEL
from runtime.message import Message

COMPONENT = "wxc0ffee0123456789"
SECRET = "c0ffee0123456789c0ffee0123456789"
SHARED = {
    "component_app_id": COMPONENT,
    "component_app_secret": SECRET,
    "token": TOKEN,
    "encoding_aes_key": KEY,
}
ACCOUNT = {**SHARED, "app_id": APP_ID, "original_id": US, "permissions": "1,11,15"}


def channel(**changes):
    return CHANNEL(CHANNEL.Settings(**{**ACCOUNT, **changes}))


JOINED = channel()
NEW = CHANNEL(CHANNEL.Settings(**SHARED))


def forwarded(body, **more):
    """A message of an account, as it comes by the third-party platform."""
    return push(body, **{"receive_id": COMPONENT, **more})


def told(kind, *, at=int(NOW), app_id=COMPONENT, receive_id=COMPONENT, token=TOKEN, **fields):
    """An event of the third-party platform's own."""
    said = {"AppId": app_id, "CreateTime": str(at), "InfoType": kind, **fields}
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in said.items())
    sealed = Envelope(KEY, receive_id).seal(f"<xml>{inner}</xml>")
    query = signed(token)
    proof = signature(token, query["timestamp"], query["nonce"], sealed)
    body = f"<xml><AppId>{app_id}</AppId><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return WebRequest("POST", {**query, "encrypt_type": "aes", "msg_signature": proof}, body.encode())


TABLES = replace(
    wechat_table.TABLES,
    channel=JOINED,
    secrets=(TOKEN, KEY, SECRET),
    incoming=[
        Incoming("a text", forwarded(sample("text")), [Message(ID, THEM, "你好", at=AT)]),
        Incoming("an event that shows nothing", forwarded(sample("event_view"))),
        Incoming("a forged body", forwarded(sample("text"), token="another"), refused="signature"),
        Incoming("an old one", forwarded(sample("text"), timestamp="1795180000"), refused="stale"),
        Incoming(
            "sealed for the account itself", push(sample("text"), receive_id=APP_ID), refused="receive_id"
        ),
        Incoming("another account's", forwarded(sample("text").replace(US, "gh_other")), refused="account"),
        Incoming("in the clear", WebRequest("POST", signed(), sample("text").encode()), refused="downgrade"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
        Incoming("too large", WebRequest("POST", signed(), b" " * 2**21), refused="too_large"),
    ],
    looked_at=[(forwarded(body, **stamp), said) for body, stamp, said in wechat_table.LOOKED_AT],
    answered=[
        *wechat_table.TABLES.answered,
        Answered("taken back", {"errcode": 61003}, "61003"),
        Answered("not allowed by the consent", {"errcode": 61007}, "61007"),
    ],
    stranger=(
        {"errcode": 61004, "errmsg": "access clientip is not registered requestIP: 203.0.113.9"},
        "203.0.113.9",
    ),
)
