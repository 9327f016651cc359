"""What a Feishu bot is told and shows, by request URL and over its long connection."""

import hashlib
import json

from tables import (
    Answered,
    Got,
    Grown,
    Incoming,
    Linked,
    MediaPushed,
    Offered,
    Outgoing,
    Put,
    Settled,
    Tables,
    Tapped,
)

from runtime.channels import ApiAnswer, ApiRequest, Bubble, FormFile, Frame, Media, Shown, WebRequest
from runtime.channels.feishu import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message
from runtime.simulator.feishu.wire import Seal, framed

NOW = 1_795_190_402.0
APP, SECRET = "cli_a5ca35a685b0x26e", "baBqE5um9LbFGDy3X7LcfxQX1sqpXlwy"
KEY, TOKEN = "Qm7Rk2LpX9vZ", "v3rT0kEn8sQmZ1rT6yWc"
OF = {"app_id": APP, "app_secret": SECRET}
CALLED = CHANNEL(CHANNEL.Settings(mode="webhook", **OF, encrypt_key=KEY, verification_token=TOKEN))
LINKED = CHANNEL(CHANNEL.Settings(**OF))
WHO, CHAT, GROUP = "ou_84aad35d084aa403", "oc_5ce6d572455d361153", "oc_820faa21d7ed275b53"
ID = "om_5ce6d572455d361153b7cb51da133945"
SEAL = Seal(KEY)


def told(kind, event, **more):
    header = {"event_id": "e1", "event_type": kind, "create_time": "1795190400000", "token": TOKEN}
    return {"schema": "2.0", "header": {**header, "app_id": APP, "tenant_key": "t1", **more}, "event": event}


def body(kind="text", content=None, chat="p2p", sender_type="user", **more):
    message = {
        "message_id": ID,
        "create_time": "1795190400000",
        "chat_id": CHAT if chat == "p2p" else GROUP,
        "chat_type": chat,
        "message_type": kind,
        "content": json.dumps(content or {"text": "你好"}, ensure_ascii=False),
        **more,
    }
    sender = {"sender_id": {"open_id": WHO, "user_id": None}, "sender_type": sender_type}
    return told("im.message.receive_v1", {"sender": sender, "message": message})


def message(text="你好", kind="text", data=None, sender=WHO, id=ID, **handle):
    handle = {"message": ID, **handle} if kind != "event" or id == ID else {}
    return Message(id, sender, text, kind, 1795190400.0, data or {}, handle, overheard="/" in sender)


def event(data, text="", sender=WHO):
    return message(text, "event", data, sender, "e1")


