"""The customer-service window of a Mini Program, as the platform pushes and answers it; and its sign-ins.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
"""

import hashlib
import json

from pydantic import SecretStr
from tables import Answered, Got, Incoming, MediaPushed, Outgoing, Put, Tables

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, WebRequest
from runtime.channels.miniprogram import CHANNEL
from runtime.inspected import Inspected
from runtime.message import Message

NOW = 1_795_190_410.0
AT = 1_795_190_400.0
TOKEN, SECRET = "hongyantoken", "s" * 32
THEM, US = "oOPENID_0000000000000000001", "gh_0123456789ab"
TEXT = {"ToUserName": US, "FromUserName": THEM, "CreateTime": 1795190400}
PAGE = {"MsgType": "miniprogrampage", "MsgId": 3, "Title": "红茶", "PagePath": "pages/tea/tea?id=1"}
ENTERED = {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": "tea"}
JUDGED = {"MsgType": "event", "Event": "wxa_media_check", "trace_id": "t-1", "errcode": 0}


def account(**more):
    given = {"app_id": "wx1234567890abcdef", "app_secret": SecretStr(SECRET), "token": SecretStr(TOKEN)}
    given |= {"mode": "plain", "original_id": US, "template_id": "tpl-1", "template_page": "pages/chat/chat"}
    return CHANNEL(CHANNEL.Settings(**given | more))


def push(said, token=TOKEN, timestamp="1795190400"):
    nonce = hashlib.sha256(repr(said)[:500].encode()).hexdigest()[:12]
    signature = hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce}
    body = json.dumps({**TEXT, **said}, ensure_ascii=False).encode() if isinstance(said, dict) else said
    return WebRequest("POST", query, body)


def event_key(*parts):
    return "event:" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def subscribed(text):
    body = {"touser": THEM, "template_id": "tpl-1", "data": {"thing1": {"value": text}}}
    return ApiRequest("/cgi-bin/message/subscribe/send", {**body, "page": "pages/chat/chat"})


def answered(text):
    body = {"touser": THEM, "msgtype": "text", "text": {"content": text}}
    return ApiRequest("/cgi-bin/message/custom/send", body)


def windowed(kind, shown):
    return ApiRequest("/cgi-bin/message/custom/send", {"touser": THEM, "msgtype": kind, kind: shown})


def picture(**data):
    return Message("2", THEM, "", "image", AT, data)


