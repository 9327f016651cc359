"""What api.weixin.qq.com and the callbacks of an Official Account say."""

import hashlib
import re

from official_account import ACCOUNT, NOW, SAFE, THEM, US, push, sample, signed
from tables import Answered, Got, Incoming, MediaPushed, Offered, Outgoing, Put, Tables

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, WebRequest
from runtime.channels.wechat.media import THUMB
from runtime.choices import Choice, Choices
from runtime.inspected import Inspected
from runtime.message import Message

SEND = "/cgi-bin/message/custom/send"
AT = 1795190400.0
ID = "25012345678901234"
DESK = {"kf_create_session": "taken", "kf_switch_session": "taken", "kf_close_session": "returned"}
DESK_ID = {name: "event:" + hashlib.sha256(f"{int(AT)}|{name}|".encode()).hexdigest()[:32] for name in DESK}


def desk(name):
    """A human at the account's console did something."""
    servicer = "<KfAccount><![CDATA[test1@gh_0123456789ab]]></KfAccount>"
    return re.sub(
        r"<Event>.*</EventKey>",
        f"<Event><![CDATA[{name}]]></Event>{servicer}",
        sample("event_click"),
        flags=re.S,
    )


def sent(text):
    return ApiRequest(
        SEND,
        {"touser": THEM, "msgtype": "text", "text": {"content": text}, "aimsgcontext": {"is_ai_msg": 1}},
    )


GET = "/cgi-bin/media/get"


def sent_as(kind, content):
    return ApiRequest(
        SEND, {"touser": THEM, "msgtype": kind, kind: content, "aimsgcontext": {"is_ai_msg": 1}}
    )


def came(kind, **data):
    return Message(ID, THEM, "", kind, AT, data)


def upload(kind, name, content, type):
    return ApiRequest(
        "/cgi-bin/media/upload", query={"type": kind}, upload=FormFile("media", name, content, type)
    )


INSPECTED = [
    ({"errcode": 0, "result": {"suggest": "pass", "label": 100}}, "pass"),
    ({"errcode": 0, "result": {"suggest": "review", "label": 20001}}, "review"),
    ({"errcode": 0, "result": {"suggest": "risky", "label": 20006}, "detail": [{}]}, "risky"),
    ({"errcode": 0, "result": {"suggest": "risky", "label": "9" * 99}}, "risky"),
    ({"errcode": 87014, "errmsg": "risky content"}, "risky"),
    ({"errcode": 0, "errmsg": "ok"}, "!unreadable"),
    ({"errcode": 0, "result": {"suggest": "fine", "label": 1}}, "!unreadable"),
    ({"errcode": 0, "result": "pass"}, "!unreadable"),
    ({}, "!unreadable"),
    *(
        ({"errcode": code}, f"!{code}")
        for code in (-1, 40001, 40003, 40129, 43104, 44002, 45009, 48001, 61010)
    ),
]


def looked_at(suggest, label, code=0, trace="a1-b2"):
    """What a file came to."""
    result = f"<suggest><![CDATA[{suggest}]]></suggest><label>{label}</label>"
    return (
        f"<xml><ToUserName><![CDATA[{US}]]></ToUserName><FromUserName><![CDATA[{THEM}]]></FromUserName>"
        f"<CreateTime>{int(AT)}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[wxa_media_check]]></Event><trace_id><![CDATA[{trace}]]></trace_id>"
        f"<version>2</version><detail><strategy>content_model</strategy><suggest>pass</suggest></detail>"
        f"<errcode>{code}</errcode><errmsg>ok</errmsg><result>{result}</result></xml>"
    )


LOOKED_AT = [
    (looked_at("pass", 100), {}, Inspected("pass", trace="a1-b2")),
    (looked_at("risky", 20002), {}, Inspected("risky", "20002 色情 pornography", "a1-b2")),
    (looked_at("risky", 20002, code=-1008), {}, Inspected("review", "", "a1-b2", "-1008")),
    (looked_at("fine", 1), {}, Inspected("review", "", "a1-b2", "unreadable")),
    (looked_at("pass", 100, trace="a b"), {}, None),
    (looked_at("pass", 100), {"token": "another"}, "signature"),
]