BOT = {"key": "@_user_1", "name": "鸿雁", "id": {"open_id": "ou_b07"}, "mentioned_type": "bot"}
ANN = {"key": "@_user_2", "name": "安", "id": {"open_id": "ou_ann"}, "mentioned_type": "user"}
OLD = {key: BOT[key] for key in ("key", "name", "id")}
AT = {"text": "@_user_1 问 @_user_2 几点"}
POST = {
    "title": "周报",
    "content": [
        [{"tag": "text", "text": "见 "}, {"tag": "a", "text": "这里", "href": "https://a.example/"}],
        [{"tag": "img", "image_key": "img_v2_1"}, {"tag": "code_block", "language": "GO", "text": "x := 1"}],
    ],
}
TAP = {
    "operator": {"open_id": WHO},
    "token": "c-1",
    "action": {"tag": "button", "value": {"say": "orders"}},
    "context": {"open_message_id": ID, "open_chat_id": CHAT},
}
IN_GROUP = {
    **TAP,
    "action": {"tag": "button", "value": {"say": "orders", "group": True}},
    "context": {"open_message_id": ID, "open_chat_id": GROUP},
}
ENTERED = "im.chat.access_event.bot_p2p_chat_entered_v1"
MENU = {"event": "menu", "key": "orders", "card": ID}
REACTED = "im.message.reaction.{}_v1"
SIGN = {
    "message_id": ID,
    "reaction_type": {"emoji_type": "THUMBSUP"},
    "operator_type": "user",
    "user_id": {"open_id": WHO, "union_id": "on_1"},
    "action_time": "1626086391570",
}
SAME = [
    ("a text", body(), message()),
    (
        "in a group, without the bot's name and with others'",
        body(content=AT, chat="group", mentions=[BOT, ANN]),
        message("问 @安 几点", sender=f"{GROUP}/{WHO}"),
    ),
    (
        "in a group of a server that does not say who is a bot",
        body(content={"text": "@_user_1 几点"}, chat="group", mentions=[OLD]),
        message("几点", sender=f"{GROUP}/{WHO}"),
    ),
    ("a picture", body("image", {"image_key": "img_1"}), message("", "image", file0="image image img_1 ")),
    (
        "a file",
        body("file", {"file_key": "file_1", "file_name": "价目 表.pdf"}),
        message("", "file", file0="file file file_1 价目 表.pdf"),
    ),
    (
        "a voice",
        body("audio", {"file_key": "f1", "duration": 900}),
        message("", "voice", file0="voice file f1 "),
    ),
    (
        "a film",
        body("media", {"file_key": "f1", "image_key": "i1"}),
        message("", "video", file0="video file f1 "),
    ),
    (
        "a rich text",
        body("post", POST),
        message(
            "周报\n见 [这里](https://a.example/)\n\n```go\nx := 1\n```",
            file0="image image img_v2_1 ",
        ),
    ),
    (
        "a place",
        body("location", {"name": "西湖", "longitude": "120.1", "latitude": "30.2"}),
        message("", "location", {"label": "西湖", "latitude": "30.2", "longitude": "120.1"}),
    ),
    (
        "something new",
        body("sticker", {"file_key": "f1"}),
        message("", "event", {"event": "unsupported", "type": "sticker"}),
    ),
    (
        "the first time in the chat",
        told(ENTERED, {"operator_id": {"open_id": WHO}}),
        event({"event": "opened", "welcome": True}),
    ),
    (
        "it came into a group",
        told("im.chat.member.bot.added_v1", {"chat_id": GROUP, "operator_id": {"open_id": WHO}}),
        event({"event": "followed"}, sender=f"{GROUP}/{WHO}"),
    ),
    ("a button", told("card.action.trigger", TAP), event(MENU, "orders")),
    (
        "a thumb under something",
        told(REACTED.format("created"), SIGN),
        event({"event": "rated", "on": ID, "verdict": "good"}),
    ),
    (
        "a thumb that is taken back",
        told(REACTED.format("deleted"), {**SIGN, "reaction_type": {"emoji_type": "ThumbsDown"}}),
        event({"event": "rated", "on": ID, "verdict": "none", "was": "bad"}),
    ),
    ("a button in a group", told("card.action.trigger", IN_GROUP), event(MENU, "orders", f"{GROUP}/{WHO}")),
]
QUIET = [
    (
        "a sign that is no thumb",
        told(REACTED.format("created"), {**SIGN, "reaction_type": {"emoji_type": "OK"}}),
    ),
    ("a sign of the bot's", told(REACTED.format("created"), {**SIGN, "operator_type": "app"})),
    ("in a group, to nobody", body(chat="group")),
    ("in a group, to somebody else", body(content=AT, chat="group", mentions=[ANN])),
    ("what a bot said", body(sender_type="app")),
    ("in the chat once more", told(ENTERED, {"operator_id": {"open_id": WHO}, "last_message_id": ID})),
    ("an event that shows nothing", told("im.message.message_read_v1", {})),
    ("a button of somebody else's", told("card.action.trigger", {**TAP, "action": {"value": {"x": 1}}})),
]
WRONG = [
    ("a sign of nobody's", told(REACTED.format("created"), {**SIGN, "user_id": {}})),
    ("a sign under nothing", told(REACTED.format("deleted"), {**SIGN, "message_id": "../1"})),
    ("nobody wrote it", told("im.message.receive_v1", {"sender": {"sender_type": "user"}, "message": {}})),
    ("a name with a slash", body(message_id="om_a/b")),
    ("a content that is none", body(content=[1])),
    ("a text that is none", body(content={"text": ["x"]})),
    ("a key with a slash", body("image", {"image_key": "../x"})),
    ("no event", {"schema": "2.0", "header": {"token": TOKEN, "app_id": APP}}),
]


def call(inner, seal=SEAL, now=NOW, *, signed=True, **headers):
    knock = seal.knock(inner, now, signed=signed)
    return WebRequest("POST", {}, knock.body, {**knock.headers, **headers})


CHALLENGE = {"challenge": "c-1", "token": TOKEN, "type": "url_verification"}


