"""What a platform that nobody knows says, in the ways in which such platforms prove themselves."""

import hashlib
import hmac
import json

from tables import Answered, Got, Incoming, Offered, Outgoing, Tables

from runtime.channels import ApiAnswer, ApiRequest, WebRequest
from runtime.channels.webhook import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

SECRET = "fixture-Secret-0123456789"
NOW = 1_800_000_000.0
TIME = str(int(NOW))
TOLD = {"id": "m1", "sender": "u1", "content": "你好", "msg_type": "text"}


def signed(told=TOLD, time=TIME, secret=SECRET, **headers):
    """`X-Signature: sha256=hex(time.body)`, as by default."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    sign = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    usual = {"x-signature": f"sha256={sign}", "x-timestamp": time, "content-type": "application/json"}
    return WebRequest("POST", {}, body, {**usual, **headers})


def made(**more):
    return CHANNEL(CHANNEL.Settings(secret=SECRET, **more))


def message(**more):
    data = {"metadata": {}, **more.pop("data", {})}
    return Message(**{"id": "m1", "sender": "u1", "text": "你好", "at": NOW, "data": data, **more})


def sent(told, key="k1"):
    body = json.dumps({"id": key, "to": "u1", **told}, ensure_ascii=False).encode()
    return ApiRequest("/in?a=b", headers={"content-type": CHANNEL_JSON, "webhook-id": key}, upload=body)


CHANNEL_JSON = "application/json; charset=utf-8"
MOST = 20 * 1024 * 1024
PICTURE = "https://shop.example/tea.png"
FILE = {"kind": "image", "url": "https://cdn.example/a.png?x=1"}
CHOICES = Choices("茶？", [Choice("要", "yes"), Choice("不要", "no")])
LINES = "1. 要\n2. 不要\n\n（回复数字选择）"

TABLES = Tables(
    made(answer="both", callback="https://shop.example/in?a=b"),
    bots=[
        (signed({**TOLD, "sender": {"id": "u1", "bot": True}}), signed()),
    ],
    now=NOW,
    to="u1",
    secrets=(SECRET,),
    incoming=[
        Incoming("a text", signed(), [message()]),
        Incoming(
            "a name and more",
            signed({**TOLD, "sender": {"id": "u1", "name": "Ann"}, "shop": 3}),
            [message(who={"id": "u1", "name": "Ann"}, data={"metadata": {"shop": 3}})],
        ),
        Incoming(
            "a picture",
            signed({**TOLD, "content": "", "msg_type": "image", "files": [FILE]}),
            [message(text="", kind="image", data={"attached": [FILE]})],
        ),
        Incoming(
            "somebody followed",
            signed({"id": "m1", "sender": "u1", "event": "followed"}),
            [message(text="", kind="event", data={"event": "followed"})],
        ),
        Incoming("by a bot", signed({**TOLD, "sender": {"id": "u1", "bot": True}}), [message(is_bot=True)]),
        Incoming(
            "a form",
            signed(b"sender=u1&text=hi&id=m1", **{"content-type": "application/x-www-form-urlencoded"}),
            [message(text="hi")],
        ),
        Incoming("another's", signed(secret="another-Secret-0123456789"), refused="signature"),
        Incoming("no signature", WebRequest("POST", {}, b"{}", {"x-timestamp": TIME}), refused="signature"),
        Incoming("a signature that is not ASCII", signed(**{"x-signature": "é"}), refused="signature"),
        Incoming("a time of before", signed(time=str(int(NOW - 301))), refused="stale"),
        Incoming("a time to come", signed(time=str(int(NOW + 301))), refused="stale"),
        Incoming("no time", signed(time=""), refused="stale"),
        Incoming("a time that was changed", signed(**{"x-timestamp": f"{TIME[:-1]}1"}), refused="signature"),
        Incoming("no JSON", signed(b"hello"), refused="malformed"),
        Incoming("nobody wrote", signed({"content": "hi"}), refused="malformed"),
        Incoming("too deep", signed(b"[" * 50 + b"]" * 50), refused="malformed"),
        Incoming("a GET that proves nothing", WebRequest("GET", {"challenge": "x"}), refused="signature"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
    ],
    outgoing=[
        Outgoing("a text", "好", sent({"content": "好", "parts": [{"msg_type": "text", "content": "好"}]})),
        Outgoing(
            "as the answer to a message",
            "好",
            sent({"in_reply_to": "m1", "content": "好", "parts": [{"msg_type": "text", "content": "好"}]}),
            message(),
        ),
        Outgoing(
            "a picture in it",
            "看\n\n![茶](https://shop.example/tea.png)",
            sent({
                "content": "看\n\n![茶](https://shop.example/tea.png)",
                "parts": [
                    {"msg_type": "text", "content": "看"},
                    {"msg_type": "image", "content": "茶", "url": PICTURE, "title": "茶"},
                ],
            }),
        ),
    ],
    answered=[
        Answered("taken", {}),
        Answered("taken without a word", {}, status=204),
        Answered("another secret", {}, "http_401", 401),
        Answered("no such address", {}, "http_404", 404),
        Answered("sent elsewhere", {}, "http_302", 302),
        Answered("busy", {}, "http_429", 429),
        Answered("behind a proxy that waits", {}, "http_504", 504),
        Answered("broken", {}, "uncertain", 500),
    ],
    got=[
        Got(
            "a picture",
            message(data={"attached": [FILE]}),
            [(ApiRequest("/a.png?x=1", host="https://cdn.example", most=MOST), ApiAnswer(200, {}, b"PNG"))],
            b"PNG",
        ),
        Got(
            "one that is gone",
            message(data={"attached": [FILE]}),
            [(ApiRequest("/a.png?x=1", host="https://cdn.example", most=MOST), ApiAnswer(404, {}))],
            code="http_404",
        ),
    ],
    offered=[
        Offered(
            "two",
            CHOICES,
            sent({
                "content": f"茶？\n\n{LINES}",
                "parts": [
                    {
                        "msg_type": "choices",
                        "content": f"茶？\n\n{LINES}",
                        "question": "茶？",
                        "choices": [{"text": "要", "value": "yes"}, {"text": "不要", "value": "no"}],
                    }
                ],
            }),
        )
    ],
)  # fmt: skip
