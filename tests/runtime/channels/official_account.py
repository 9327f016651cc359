"""WeChat's side of one Official Account: how it signs, seals and sends."""

import hashlib
from pathlib import Path

from runtime.channels import WebRequest, WebResponse
from runtime.channels._tencent.crypto import Envelope, signature
from runtime.channels.wechat import CHANNEL

SAMPLES = Path(__file__).parents[2] / "samples"
NOW = 1795190400.5
STAMP = "1795190400"
US, THEM = "gh_0123456789ab", "oABCdefGHIjklMNOpqrSTUvwxYZ0"
TOKEN, KEY, APP_ID = "FactSheet2026", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wx0123456789abcdef"
ACCOUNT = {
    "app_id": APP_ID,
    "original_id": US,
    "token": TOKEN,
    "encoding_aes_key": KEY,
    "app_secret": "0123456789abcdef0123456789abcdef",
}
SUCCESS = WebResponse("success")


def channel(**changes):
    return CHANNEL(CHANNEL.Settings(**{**ACCOUNT, **changes}))


SAFE, PLAIN = channel(), channel(mode="plain")


def sample(name):
    return (SAMPLES / f"wechat_{name}.xml").read_text(encoding="utf-8")


def signed(token=TOKEN, timestamp=STAMP, nonce="1320562132"):
    return {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def push(body, *, key=KEY, receive_id=APP_ID, clear="", to=US, **stamp):
    """What WeChat sends in safe mode; with `clear` fields, in compatible mode."""
    query = signed(**stamp)
    sealed = Envelope(key, receive_id).seal(body)
    proof = signature(stamp.get("token", TOKEN), query["timestamp"], query["nonce"], sealed)
    query |= {"openid": THEM, "encrypt_type": "aes", "msg_signature": proof}
    outer = (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>{clear}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return WebRequest("POST", query, outer.encode())


def plain_push(body, **stamp):
    stamp.setdefault("nonce", hashlib.sha1(body.encode()).hexdigest())  # WeChat never uses one twice
    return WebRequest("POST", signed(**stamp) | {"openid": THEM}, body.encode())


def received(account, request, now=NOW):
    """The message that a request brings, or what it is answered with when it brings none."""
    arrivals = account.receive(request, now)
    if arrivals.response is not None:
        assert not arrivals.messages
        return arrivals.response
    [message] = arrivals.messages
    return message