def arriving(inner, seq="0", count="1", name="m1"):
    payload = inner if isinstance(inner, bytes) else json.dumps(inner, ensure_ascii=False).encode()
    headers = {"type": "event", "message_id": name, "sum": count, "seq": seq}
    return framed(1, headers, payload).decode("latin-1")


def taken(seq="0", count="1", name="m1"):
    headers = {"type": "event", "message_id": name, "sum": count, "seq": seq, "biz_rt": "0"}
    return Frame(framed(1, headers, b'{"code": 200}').decode("latin-1"))


def ping(service=0):
    """As ours is: without a number in the log."""
    told = framed(0, {"type": "ping"}).replace(b"\x10\x4d\x18\x01", b"\x10\x00\x18" + bytes([service]))
    return Frame(told.decode("latin-1"))


PONG = framed(0, {"type": "pong"}, b'{"PingInterval":120}').decode("latin-1")
LONG = json.dumps(body(), ensure_ascii=False).encode()
OPENED = ["opened", PONG]
MESSAGES = "/open-apis/im/v1/messages"


def content(value):
    return json.dumps(value, ensure_ascii=False)


def post(text):
    return content({"zh_cn": {"content": [[{"tag": "md", "text": text}]]}})


def sent(kind, inner, key="k1"):
    said = {"receive_id": WHO, "msg_type": kind, "content": inner, "uuid": key}
    return ApiRequest(MESSAGES, said, {"receive_id_type": "open_id"})


def card(text, streaming, summary):
    return {
        "schema": "2.0",
        "config": {"streaming_mode": streaming, "update_multi": True, "summary": {"content": summary}},
        "body": {"elements": [{"tag": "markdown", "element_id": "answer", "content": text}]},
    }


def button(words, value, **more):
    return {
        "tag": "button",
        "text": {"tag": "plain_text", "content": words},
        "type": "default",
        "width": "fill",
        "behaviors": [{"type": "callback", "value": {"say": value, **more}}],
    }


OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
ASKING = {
    "schema": "2.0",
    "config": {"update_multi": True, "summary": {"content": "要什么？"}},
    "body": {
        "elements": [
            {"tag": "markdown", "content": "要什么？"},
            button("查订单", "orders"),
            button("人工", "转人工"),
        ]
    },
}


def edited(told):
    return ApiRequest(f"{MESSAGES}/{ID}", {"content": content(told)}, method="PATCH")


MB = 1024 * 1024
PNG = Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png")
OGG = Media("voice", "audio/ogg", b"OggS" + bytes(9), "media.ogg", seconds=2.5)
MP4 = Media("video", "video/mp4", b"\0\0\0\x18ftypmp42", "media.mp4")
PDF = Media("file", "application/pdf", b"%PDF-1.7 ", "价目表.pdf")


def put(media, key, more, path="files"):
    form = FormFile("image" if path == "images" else "file", media.name, media.content, media.type, more)
    answer = ApiAnswer(200, {"code": 0, "data": {key: "k_1"}})
    return Put(
        f"a {media.kind}",
        media,
        [(ApiRequest(f"/open-apis/im/v1/{path}", upload=form), answer)],
        {key: "k_1"},
    )


RESOURCE = ApiRequest(f"{MESSAGES}/{ID}/resources/img_1", None, {"type": "image"}, most=10 * MB)
MARK = hashlib.sha256(b"card 7-0a").hexdigest()[:32]
BEGIN = sent("interactive", content(card("…", True, "…")), MARK)
CARD = "7355439197428236291"
CONVERT = ApiRequest("/open-apis/cardkit/v1/cards/id_convert", {"message_id": ID})
OK = ApiAnswer(200, {"code": 0, "msg": "success", "data": {}})
SENT = ApiAnswer(200, {"code": 0, "data": {"message_id": ID}})
FOUND = ApiAnswer(200, {"code": 0, "data": {"card_id": CARD}})
DENIED = ApiAnswer(400, {"code": 99991672, "msg": "Access denied."})


def written(text, sequence):
    path = f"/open-apis/cardkit/v1/cards/{CARD}/elements/answer/content"
    return ApiRequest(path, {"content": text, "sequence": sequence}, method="PUT")


def over(summary, sequence):
    settings = content({"config": {"streaming_mode": False, "summary": {"content": summary}}})
    path = f"/open-apis/cardkit/v1/cards/{CARD}/settings"
    return ApiRequest(path, {"settings": settings, "sequence": sequence}, method="PATCH")