GET = "/cgi-bin/media/get"
UPLOADED = ApiRequest(
    "/cgi-bin/media/upload",
    query={"type": "image"},
    upload=FormFile("media", "media.png", b"PNG", "image/png"),
)
WROTE = Message("1", THEM, "你好", at=AT)
TABLES = Tables(
    account(),
    now=NOW,
    to=THEM,
    secrets=[SECRET, TOKEN],
    incoming=[
        Incoming("a text", push({"MsgType": "text", "MsgId": 1, "Content": "你好"}), [WROTE]),
        Incoming(
            "a picture",
            push({"MsgType": "image", "MsgId": 2, "PicUrl": "https://mmbiz.qpic.cn/a", "MediaId": "M1"}),
            [Message("2", THEM, "", "image", AT, {"url": "https://mmbiz.qpic.cn/a", "media_id": "M1"})],
        ),
        Incoming(
            "a page of its own",
            push(PAGE),
            [
                Message(
                    "3",
                    THEM,
                    "红茶\npages/tea/tea?id=1",
                    "link",
                    AT,
                    {"title": "红茶", "url": "pages/tea/tea?id=1"},
                )
            ],
        ),
        Incoming(
            "somebody comes in",
            push(ENTERED),
            [
                Message(
                    event_key("1795190400", "user_enter_tempsession", "tea"),
                    THEM,
                    "",
                    "event",
                    AT,
                    {"event": "opened", "welcome": True, "key": "tea"},
                )
            ],
        ),
        Incoming("an event of no person's", push({"MsgType": "event", "Event": "weapp_audit_success"})),
        Incoming(
            "cloud hosting asks for the path", WebRequest("POST", {}, b'{"action":"CheckContainerPath"}')
        ),
        Incoming("a forged body", push({"MsgType": "text"}, token="another"), refused="signature"),
        Incoming("an old one", push({"MsgType": "text"}, timestamp="1795180000"), refused="stale"),
        Incoming("another account's", push({"ToUserName": "gh_other"}), refused="account"),
        Incoming("no JSON", push(b"{"), refused="malformed"),
        Incoming(
            "no sender", push({"MsgType": "text", "MsgId": 1, "FromUserName": "x y"}), refused="malformed"
        ),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
        Incoming("too large", push(b" " * 2**21), refused="too_large"),
    ],
    outgoing=[
        Outgoing("an answer", "你好", answered("你好"), after=WROTE),
        Outgoing("told unasked, by the template", "茶到了", subscribed("茶到了")),
        Outgoing("too long for a thing", "长" * 30, subscribed("长" * 19 + "…")),
    ],
    answered=[
        Answered("taken", {"errcode": 0, "errmsg": "ok"}),
        Answered("busy", {"errcode": -1}, "-1"),
        Answered("an old token", {"errcode": 42001}, "42001"),
        Answered("no yes is left", {"errcode": 43101}, "43101"),
        Answered("fields that are none", {"errcode": 47003}, "47003"),
        Answered("too late", {"errcode": 45015}, "45015"),
        Answered("too many", {"errcode": 45047}, "45047"),
        Answered("nothing said", {}, "uncertain"),
    ],
    got=[
        Got(
            "a picture, by its address",
            picture(url="http://mmbiz.qpic.cn/mmbiz_jpg/abc/0?wx_fmt=jpeg", media_id="M1"),
            [
                (
                    ApiRequest(
                        "/mmbiz_jpg/abc/0",
                        query={"wx_fmt": "jpeg"},
                        host="https://mmbiz.qpic.cn",
                        most=10_000_000,
                    ),
                    ApiAnswer(200, {}, b"JPEG"),
                )
            ],
            b"JPEG",
        ),
        Got(
            "a picture, by its id",
            picture(url="", media_id="M1"),
            [(ApiRequest(GET, query={"media_id": "M1"}, most=10_000_000), ApiAnswer(200, {}, b"JPEG"))],
            b"JPEG",
        ),
        Got(
            "one that is over",
            picture(media_id="M1"),
            [
                (
                    ApiRequest(GET, query={"media_id": "M1"}, most=10_000_000),
                    ApiAnswer(200, {"errcode": 40007}),
                )
            ],
            code="40007",
        ),
    ],
    put=[
        Put(
            "a picture",
            Media("image", "image/png", b"PNG", "media.png"),
            [(UPLOADED, ApiAnswer(200, {"type": "image", "media_id": "M9", "created_at": 1}))],
            {"media_id": "M9"},
        ),
        Put(
            "one that is not taken",
            Media("image", "image/png", b"PNG", "media.png"),
            [(UPLOADED, ApiAnswer(200, {"errcode": 40009}))],
            code="40009",
        ),
    ],
    media_pushed=[
        MediaPushed(
            "a picture", Shown("image", {"media_id": "M9"}, "茶"), windowed("image", {"media_id": "M9"})
        ),
        MediaPushed(
            "a card of its own page",
            Shown("image", {"media_id": "M9"}, "红茶", page="pages/tea/tea?id=1"),
            windowed(
                "miniprogrampage",
                {"title": "红茶", "pagepath": "pages/tea/tea?id=1", "thumb_media_id": "M9"},
            ),
        ),
        MediaPushed(
            "a link with a picture",
            Shown(
                "news",
                {
                    "title": "新茶",
                    "url": "https://a.example/",
                    "description": "明前",
                    "picture": "https://a.example/t.jpg",
                },
            ),
            windowed(
                "link",
                {
                    "title": "新茶",
                    "url": "https://a.example/",
                    "description": "明前",
                    "thumb_url": "https://a.example/t.jpg",
                },
            ),
        ),
    ],
    inspected=[
        ({"errcode": 0, "result": {"suggest": "pass", "label": 100}}, "pass"),
        ({"errcode": 0, "result": {"suggest": "risky", "label": 20002}}, "risky"),
        ({"errcode": 0, "result": {"suggest": "review", "label": 21000}}, "review"),
        ({"errcode": 61010}, "!61010"),
        ({"errcode": 0}, "!unreadable"),
    ],
    looked_at=[
        (push({**JUDGED, "result": {"suggest": "pass", "label": 100}}), Inspected("pass", trace="t-1")),
        (
            push({**JUDGED, "result": {"suggest": "risky", "label": 20002}}),
            Inspected("risky", "20002 色情 pornography", "t-1"),
        ),
        (push({**JUDGED, "errcode": -1008}), Inspected("review", "", "t-1", "-1008")),
        (push({**JUDGED, "trace_id": "a b"}), None),
        (push(JUDGED, token="another"), "signature"),
    ],
    stranger=({"errcode": 40164, "errmsg": "invalid ip 203.0.113.7, not in whitelist"}, "203.0.113.7"),
)
