"""What api.telegram.org says, and is told."""

import json

from tables import (
    Answered,
    Got,
    Grown,
    Incoming,
    MediaPushed,
    Offered,
    Outgoing,
    Put,
    Settled,
    Tables,
    Tapped,
)

from runtime.channels import ApiAnswer, ApiRequest, Bubble, FormFile, Media, Shown, WebRequest
from runtime.channels.telegram import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

TOKEN = "7000000001:AAHs3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr"
SECRET = "w3bh00k-s3cr3t-0123456789"
NOW, DATE = 1_800_000_000.0, 1_799_999_990
CALLED = CHANNEL(
    CHANNEL.Settings(mode="webhook", bot_token=TOKEN, username="@tea_shop_bot", webhook_secret=SECRET)
)
LOOKING = CHANNEL(CHANNEL.Settings(bot_token=TOKEN))
ANN = {"id": 1001, "is_bot": False, "first_name": "Ann"}
OTHER_BOT = {"id": 9, "is_bot": True, "first_name": "Echo"}
ALONE = {"id": 1001, "type": "private", "first_name": "Ann"}
GROUP = {"id": -1002003, "type": "supergroup", "title": "茶友"}
FILE_ID = "AgACAgIAAxkBAAIBq2c"
NO_PREVIEW = {"is_disabled": True}


def call(update, secret=SECRET, **more):
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return WebRequest("POST", {}, body, {"x-telegram-bot-api-secret-token": secret, **more})


def update(chat=ALONE, sender=ANN, **content):
    return {
        "update_id": 870,
        "message": {"message_id": 5, "date": DATE, "chat": chat, "from": sender, **content},
    }


def came(text="", kind="text", data=None, handle=None, sender="1001", at=float(DATE)):
    return Message("870", sender, text, kind, at, data or {}, handle or {}, overheard="/" in sender)


def group(text, handle=None):
    return came(text, handle={"reply": "5", **(handle or {})}, sender="-1002003/1001")


def attached(kind, **more):
    return {"attached": {"kind": kind, "file_id": FILE_ID, **more}}


def tap(data, **more):
    message = {"message_id": 4, "date": DATE, "chat": ALONE, "from": {"id": 7000000001, "is_bot": True}}
    return {
        "update_id": 870,
        "callback_query": {"id": "42", "from": ANN, "message": message, "data": data, **more},
    }


def member(status, chat=ALONE):
    changed = {"chat": chat, "from": ANN, "date": DATE, "new_chat_member": {"status": status}}
    return {"update_id": 870, "my_chat_member": changed}


def reacted(new, old=(), chat=ALONE, who=ANN):
    signs = [[{"type": "emoji", "emoji": one} for one in some] for some in (old, new)]
    told = {"chat": chat, "message_id": 44, "user": who, "date": DATE}
    return {
        "update_id": 870,
        "message_reaction": {**told, "old_reaction": signs[0], "new_reaction": signs[1]},
    }


def thumb(verdict, chat="1001", sender="1001"):
    return came(kind="event", data={"event": "rated", "on": f"{chat} 44", "verdict": verdict}, sender=sender)


def comes(id, told, *messages):
    return Incoming(id, call(told), messages)