MORE = dict(
    to=WHO,
    secrets=(SECRET, KEY, TOKEN),
    outgoing=[
        Outgoing("to a member", "**好**", sent("post", post("**好**"))),
        Outgoing(
            "it calls nobody",
            '<at id=all></at>`<AT user_id="all">x</at>`< person',
            sent("post", post('＜at id=all>＜/at>`＜AT user_id="all">x＜/at>`＜ person')),
        ),
        Outgoing("not all of it calls", "<attention>", sent("post", post("<attention>"))),
        Outgoing("alone with a member", "好", sent("post", post("好")), after=message()),
        Outgoing(
            "in a group, as an answer",
            "好",
            ApiRequest(f"{MESSAGES}/{ID}/reply", {"msg_type": "post", "content": post("好"), "uuid": "k1"}),
            after=message(sender=f"{GROUP}/{WHO}"),
        ),
    ],
    answered=[
        Answered("taken", {"code": 0, "msg": "success", "data": {"message_id": ID}}),
        Answered("too fast", {"code": 230020, "msg": "x"}, "230020", 400),
        Answered(
            "too many calls", {"code": 99991400, "msg": "request trigger frequency limit"}, "99991400", 400
        ),
        Answered("not in that group", {"code": 230002}, "230002", 400),
        Answered("an old token", {"code": 99991663}, "99991663", 400),
        Answered("the month is used up", {"code": 99991403}, "99991403", 400),
        Answered("a proxy is busy", {}, "http_503", 503),
        Answered("something unreadable", {}, "uncertain"),
        Answered("a code that is none", {"code": True}, "uncertain"),
        Answered("it broke", {}, "uncertain", 500),
    ],
    got=[
        Got(
            "a picture",
            message("", "image", file0="image image img_1 "),
            [(RESOURCE, ApiAnswer(200, {}, b"GIF89a"))],
            b"GIF89a",
        ),
        Got(
            "one that is gone",
            message("", "image", file0="image image img_1 "),
            [(RESOURCE, ApiAnswer(400, {"code": 234003}))],
            code="234003",
        ),
    ],
    put=[
        put(PNG, "image_key", {"image_type": "message"}, "images"),
        put(OGG, "file_key", {"file_type": "opus", "file_name": "media.ogg", "duration": "2500"}),
        put(MP4, "file_key", {"file_type": "mp4", "file_name": "media.mp4"}),
        put(PDF, "file_key", {"file_type": "pdf", "file_name": "价目表.pdf"}),
    ],
    media_pushed=[
        MediaPushed(kind, Shown(kind, {key: "k_1"}), sent(name, content({key: "k_1"})))
        for kind, name, key in (
            ("image", "image", "image_key"),
            ("voice", "audio", "file_key"),
            ("video", "media", "file_key"),
            ("file", "file", "file_key"),
        )
    ],
    offered=[
        Offered("to a member", OFFER, sent("interactive", content(ASKING))),
    ],
    tapped=[
        Tapped(
            "what is known",
            event(MENU, "orders"),
            OFFER,
            edited(card("要什么？\n\n✓ 查订单", False, "要什么？")),
        ),
        Tapped("what is not", event(MENU, "orders"), None, edited(card("✓ orders", False, "✓ orders"))),
    ],
    settled=[
        Settled("a card", SENT, "已经处理", edited(card("已经处理", False, "已经处理"))),
        Settled("an answer without an id", OK, "已经处理", None),
    ],
    bubble=Bubble("7-0a", message()),
    grown=[
        Grown("its beginning", "", False, calls=[(BEGIN, SENT), (CONVERT, FOUND)]),
        Grown("a piece", "好", False, calls=[(BEGIN, SENT), (CONVERT, FOUND), (written("好", 20), OK)]),
        Grown(
            "it calls nobody",
            "<at id=all></at>",
            False,
            calls=[(BEGIN, SENT), (CONVERT, FOUND), (written("＜at id=all>＜/at>", 20), OK)],
        ),
        Grown(
            "all at once",
            "好",
            True,
            calls=[(BEGIN, SENT), (CONVERT, FOUND), (written("好", 20), OK), (over("好", 21), OK)],
        ),
        Grown(
            "without CardKit the message is edited",
            "好",
            True,
            calls=[(BEGIN, SENT), (CONVERT, DENIED), (edited(card("好", False, "好")), OK)],
        ),
    ],
    stranger=({"code": 99991401, "msg": "ip is denied by app setting, ip: 203.0.113.7"}, "203.0.113.7"),
)
TABLES = Tables(
    CALLED,
    calls=r"<\s*/?\s*(?:at|person)\b",
    bots=[
        (call(body(sender_type="app")), call(body())),
    ],
    now=NOW,
    incoming=[
        *(Incoming(id, call(inner), (came,)) for id, inner, came in SAME),
        *(Incoming(id, call(inner)) for id, inner in QUIET),
        *(Incoming(id, call(inner), refused="malformed") for id, inner in WRONG),
        Incoming("the check of the address", call(CHALLENGE, signed=False)),
        Incoming(
            "a check with another token", call({**CHALLENGE, "token": "x"}, signed=False), refused="signature"
        ),
        Incoming(
            "a check of nothing", call({**CHALLENGE, "challenge": 7}, signed=False), refused="malformed"
        ),
        Incoming("an event that is not signed", call(body(), signed=False), refused="signature"),
        Incoming("another key", call(body(), Seal("another")), refused="signature"),
        Incoming(
            "another key, not signed", call(CHALLENGE, Seal("another"), signed=False), refused="decrypt"
        ),
        Incoming("another token", call(told("im.message.receive_v1", {}, token="x")), refused="signature"),
        Incoming("no token", call(told("im.message.receive_v1", {}, token=None)), refused="signature"),
        Incoming("another app", call(told("im.message.receive_v1", {}, app_id="cli_x")), refused="account"),
        Incoming("another nonce", call(body(), **{"x-lark-request-nonce": "1"}), refused="signature"),
        Incoming("a signature that is none", call(body(), **{"x-lark-signature": "é"}), refused="signature"),
        Incoming("an old one", call(body(), now=NOW - 8 * 3600), refused="stale"),
        Incoming("in the clear", WebRequest("POST", {}, json.dumps(body()).encode()), refused="downgrade"),
        Incoming(
            "sealed with half a block", WebRequest("POST", {}, b'{"encrypt": "AAAA"}'), refused="decrypt"
        ),
        Incoming("sealed with no base64", WebRequest("POST", {}, b'{"encrypt": "~"}'), refused="decrypt"),
        Incoming("no JSON", WebRequest("POST", {}, b"<xml/>"), refused="malformed"),
        Incoming("no object", WebRequest("POST", {}, b"[1]"), refused="malformed"),
        Incoming("too large", WebRequest("POST", {}, b" " * 2**21), refused="too_large"),
        Incoming("another method", WebRequest("GET", {}), refused="method"),
    ],
    **MORE,
)
OTHERS = {
    "linked": Tables(
        LINKED,
        calls=r"<\s*/?\s*(?:at|person)\b",
        now=NOW,
        linked=[
            Linked("it is open and pings at once", ["opened"], send=[ping()], is_up=True),
            Linked("its ping is answered", OPENED, is_up=True),
            *(
                Linked(id, [*OPENED, arriving(inner)], messages=[came], after=[taken()], is_up=True)
                for id, inner, came in SAME
            ),
            *(Linked(id, [*OPENED, arriving(inner)], after=[taken()], is_up=True) for id, inner in QUIET),
            *(
                Linked(f"{id}, once", [*OPENED, arriving(inner)], after=[taken()], is_up=True)
                for id, inner in [*WRONG, ("no JSON", b"{"), ("no object", b"[1]")]
            ),
            Linked("half of an event", [*OPENED, arriving(LONG[:99], "0", "2")], is_up=True),
            Linked(
                "both halves, the second first",
                [*OPENED, arriving(LONG[99:], "1", "2"), arriving(LONG[:99], "0", "2")],
                messages=[message()],
                after=[taken("0", "2")],
                is_up=True,
            ),
            Linked("time to ping", [*OPENED, "tick"], send=[ping()], is_up=True),
            Linked("nobody answers", [*OPENED, "tick", "tick", "tick"], end="silent", again=1.0),
            Linked("it breaks", [*OPENED, "closed"], end="lost", again=1.0),
            Linked("and again", ["closed", "closed", "closed"], end="lost", again=4.0),
        ],
        broken_frames=[
            "",
            "{",
            "鸿",
            "\x08",
            "\xff" * 11,
            "\x2a\xff\x01",
            "\x0b",
            "\x08\x01" * 200,
            arriving(b"x", "9", "2"),
            arriving(b"x", "0", "9999"),
            arriving(b"x", "-1", "2"),
        ],
        **MORE,
    )
}
