"""What a mailbox brings and what leaves it, by the calls of network/transports/letters/api.py."""

import json
from dataclasses import replace

from tables import Answered, Asked, Got, MediaPushed, Outgoing, Put, Tables

from runtime import channels
from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown
from runtime.message import Message

KIND = channels.registry()["email"]
PASSWORD = "canary-mail-password"
ACCOUNT = {"provider": "163", "address": "Shop@163.com", "password": PASSWORD, "name": "茶铺"}
THREAD = json.dumps({"subject": "多少钱", "references": ["<a@x>", "<b@x>"]}, ensure_ascii=False)


def sent(**more):
    letter = {"from": "shop@163.com", "name": "茶铺", "to": "ann@example.com", "subject": "通知 / Notice"}
    letter |= {"text": "八元", "key": "k1", "references": [], "asked": False}
    return ApiRequest("/send", {"letter": letter | more})


def with_file(kind):
    return Message(
        "m", "ann@example.com", "", kind, handle={"thread": THREAD, "file0": f"7 2 {kind} 茶 单.pdf"}
    )


FILE = ApiRequest("/file", {"uid": "7", "part": "2"}, most=20 * 1024 * 1024)

MEDIA = {
    "image": Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png"),
    "voice": Media("voice", "audio/ogg", b"OggS", "media.ogg"),
    "video": Media("video", "video/mp4", b"ftyp", "media.mp4"),
    "file": Media("file", "application/pdf", b"%PDF", "价目表.pdf"),
}


def along(text, media):
    return replace(sent(text=text), upload=FormFile("file", media.name, media.content, media.type))


TABLES = Tables(
    KIND(KIND.Settings(**ACCOUNT)),
    now=1_800_000_000.0,
    to="ann@example.com",
    thread=json.dumps({"subject": "THR3AD", "references": []}),
    secrets=(PASSWORD,),
    outgoing=[Outgoing("a letter", "八元", sent())],
    answered=[
        Answered("taken", {"sent": True}),
        Answered("the password is wrong", {"error": "smtp_login", "says": "535 no"}, "smtp_login"),
        Answered("no such person", {"error": "smtp_550"}, "smtp_550"),
        Answered("later", {"error": "smtp_451"}, "smtp_451"),
        Answered("like spam", {"error": "smtp_554"}, "smtp_554"),
        Answered("their mailbox is full", {"error": "smtp_full"}, "smtp_full"),
        Answered("nothing", {}, "uncertain"),
        Answered("a code that is none", {"error": 7}, "uncertain"),
    ],
    put=[Put("it goes along", MEDIA["image"], [], {})],
    media_pushed=[
        MediaPushed(kind, Shown(kind, {}, "新茶", media), along("新茶", media))
        for kind, media in MEDIA.items()
    ]
    + [
        MediaPushed(
            "with its words",
            Shown("image", {}, "新茶", MEDIA["image"], words="请看"),
            along("请看", MEDIA["image"]),
        ),
        MediaPushed(
            "without a name", Shown("file", {}, "", MEDIA["file"]), along("价目表.pdf", MEDIA["file"])
        ),
    ],
    got=[
        Got("a file", with_file("file"), [(FILE, ApiAnswer(200, {}, b"%PDF"))], b"%PDF"),
        Got("one that is gone", with_file("file"), [(FILE, ApiAnswer(200, {"error": "gone"}))], code="gone"),
    ],
    asked=[
        Asked("it lets us in", "mailbox", {"sent": True}, ok=True, says="let us in"),
        Asked("it does not", "mailbox", {"error": "login"}, code="login"),
    ],
)
