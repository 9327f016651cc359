"""What a WeCom AI bot is sent and shows, by callback and over its long connection."""

import base64
import hashlib
import json

from tables import (
    Answered,
    Ended,
    Got,
    Grown,
    Incoming,
    Linked,
    MediaPushed,
    Offered,
    Outgoing,
    Put,
    Tables,
    Tapped,
)

from runtime.channels import ApiAnswer, ApiRequest, Bubble, Frame, Held, Media, Shown, WebRequest
from runtime.channels.wecom_bot import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message
from runtime.simulator.wecom_bot.wire import Seal

NOW = 1795190402.0
TOKEN, KEY = "Qx7mR2kLp9", "k3JxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
SECRET, BOT = "mN4xVb7cQz1LpRt8KjHs2Wd6Fg3Ya9Ee", "aibQ7xY2mK9pL4"
SEAL = Seal(TOKEN, KEY)
CODE = "rc_9f8e7d6c5b4a"
URL = f"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code={CODE}"
CALLED = CHANNEL(CHANNEL.Settings(mode="webhook", token=TOKEN, encoding_aes_key=KEY))
LINKED = CHANNEL(CHANNEL.Settings(mode="connection", bot_id=BOT, secret=SECRET))


def body(msgtype="text", chat="", **more):
    """A message of zhangsan's, alone with the bot or in a group."""
    where = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
    inner = more.pop(msgtype, {"content": "你好"})
    shown = {"msgid": "CAIQ1", "aibotid": BOT, **where, "from": {"userid": "zhangsan"}, "msgtype": msgtype}
    return {**shown, msgtype: inner, **more}


def event(name, **more):
    return body("event", event={"eventtype": name, **more}, create_time=1795190400)


def call(told, seal=SEAL, now=NOW, **more):
    knock = seal.knock(json.dumps(told, ensure_ascii=False), now)
    return WebRequest("POST", {**knock.query, **more}, knock.body)


def message(text="你好", kind="text", data=None, sender="zhangsan", at=NOW, **handle):
    return Message("CAIQ1", sender, text, kind, at, data or {}, handle, overheard="/" in sender)


def comes(id, told, *messages):
    """The same by callback…"""
    return Incoming(id, call(told), messages)


def arrives(id, told, *messages):
    """…and over the connection."""
    named = [Message(**{**vars(one), "handle": {**one.handle, "req": "R1"}}) for one in messages]
    return Linked(id, ["opened", WELCOME, callback(told)], messages=named, is_up=True)


def callback(told, cmd="aibot_msg_callback"):
    return json.dumps({"cmd": cmd, "headers": {"req_id": "R1"}, "body": told})


def said(id, code):
    return json.dumps({"headers": {"req_id": id}, "errcode": code, "errmsg": "ok"})


HELLO, NAME = f"aibot_subscribe_{int(NOW)}_1", {"bot_id": BOT, "secret": SECRET}
WELCOME = said(HELLO, 0)
PING_ID = f"ping_{int(NOW) + 30}_2"
PING = Frame(json.dumps({"cmd": "ping", "headers": {"req_id": PING_ID}}), PING_ID)
PONG = said(PING_ID, 0)
TAKEN = callback({"msgtype": "event", "event": {"eventtype": "disconnected_event"}}, "aibot_event_callback")
IMAGE = "https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com/abc?sign=1"
PICTURE = b"GIF89a" + bytes(40)
AT_IMAGE = ApiRequest(
    "/abc",
    None,
    {"sign": "1"},
    host="https://ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com",
    most=10 * 1024 * 1024,
)
MIXED = {
    "msg_item": [
        {"msgtype": "text", "text": {"content": "这是什么"}},
        {"msgtype": "image", "image": {"url": IMAGE}},
    ]
}
QUOTE = {"msgtype": "text", "text": {"content": "被引用\n的话"}}
CARD = {"card_type": "button_interaction", "event_key": "yes", "task_id": "t1"}
RATED = {"id": "7-0a", "type": 2, "content": "太长", "inaccurate_reason_list": [1, 4]}
OPENED = {"event": "opened", "welcome": True}
SAME = [
    ("a text", body(), message()),
    (
        "in a group, without the bot's name",
        body(chat="wrkSFfCgAA", text={"content": "@小助手 报销怎么走？"}),
        message("报销怎么走？", sender="wrkSFfCgAA/zhangsan"),
    ),
    ("what was spoken", body("voice", voice={"content": "在吗"}), message("在吗", "voice")),
    ("a picture", body("image", image={"url": IMAGE}), message("", "image", file0=f"image  {IMAGE}")),
    (
        "a picture with its own key",
        body("image", image={"url": IMAGE, "aeskey": "a2V5"}),
        message("", "image", file0=f"image a2V5 {IMAGE}"),
    ),
    ("a file", body("file", file={"url": IMAGE}), message("", "file", file0=f"file  {IMAGE}")),
    ("text and pictures", body("mixed", mixed=MIXED), message("这是什么", file0=f"image  {IMAGE}")),
    (
        "a quote",
        body(quote=QUOTE),
        message("> 被引用\n> 的话\n\n你好", data={"quote": "被引用\n的话"}),
    ),
    ("something new", body("sticker"), message("", "event", {"event": "unsupported", "type": "sticker"})),
    ("the chat is opened", event("enter_chat"), message("", "event", OPENED, at=1795190400.0)),
    (
        "a card's button",
        event("template_card_event", template_card_event=CARD),
        message("yes", "event", {"event": "menu", "key": "yes", "task": "t1"}, at=1795190400.0),
    ),
    (
        "a card's button, spelled as some clients do",
        event("template_card_event", template_card_event={"EventKey": "yes"}),
        message("yes", "event", {"event": "menu", "key": "yes"}, at=1795190400.0),
    ),
    (
        "a judgement",
        event("feedback_event", feedback_event=RATED),
        message(
            "太长",
            "event",
            {"event": "rated", "of": "7-0a", "verdict": "bad", "reasons": ["1", "4"]},
            at=1795190400.0,
        ),
    ),
]
QUIET = [("an event that shows nothing", event("auth_change_event", auth_change_event={"auth_list": [1]}))]


