"""What a mailbox brings and what leaves it, by the calls of network/transports/letters/api.py."""

import json

from tables import Answered, Asked, Got, Outgoing, Tables

from runtime import channels
from runtime.channels import ApiAnswer, ApiRequest
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
        Answered("nothing", {}, "uncertain"),
        Answered("a code that is none", {"error": 7}, "uncertain"),
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