FILE = {"file_id": FILE_ID, "file_unique_id": "u"}
REPLY = {"message_id": 3, "from": {"id": 7000000001, "is_bot": True}, "text": "要什么茶？"}
THUMB = {"file_id": "SmallSmallSmall", "width": 90}
SPOT = {"latitude": 30.25, "longitude": 120.16}
PNG = Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png")
OGG = Media("voice", "audio/ogg", b"OggS", "media.ogg")
MP4 = Media("video", "video/mp4", b"ftyp", "media.mp4")
PDF = Media("file", "application/pdf", b"%PDF-1.7", "价目表.pdf")
OFFER = Choices("要 <b>什么</b>？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
KEYS = {
    "inline_keyboard": [
        [{"text": "查订单", "callback_data": "orders"}],
        [{"text": "人工", "callback_data": "转人工"}],
    ]
}


def no(code, description, **more):
    return {"ok": False, "error_code": code, "description": description, **more}


def message_to(text, chat=1001, **more):
    body = {"chat_id": chat, **more, "text": text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    return ApiRequest("/sendMessage", body)


BELOW = {"reply_parameters": {"message_id": 5, "allow_sending_without_reply": True}}


def along(media, path, key, **more):
    file = FormFile(key, media.name, media.content, media.type, {"chat_id": "1001", **more})
    return Shown(media.kind, {}, more.get("caption", ""), media), ApiRequest(path, upload=file)


SHARED = {
    "now": NOW,
    "to": "1001",
    "outgoing": [
        Outgoing("to a person", "你<b>好</b>", message_to("你<b>好</b>")),
        Outgoing("what is not ours is escaped", "1 < 2 & <b>3", message_to("1 &lt; 2 &amp; &lt;b&gt;3")),
        Outgoing(
            "in a group, below what was written, in its topic",
            "好",
            message_to(
                "好",
                -1002003,
                message_thread_id=9,
                reply_parameters={"message_id": 5, "allow_sending_without_reply": True},
            ),
            after=group("?", {"topic": "9"}),
        ),
    ],
    "answered": [
        Answered("taken", {"ok": True, "result": {"message_id": 6, "chat": {"id": 1001}}}),
        Answered(
            "too fast", no(429, "Too Many Requests: retry after 5", parameters={"retry_after": 5}), "429", 429
        ),
        Answered("stopped", no(403, "Forbidden: bot was blocked by the user"), "403", 403),
        Answered("nobody", no(400, "Bad Request: chat not found"), "no_chat", 400),
        Answered(
            "the group moved",
            no(400, "Bad Request: group chat was upgraded to a supergroup chat"),
            "moved",
            400,
        ),
        Answered(
            "an address that it does not call", no(400, "Bad Request: bad webhook: HTTPS"), "bad_webhook", 400
        ),
        Answered("bad markup", no(400, "Bad Request: can't parse entities"), "400", 400),
        Answered("no such token", no(404, "Not Found"), "401", 404),
        Answered("revoked", no(401, "Unauthorized"), "401", 401),
        Answered("its server broke", no(502, "Bad Gateway"), "uncertain", 502),
        Answered("a code that is none", {"ok": False, "error_code": "x"}, "uncertain"),
        Answered("yes without a result", {"ok": True}, "uncertain"),
    ],
    "got": [
        Got(
            "a picture",
            came("", "image", attached("image")),
            [
                (
                    ApiRequest("/getFile", {"file_id": FILE_ID}),
                    ApiAnswer(200, {"ok": True, "result": {"file_path": "photos/file_1.jpg"}}),
                ),
                (ApiRequest("/file/photos/file_1.jpg", most=20_000_000), ApiAnswer(200, {}, b"JPEG")),
            ],
            b"JPEG",
        ),
        Got(
            "one that is not there any more",
            came("", "image", attached("image")),
            [
                (
                    ApiRequest("/getFile", {"file_id": FILE_ID}),
                    ApiAnswer(200, {"ok": True, "result": {"file_path": "photos/file_1.jpg"}}),
                ),
                (
                    ApiRequest("/file/photos/file_1.jpg", most=20_000_000),
                    ApiAnswer(404, no(404, "Not Found")),
                ),
            ],
            code="401",
        ),
    ],
    "put": [Put("it goes along", PNG, [], {})],
    "media_pushed": [
        MediaPushed("a picture", *along(PNG, "/sendPhoto", "photo", caption="新茶")),
        MediaPushed("a voice", *along(OGG, "/sendVoice", "voice")),
        MediaPushed("a video", *along(MP4, "/sendVideo", "video")),
        MediaPushed("a file", *along(PDF, "/sendDocument", "document", caption="价目表")),
        MediaPushed(
            "below what was said in a topic",
            Shown("image", {}, "", PNG),
            ApiRequest(
                "/sendPhoto",
                upload=FormFile(
                    "photo",
                    "media.png",
                    PNG.content,
                    "image/png",
                    {
                        "chat_id": "-1002003",
                        "message_thread_id": "7",
                        "reply_parameters": '{"message_id": 5, "allow_sending_without_reply": true}',
                    },
                ),
            ),
            group("几点", {"topic": "7"}),
        ),
    ],
    "edited": [
        Outgoing(
            "the first of it", "<b>好</b>", message_to("<b>好</b>", -1002003, **BELOW), after=group("几点")
        ),
        Outgoing(
            "in a topic",
            "好",
            message_to("好", -1002003, message_thread_id=7, **BELOW),
            after=group("几点", {"topic": "7"}),
        ),
        Outgoing(
            "more of it",
            "<b>好</b>的",
            ApiRequest(
                "/editMessageText",
                {
                    "chat_id": -1002003,
                    "message_id": 6,
                    "text": "<b>好</b>的",
                    "parse_mode": "HTML",
                    "link_preview_options": NO_PREVIEW,
                },
            ),
        ),
    ],
    "begun": [
        ({"ok": True, "result": {"message_id": 6, "chat": {"id": -1002003}}}, "-1002003 6"),
        ({"ok": True, "result": True}, "!uncertain"),
        ({"ok": True, "result": {"message_id": "6", "chat": {"id": -1002003}}}, "!uncertain"),
        ({"ok": False, "error_code": 429, "description": "Too Many Requests"}, "!429"),
        ({}, "!uncertain"),
    ],
    "offered": [
        Offered(
            "buttons",
            OFFER,
            ApiRequest(
                "/sendMessage",
                {"chat_id": 1001, "text": OFFER.question, "parse_mode": "HTML", "reply_markup": KEYS},
            ),
        )
    ],
    "settled": [
        Settled(
            "a message with buttons",
            ApiAnswer(200, {"ok": True, "result": {"message_id": 6, "chat": {"id": 1001}}}),
            "✓ 查订单",
            ApiRequest("/editMessageText", {"chat_id": 1001, "message_id": 6, "text": "✓ 查订单"}),
        ),
        Settled("nothing that has a number", ApiAnswer(200, {"ok": True, "result": True}), "✓", None),
    ],
    "tapped": [
        Tapped(
            "a button that is known",
            came("orders", "event", {"event": "menu"}, {"query": "42"}, at=0.0),
            OFFER,
            ApiRequest("/answerCallbackQuery", {"callback_query_id": "42", "text": "✓ 查订单"}),
        ),
        Tapped(
            "one that is not",
            came("orders", "event", {"event": "menu"}, {"query": "42"}, at=0.0),
            None,
            ApiRequest("/answerCallbackQuery", {"callback_query_id": "42", "text": "✓"}),
        ),
    ],
    "bubble": Bubble("7-00000000000a", came("你好")),
    "drafted": [
        Grown(
            "its beginning",
            "你<b>好</b>",
            False,
            ApiRequest(
                "/sendMessageDraft",
                {"chat_id": 1001, "draft_id": 1, "text": "你<b>好</b>", "parse_mode": "HTML"},
            ),
        )
    ],
}
TABLES = Tables(
    CALLED,
    calls=r"href=.{0,3}tg:|(?<![A-Za-z0-9_])@[A-Za-z]\w{3}",
    group="-100200/7",
    bots=[
        (
            call(update(GROUP, OTHER_BOT, text="@tea_shop_bot 在吗")),
            call(update(GROUP, text="@tea_shop_bot 在吗")),
        ),
    ],
    secrets=(TOKEN, SECRET),
    incoming=[
        comes("a thumb up", reacted("👍"), thumb("good")),
        comes("a thumb down beside another sign", reacted(["🔥", "👎"]), thumb("bad")),
        comes("a thumb taken back", reacted([], "👍"), thumb("none")),
        comes("another sign", reacted("🔥")),
        comes("another sign taken back", reacted([], "🔥")),
        comes("a thumb in a group", reacted("👎", chat=GROUP), thumb("bad", "-1002003", "-1002003/1001")),
        comes("a thumb of a bot", reacted("👎", who=OTHER_BOT)),
        comes("a text", update(text="你好"), came("你好")),
        comes("a command", update(text="/price@tea_shop_bot 龙井"), came("/price 龙井")),
        comes("they began", update(text="/start"), came("", "event", {"event": "followed"})),
        comes(
            "by a link",
            update(text="/start shop_7"),
            came("", "event", {"event": "followed", "key": "shop_7"}),
        ),
        comes("they stopped the bot", member("kicked"), came("", "event", {"event": "left"})),
        comes("they began again", member("member"), came("", "event", {"event": "followed"})),
        comes("the bot was added to a group", member("member", GROUP)),
        comes(
            "a picture, of several sizes",
            update(photo=[THUMB, FILE | {"width": 1280}], caption="这是什么茶"),
            came("这是什么茶", "image", attached("image")),
        ),
        comes("a voice", update(voice=FILE), came("", "voice", attached("voice"))),
        comes("a video", update(video=FILE), came("", "video", attached("video"))),
        comes("a round video", update(video_note=FILE), came("", "video", attached("video"))),
        comes(
            "a file",
            update(document=FILE | {"file_name": "价目表.pdf"}),
            came("", "file", attached("file", name="价目表.pdf")),
        ),
        comes(
            "an id that is a path",
            update(document={"file_id": "../../etc/passwd"}),
            came("", "event", {"event": "unsupported", "type": "document"}),
        ),
        comes("a place", update(location=SPOT), came("", "location", dict(SPOT))),
        comes(
            "a venue",
            update(location=SPOT, venue={"title": "茶馆", "address": "湖边"}),
            came("", "location", SPOT | {"label": "茶馆 湖边"}),
        ),
        comes(
            "a sticker",
            update(sticker=FILE | {"emoji": "👍"}),
            came("", "event", {"event": "unsupported", "type": "sticker", "emoji": "👍"}),
        ),
        comes(
            "a contact", update(contact={}), came("", "event", {"event": "unsupported", "type": "contact"})
        ),
        comes("a line of the platform's", update(new_chat_title="x")),
        comes("an answer to the bot", update(text="红茶", reply_to_message=REPLY), came("红茶")),
        comes(
            "a quote",
            update(text="这句？", quote={"text": "明前"}, reply_to_message=REPLY),
            came("> 明前\n\n这句？", data={"quote": "明前"}),
        ),
        comes("in a group, by name", update(GROUP, text="@tea_shop_bot 几点开门"), group("几点开门")),
        comes(
            "in a topic of it",
            update(GROUP, text="@tea_shop_bot 在吗", message_thread_id=9, is_topic_message=True),
            group("在吗", {"topic": "9"}),
        ),
        comes("in a group, as an answer", update(GROUP, text="红茶", reply_to_message=REPLY), group("红茶")),
        comes("in a group, a command", update(GROUP, text="/menu"), group("/menu")),
        comes("in a group, another bot's command", update(GROUP, text="/menu@other_bot")),
        comes("in a group, among themselves", update(GROUP, text="今天好热")),
        comes("in a group, somebody with a like name", update(GROUP, text="@tea_shop_bot2 hi")),
        comes(
            "a button",
            tap("orders"),
            came("orders", "event", {"event": "menu"}, {"query": "42"}, at=0.0),
        ),
        comes("a button that says too much", tap("x" * 65)),
        comes("a button of no query", tap("orders", id="../x")),
        comes("another bot", update(sender={"id": 9, "is_bot": True}, text="hi")),
        comes("nobody says that it is none", update(sender={"id": 1001}, text="hi")),
        comes("a person in somebody else's chat", update({"id": 5, "type": "private"}, text="hi")),
        comes("a channel", update({"id": -100, "type": "channel"}, text="hi")),
        comes("something edited", {"update_id": 870, "edited_message": update(text="x")["message"]}),
        comes("something new", {"update_id": 870, "future": {}}),
        comes("half an emoji", update(text="\ud83d好"), came("\ufffd好")),
        Incoming(
            "another's secret", call(update(text="x"), "w3bh00k-s3cr3t-012345678X"), refused="signature"
        ),
        Incoming("none", call(update(text="x"), ""), refused="signature"),
        Incoming("one that is not ASCII", call(update(text="x"), "é"), refused="signature"),
        Incoming("no JSON", call(b"<xml/>"), refused="malformed"),
        Incoming("no object", call(b"[1]"), refused="malformed"),
        Incoming("no number", call({"message": {}}), refused="malformed"),
        Incoming(
            "too deep", call(b'{"update_id": 1, "a": ' + b"[" * 90 + b"]" * 90 + b"}"), refused="malformed"
        ),
        Incoming("too large", call(b" " * (2**20 + 1)), refused="too_large"),
        Incoming("another method", WebRequest("GET", {}), refused="method"),
    ],
    registered=ApiRequest(
        "/setWebhook",
        {
            "url": "https://bot.example/c/p",
            "secret_token": SECRET,
            "allowed_updates": ["message", "callback_query", "my_chat_member", "message_reaction"],
            "max_connections": 40,
        },
    ),
    **SHARED,
)
OTHERS = {"poll": Tables(LOOKING, secrets=(TOKEN,), **SHARED)}