TABLES = Tables(
    SAFE,
    now=NOW,
    to=THEM,
    identified=[
        ({"subscribe": 1, "openid": THEM, "unionid": "o6_bmasdasdsad6_2sgVt"}, "o6_bmasdasdsad6_2sgVt"),
        ({"subscribe": 1, "openid": THEM}, ""),
        ({"unionid": ["o6_bmasdasdsad6_2sgVt"]}, ""),
        ({"unionid": "o6\nSet-Cookie: x"}, ""),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, "!48001"),
    ],
    inspected=INSPECTED,
    looked_at=[(push(body, **stamp), said) for body, stamp, said in LOOKED_AT],
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
        *(
            Incoming(
                name,
                push(desk(name)),
                [Message(DESK_ID[name], THEM, "", "event", AT, {"event": word, "key": ""})],
            )
            for name, word in DESK.items()
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
    got=[
        Got(
            "a picture, by its address",
            came("image", url="http://mmbiz.qpic.cn/mmbiz_jpg/abc/0?wx_fmt=jpeg", media_id="M1"),
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
            "a voice",
            came("voice", media_id="M1", format="amr"),
            [
                (
                    ApiRequest(GET, query={"media_id": "M1"}, most=2_000_000),
                    ApiAnswer(200, {}, b"#!AMR\n"),
                )
            ],
            b"#!AMR\n",
        ),
        Got(
            "a voice, of an account that may not",
            came("voice", media_id="M1"),
            [
                (
                    ApiRequest(GET, query={"media_id": "M1"}, most=2_000_000),
                    ApiAnswer(200, {"errcode": 48001, "errmsg": "api unauthorized"}),
                )
            ],
            code="48001",
        ),
        Got(
            "a video, which is elsewhere",
            came("video", media_id="M1"),
            [
                (
                    ApiRequest(GET, query={"media_id": "M1"}, most=20_000_000),
                    ApiAnswer(200, {"video_url": "http://mp.video.weixin.qq.com/v?vid=1"}),
                ),
                (
                    ApiRequest(
                        "/v", query={"vid": "1"}, host="https://mp.video.weixin.qq.com", most=20_000_000
                    ),
                    ApiAnswer(200, {}, b"ftyp"),
                ),
            ],
            b"ftyp",
        ),
        Got(
            "nothing at all",
            came("voice", media_id="M1"),
            [(ApiRequest(GET, query={"media_id": "M1"}, most=2_000_000), ApiAnswer(200, {}))],
            code="unreadable",
        ),
    ],
    put=[
        Put(
            "a picture",
            Media("image", "image/png", b"PNG", "media.png"),
            [
                (
                    upload("image", "media.png", b"PNG", "image/png"),
                    ApiAnswer(200, {"type": "image", "media_id": "M9", "created_at": 1}),
                )
            ],
            {"media_id": "M9"},
        ),
        Put(
            "a video, with what stands for it",
            Media("video", "video/mp4", b"MP4", "media.mp4"),
            [
                (upload("video", "media.mp4", b"MP4", "video/mp4"), ApiAnswer(200, {"media_id": "M9"})),
                (
                    upload("thumb", "thumb.jpg", THUMB, "image/jpeg"),
                    ApiAnswer(200, {"type": "thumb", "thumb_media_id": "T9"}),
                ),
            ],
            {"media_id": "M9", "thumb_media_id": "T9"},
        ),
        Put(
            "a picture, of an account that may not",
            Media("image", "image/png", b"PNG", "media.png"),
            [(upload("image", "media.png", b"PNG", "image/png"), ApiAnswer(200, {"errcode": 48001}))],
            code="48001",
        ),
    ],
    media_pushed=[
        MediaPushed("a picture", Shown("image", {"media_id": "M9"}), sent_as("image", {"media_id": "M9"})),
        MediaPushed("a voice", Shown("voice", {"media_id": "M9"}), sent_as("voice", {"media_id": "M9"})),
        MediaPushed(
            "a video",
            Shown("video", {"media_id": "M9", "thumb_media_id": "T9"}, "开箱"),
            sent_as(
                "video",
                {"media_id": "M9", "thumb_media_id": "T9", "title": "开箱", "description": ""},
            ),
        ),
        MediaPushed(
            "a card",
            Shown("news", {"title": "新茶", "url": "https://a.example/", "description": "明前"}),
            sent_as(
                "news",
                {
                    "articles": [
                        {
                            "title": "新茶",
                            "description": "明前",
                            "url": "https://a.example/",
                            "picurl": "",
                        }
                    ]
                },
            ),
        ),
    ],
    offered=[
        Offered(
            "a menu; an id that could be a number of the owner's is marked",
            Choices("要什么？", [Choice("查订单", "orders"), Choice("第一件", "1"), Choice("等于", "=1")]),
            sent_as(
                "msgmenu",
                {
                    "head_content": "要什么？",
                    "list": [
                        {"id": "orders", "content": "查订单"},
                        {"id": "=1", "content": "第一件"},
                        {"id": "==1", "content": "等于"},
                    ],
                    "tail_content": "",
                },
            ),
        )
    ],
    stranger=(
        {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"},
        "203.0.113.9",
    ),
)