def sealed(response):
    """What a response shows, as the platform opens it."""
    return json.loads(SEAL.open(response.body))


def bubble(text, done, feedback):
    stream = {"id": "7-0a", "finish": done, "content": text}
    return {"msgtype": "stream", "stream": {**stream, **({"feedback": {"id": "7-0a"}} if feedback else {})}}


def markdown(text):
    return {"msgtype": "markdown", "markdown": {"content": text}}


def frame(cmd, id, told):
    return Frame(json.dumps({"cmd": cmd, "headers": {"req_id": id}, "body": told}, ensure_ascii=False), id)


def uploading(step, more, told, there=None, code=0):
    """A frame of an upload, and what is said to it."""
    cmd, mark = f"aibot_upload_media_{step}", hashlib.sha256(PDF.content).hexdigest()[:16]
    said = {
        "headers": {"req_id": f"{cmd}_{mark}{more}"},
        "errcode": code,
        **({"body": there} if there else {}),
    }
    return frame(cmd, f"{cmd}_{mark}{more}", told), ApiAnswer(200, said)


def init(media, count):
    return {
        "type": media.kind,
        "filename": media.name,
        "total_size": len(media.content),
        "total_chunks": count,
        "md5": hashlib.md5(media.content).hexdigest(),
    }


def chunk(n, piece):
    return {"upload_id": "U1", "chunk_index": n, "base64_data": base64.b64encode(piece).decode()}


PNG = Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png")
PDF = Media("file", "application/pdf", b"%PDF-1.7 " + bytes(600_000), "价目表.pdf")
PICTURE_ITEM = {
    "msgtype": "image",
    "image": {"base64": "iVBORw0KGgo=", "md5": hashlib.md5(PNG.content).hexdigest()},
}
OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
TAP = message(text="orders", kind="event", data={"event": "menu", "task": "t1"})


def card(task):
    told = {
        "card_type": "button_interaction",
        "main_title": {"title": "要什么？"},
        "button_list": [
            {"text": "查订单", "style": 1, "key": "orders"},
            {"text": "人工", "style": 1, "key": "转人工"},
        ],
        "task_id": task,
    }
    return {"msgtype": "template_card", "template_card": told}


def settled(words, **more):
    told = {"card_type": "text_notice", "main_title": {"title": words}, **more, "task_id": "t1"}
    return {"response_type": "update_template_card", "template_card": told}


ANSWERED = [
    Answered("taken", {"errcode": 0, "errmsg": "ok"}),
    Answered("busy", {"errcode": -1}, "-1"),
    Answered("no such chat", {"errcode": 93006, "errmsg": "invalid chatid"}, "93006"),
    Answered("something unreadable", {}, "uncertain"),
]
EXPIRED = Answered("the stream is over", {"errcode": 846608}, "846608")

TABLES = Tables(
    CALLED,
    calls=r"<@",
    now=NOW,
    to="zhangsan",
    secrets=(TOKEN, KEY, CODE),
    incoming=[
        *(comes(*row) for row in SAME),
        *(comes(*row) for row in QUIET),
        comes("a response address", body(response_url=URL), message(code=CODE)),
        comes("one that leads elsewhere", body(response_url=URL.replace("qyapi", "evil")), message()),
        comes("one with another port", body(response_url=URL.replace(".com/", ".com:8443/")), message()),
        comes("one with a name before it", body(response_url=URL.replace("qyapi.", "a@qyapi.")), message()),
        comes("one of another path", body(response_url=URL.replace("aibot/", "menu/")), message()),
        comes("one in the clear", body(response_url=URL.replace("https", "http")), message()),
        Incoming(
            "the platform asks for a bubble", call(body("stream", stream={"id": "7-0a"})), bubble="7-0a"
        ),
        Incoming("a forged body", call(body(), Seal("another", KEY)), refused="signature"),
        Incoming("an old one", call(body(), now=NOW - 4000), refused="stale"),
        Incoming("another key", call(body(), Seal(TOKEN, "A" * 43)), refused="decrypt"),
        Incoming("another receiver", call(body(), Seal(TOKEN, KEY, "wx1")), refused="receive_id"),
        Incoming("in the clear", WebRequest("POST", {}, b'{"msgtype": "text"}'), refused="downgrade"),
        Incoming("no JSON", WebRequest("POST", {}, b"<xml/>"), refused="malformed"),
        Incoming("no object", call([1]), refused="malformed"),
        Incoming("nobody wrote it", call({"msgtype": "text", "text": {"content": "x"}}), refused="malformed"),
        Incoming("a name with a slash", call({**body(), "from": {"userid": "a/b"}}), refused="malformed"),
        Incoming("a text that is none", call(body(text={"content": ["x"]})), refused="malformed"),
        Incoming("no bubble's name", call(body("stream", stream={"id": 7})), refused="malformed"),
        Incoming(
            "too many values",
            WebRequest("POST", {}, b'{"encrypt": [' + b"{}," * 3000 + b"1]}"),
            refused="malformed",
        ),
        Incoming("too many values inside", call({**body(), "more": [[]] * 3000}), refused="malformed"),
        Incoming("too large", WebRequest("POST", {}, b" " * 2**21), refused="too_large"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
    ],
    outgoing=[
        Outgoing(
            "to its response address, once",
            "好",
            ApiRequest("/cgi-bin/aibot/response", markdown("好"), {"response_code": CODE}),
            after=message(code=CODE),
        )
    ],
    answered=ANSWERED,
    got=[
        Got(
            "a picture under the callback's key",
            message("", "image", file0=f"image  {IMAGE}"),
            [(AT_IMAGE, ApiAnswer(200, {}, SEAL.media(PICTURE)))],
            PICTURE,
        ),
        Got(
            "a picture under its own key",
            message("", "image", file0=f"image {KEY} {IMAGE}"),
            [(AT_IMAGE, ApiAnswer(200, {}, SEAL.media(PICTURE)))],
            PICTURE,
        ),
        Got(
            "one that is gone",
            message("", "image", file0=f"image  {IMAGE}"),
            [(AT_IMAGE, ApiAnswer(200, {"errcode": 40007}))],
            code="40007",
        ),
    ],
    put=[
        Put("a picture, which the end of a bubble holds", PNG, [], {"held": True}),
        Put("a file, which none does", PDF, [], code="no_file"),
    ],
    offered=[
        Offered(
            "to the response address of a tap",
            OFFER,
            ApiRequest("/cgi-bin/aibot/response", card("k1"), {"response_code": CODE}),
            after=message(code=CODE),
        )
    ],
    tapped=[
        Tapped("on a card that is known", TAP, OFFER, settled("✓ 查订单", sub_title_text="要什么？")),
        Tapped("on one that is not", TAP, None, settled("✓")),
    ],
    ended=[
        Ended(
            "a card",
            "请选",
            Held((), OFFER),
            {**bubble("请选", True, True), **card("end-7-0a"), "msgtype": "stream_with_template_card"},
        ),
        Ended(
            "a picture",
            "请看",
            Held([PNG]),
            {
                **bubble("请看", True, True),
                "stream": {**bubble("请看", True, True)["stream"], "msg_item": [PICTURE_ITEM]},
            },
        ),
    ],
    bubble=Bubble("7-0a", message(code=CODE)),
    grown=[
        Grown("its beginning", "", False, bubble("<think></think>", False, True)),
        Grown("more", "你", False, bubble("你", False, False)),
        Grown("its end", "你好", True, bubble("你好", True, True)),
    ],
    opened=sealed,
    bubble_answered=[*ANSWERED, EXPIRED],
)

OTHERS = {
    "connection": Tables(
        LINKED,
        calls=r"<@",
        now=NOW,
        to="zhangsan",
        secrets=(SECRET,),
        outgoing=[
            Outgoing(
                "alone with somebody",
                "好",
                frame("aibot_send_msg", "push_k1", {"chatid": "zhangsan", "chat_type": 1, **markdown("好")}),
            ),
            Outgoing(
                "in a group",
                "好",
                frame("aibot_send_msg", "push_k1", {"chatid": "wrk1", "chat_type": 2, **markdown("好")}),
                after=message(sender="wrk1/zhangsan", req="R1"),
            ),
        ],
        answered=ANSWERED,
        offered=[
            Offered(
                "a card",
                OFFER,
                frame("aibot_send_msg", "push_k1", {"chatid": "zhangsan", "chat_type": 1, **card("k1")}),
            ),
            Offered(
                "a greeting",
                OFFER,
                frame("aibot_respond_welcome_msg", "R1", card("k1")),
                greeting=message(kind="event", text="", data=OPENED, req="R1"),
            ),
        ],
        tapped=[
            Tapped(
                "on a card",
                message(text="orders", kind="event", data={"event": "menu", "task": "t1"}, req="R1"),
                OFFER,
                frame("aibot_respond_update_msg", "R1", settled("✓ 查订单", sub_title_text="要什么？")),
            )
        ],
        put=[
            Put(
                "a file, in pieces",
                PDF,
                [
                    uploading("init", "", init(PDF, 2), {"upload_id": "U1"}),
                    uploading("chunk", "_0", chunk(0, PDF.content[: 512 * 1024])),
                    uploading("chunk", "_1", chunk(1, PDF.content[512 * 1024 :])),
                    uploading("finish", "", {"upload_id": "U1"}, {"type": "file", "media_id": "M9"}),
                ],
                {"media_id": "M9"},
            ),
            Put("one too many", PDF, [uploading("init", "", init(PDF, 2), code=45009)], code="45009"),
        ],
        media_pushed=[
            MediaPushed(
                name,
                Shown(name, {"media_id": "M9"}, told[name].get("title", "")),
                frame("aibot_send_msg", "push_k1", told),
            )
            for name, told in (
                (
                    name,
                    {"chatid": "zhangsan", "chat_type": 1, "msgtype": name, name: {"media_id": "M9", **more}},
                )
                for name, more in (("image", {}), ("voice", {}), ("video", {"title": "开箱"}), ("file", {}))
            )
        ],
        linked=[
            Linked("it says who it is", ["opened"], send=[frame("aibot_subscribe", HELLO, NAME)]),
            Linked("it is known", ["opened", WELCOME], is_up=True),
            *(arrives(*row) for row in SAME),
            *(arrives(*row) for row in QUIET),
            Linked("a heartbeat", ["opened", WELCOME, "tick"], send=[PING], is_up=True),
            Linked("an answer to it", ["opened", WELCOME, "tick", PONG], is_up=True),
            Linked("two without an answer", ["opened", WELCOME, *["tick"] * 3], end="silent", again=1.0),
            Linked("nobody answers its name", ["opened", "tick"], end="silent", again=1.0),
            Linked(
                "an answer to something we sent",
                ["opened", WELCOME, said("R1", 0)],
                answers=[("R1", ApiAnswer(200, json.loads(said("R1", 0))))],
                is_up=True,
            ),
            Linked("too often", ["opened", said(HELLO, 45009)], end="not_yet", again=1.0),
            Linked("it is not known", ["opened", said(HELLO, 40001)], end="not_yet", again=1.0),
            Linked("another took over", ["opened", WELCOME, TAKEN], end="disconnected"),
            Linked("the network broke", ["opened", WELCOME, "closed"], end="lost", again=1.0),
            Linked("and again", ["closed"] * 3, end="lost", again=4.0),
            Linked("and for long", ["closed"] * 9, end="lost", again=30.0),
        ],
        broken_frames=[
            "",
            "{",
            "[]",
            "null",
            "{}",
            '{"headers": {}}',
            '{"headers": {"req_id": 7}}',
            '{"cmd": "aibot_msg_callback", "headers": {"req_id": "R1"}}',
            '{"cmd": "aibot_msg_callback", "headers": {"req_id": "R1"}, "body": {"msgtype": "text"}}',
            '{"cmd": "x", "headers": {"req_id": "' + "R" * 300 + '"}, "body": {}}',
        ],
        bubble=Bubble("7-0a", message(req="R1")),
        grown=[
            Grown(
                "its beginning",
                "",
                False,
                frame("aibot_respond_msg", "R1", bubble("<think></think>", False, True)),
            ),
            Grown("more", "你", False, frame("aibot_respond_msg", "R1", bubble("你", False, False))),
            Grown("its end", "你好", True, frame("aibot_respond_msg", "R1", bubble("你好", True, True))),
        ],
        bubble_answered=[*ANSWERED, EXPIRED],
    )
}
