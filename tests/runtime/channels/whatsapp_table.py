"""What graph.facebook.com says, and is told."""

import hashlib
import hmac
import json

from tables import Answered, Got, Incoming, MediaPushed, Offered, Outgoing, Put, Tables

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, Verified, WebRequest
from runtime.channels.whatsapp import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import THREAD, Message

PHONE_ID, ME, SCOPED = "106540352242922", "8613800138000", "US.13491208655302741918"
TOKEN, SECRET, VERIFY = (
    "EAAGs3cr3ts3cr3ts3cr3t0123456789",
    "0123456789abcdef0123456789abcdee",
    "v3r1fy-t0k3n-0",
)
NOW, AT = 1_800_000_000.0, 1_799_999_990
ACCOUNT = {"phone_number_id": PHONE_ID, "access_token": TOKEN, "app_secret": SECRET, "verify_token": VERIFY}
NUMBER = CHANNEL(CHANNEL.Settings(**ACCOUNT))
MESSAGES = f"/v25.0/{PHONE_ID}/messages"


def signed(body, secret=SECRET):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    proof = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return WebRequest("POST", {}, body, {"x-hub-signature-256": f"sha256={proof}"})


def value(phone=PHONE_ID, **more):
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": phone},
        "contacts": [{"profile": {"name": "Ann"}, "wa_id": ME, "user_id": SCOPED}],
        **more,
    }


def told(*values, field="messages"):
    changes = [{"value": one, "field": field} for one in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}


def said(kind="text", id="wamid.1", **more):
    return {"from": ME, "id": id, "timestamp": str(AT), "type": kind, **more}


def text(body="你好", **more):
    return said(text={"body": body}, **more)


def came(text="", kind="text", data=None, sender=ME, id="wamid.1", handle=None):
    thread = {THREAD: id} if handle is None else handle
    return Message(id, sender, text, kind, float(AT), data or {}, thread, overheard="/" in sender)


def comes(id, message, *found):
    return Incoming(id, signed(told(value(messages=[message]))), found)


def verify(token=VERIFY, mode="subscribe", challenge="1158201444"):
    return WebRequest("GET", {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge})


def sends(kind, inner, to=None):
    whole = {"messaging_product": "whatsapp", **(to or {"recipient_type": "individual", "to": ME})}
    given = {"biz_opaque_callback_data": f"k1 {ME}"}
    return ApiRequest(MESSAGES, {**whole, "type": kind, kind: inner, **given})


def no(code):
    return {
        "error": {"message": f"(#{code}) played", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    }


def attached(kind, **more):
    return {"attached": {"kind": kind, "id": "1037543291543636", **more}}


FILE = {"id": "1037543291543636", "mime_type": "x/y", "sha256": "x"}
TAP = {"type": "button_reply", "button_reply": {"id": "orders", "title": "查订单"}}
ROW = {"type": "list_reply", "list_reply": {"id": "orders", "title": "查订单"}}
SPOT = {"latitude": 30.25, "longitude": 120.16, "name": "茶馆"}
GROUP = "Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjM"
PNG = Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png")
FEW = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
MANY = Choices("几点？", [Choice(f"{n} 点", str(n)) for n in range(5)])
LOOKASIDE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1037&ext=1&hash=x"
TABLES = Tables(
    NUMBER,
    calls=r'"mentions"',
    now=NOW,
    to=ME,
    secrets=(TOKEN, SECRET, VERIFY),
    incoming=[
        comes("a text", text(), came("你好")),
        comes(
            "of somebody with a username alone",
            {**text(), "from": "", "from_user_id": SCOPED},
            came("你好", sender=SCOPED),
        ),
        comes("of somebody with both", text(from_user_id=SCOPED), came("你好", sender=SCOPED)),
        comes("a username where a number was", {**text(), "from": SCOPED}, came("你好", sender=SCOPED)),
        comes("in milliseconds", {**text(), "timestamp": f"{AT}000"}, came("你好")),
        comes(
            "a picture",
            said("image", image=FILE | {"caption": "这是？"}),
            came("这是？", "image", attached("image")),
        ),
        comes("a voice", said("audio", audio=FILE | {"voice": True}), came("", "voice", attached("voice"))),
        comes("a video", said("video", video=FILE), came("", "video", attached("video"))),
        comes(
            "a file",
            said("document", document=FILE | {"filename": "价目表.pdf"}),
            came("", "file", attached("file", name="价目表.pdf")),
        ),
        comes(
            "a place",
            said("location", location=SPOT),
            came("", "location", {"latitude": 30.25, "longitude": 120.16, "label": "茶馆"}),
        ),
        comes("a button", said("interactive", interactive=TAP), came("orders", "event", {"event": "menu"})),
        comes(
            "a line of a list",
            said("interactive", interactive=ROW),
            came("orders", "event", {"event": "menu"}),
        ),
        comes(
            "a template's button",
            said("button", button={"text": "好的", "payload": "yes"}),
            came("yes", "event", {"event": "menu"}),
        ),
        comes("the chat is opened", said("request_welcome"), came("", "event", {"event": "opened"})),
        comes(
            "a sticker",
            said("sticker", sticker=FILE),
            came("", "event", {"event": "unsupported", "type": "sticker"}),
        ),
        comes(
            "something new", said("hologram"), came("", "event", {"event": "unsupported", "type": "hologram"})
        ),
        comes(
            "what it does not support itself",
            said("unsupported", errors=[{"code": 131051}]),
            came("", "event", {"event": "unsupported", "type": "unsupported"}),
        ),
        *(
            comes(
                f"a sign: {sign}",
                said("reaction", reaction={"message_id": "wamid.0", **({"emoji": sign} if sign else {})}),
                came("", "event", {"event": "rated", "on": "wamid.0", "verdict": verdict}, handle={}),
            )
            for sign, verdict in (("👍", "good"), ("👎🏽", "bad"), ("❤️", "none"), ("", "none"))
        ),
        comes("a sign under nothing", said("reaction", reaction={"emoji": "👍", "message_id": "../ 1"})),
        comes(
            "a sign in a group",
            said("reaction", reaction={"emoji": "👍", "message_id": "wamid.0"}, group_id=GROUP),
            came(
                "",
                "event",
                {"event": "rated", "on": "wamid.0", "verdict": "good"},
                sender=f"{GROUP}/{ME}",
                handle={},
            ),
        ),
        comes("a number that changed", said("system", system={"type": "user_changed_number"})),
        comes("in a group, among themselves", text("今天好热", group_id=GROUP)),
        comes(
            "in a group, our number named",
            text("@15550783881 几点开门", group_id=GROUP),
            came("@15550783881 几点开门", sender=f"{GROUP}/{ME}"),
        ),
        comes(
            "in a group, as an answer to us",
            text("好", group_id=GROUP, context={"from": "15550783881", "id": "wamid.0"}),
            came("好", sender=f"{GROUP}/{ME}"),
        ),
        comes("nobody wrote it", {**text(), "from": "../x"}),
        comes("without an id", {**text(), "id": 7}),
        Incoming(
            "several, in several changes",
            signed(
                told(
                    value(messages=[text("一"), text("二", id="wamid.2")]),
                    value(messages=[text("三", id="wamid.3")]),
                )
            ),
            [came("一"), came("二", id="wamid.2"), came("三", id="wamid.3")],
        ),
        Incoming("another number's of the same app", signed(told(value("999", messages=[text()])))),
        Incoming("another field", signed(told(value(messages=[text()]), field="account_update"))),
        Incoming("that it was read", signed(told(value(statuses=[{"id": "wamid.9", "status": "read"}])))),
        Incoming("the address is verified", verify()),
        Incoming("by a stranger", verify("another-token"), refused="signature"),
        Incoming("with something that is shown as a page", verify(challenge="<script>"), refused="malformed"),
        Incoming("in another mode", verify(mode="unsubscribe"), refused="malformed"),
        Incoming("another's secret", signed(told(value(messages=[text()])), "f" * 32), refused="signature"),
        Incoming("no signature", WebRequest("POST", {}, b"{}"), refused="signature"),
        Incoming(
            "half of one",
            WebRequest("POST", {}, b"{}", {"x-hub-signature-256": "sha256=ab"}),
            refused="signature",
        ),
        Incoming(
            "the same data in other bytes",
            WebRequest("POST", {}, b'{"a": 1}', signed(b'{"a":1}').headers),
            refused="signature",
        ),
        Incoming("no JSON", signed(b"<xml/>"), refused="malformed"),
        Incoming("another object", signed({"object": "page", "entry": []}), refused="malformed"),
        Incoming("too large", signed(b" " * (2**20 + 1)), refused="too_large"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
    ],
    outgoing=[Outgoing("a text", "*你好*", sends("text", {"body": "*你好*", "preview_url": False}))],
    answered=[
        Answered("taken", {"messaging_product": "whatsapp", "messages": [{"id": "wamid.5"}]}),
        Answered("too fast", no(130429), "130429", 400),
        Answered("too fast for one person", no(131056), "131056", 400),
        Answered("the window is over", no(131047), "131047", 400),
        Answered("no such person", no(131026), "131026", 400),
        Answered("the token is over", no(190), "190", 401),
        Answered("a parameter is wrong", no(131009), "131009", 400),
        Answered("its server broke", {}, "uncertain", 500),
        Answered("no message in it", {"messages": []}, "uncertain"),
        Answered("a code that is none", {"error": {"code": "x"}}, "uncertain", 400),
    ],
    got=[
        Got(
            "a picture",
            came("", "image", attached("image")),
            [
                (ApiRequest("/v25.0/1037543291543636"), ApiAnswer(200, {"url": LOOKASIDE})),
                (
                    ApiRequest(
                        "/whatsapp_business/attachments/",
                        query={"mid": "1037", "ext": "1", "hash": "x"},
                        host="https://lookaside.fbsbx.com",
                        most=5_000_000,
                    ),
                    ApiAnswer(200, {}, b"PNG"),
                ),
            ],
            b"PNG",
        ),
        Got(
            "one that is gone",
            came("", "image", attached("image")),
            [
                (ApiRequest("/v25.0/1037543291543636"), ApiAnswer(200, {"url": LOOKASIDE})),
                (
                    ApiRequest(
                        "/whatsapp_business/attachments/",
                        query={"mid": "1037", "ext": "1", "hash": "x"},
                        host="https://lookaside.fbsbx.com",
                        most=5_000_000,
                    ),
                    ApiAnswer(404, no(100)),
                ),
            ],
            code="100",
        ),
    ],
    put=[
        Put(
            "a picture",
            PNG,
            [
                (
                    ApiRequest(
                        f"/v25.0/{PHONE_ID}/media",
                        upload=FormFile(
                            "file",
                            "media.png",
                            PNG.content,
                            "image/png",
                            {"messaging_product": "whatsapp", "type": "image/png"},
                        ),
                    ),
                    ApiAnswer(200, {"id": "M9"}),
                )
            ],
            {"id": "M9", "name": "media.png"},
        )
    ],
    media_pushed=[
        MediaPushed(
            "a picture",
            Shown("image", {"id": "M9", "name": "a"}, "新茶"),
            sends("image", {"id": "M9", "caption": "新茶"}),
        ),
        MediaPushed("a voice", Shown("voice", {"id": "M9", "name": "a"}, "x"), sends("audio", {"id": "M9"})),
        MediaPushed("a video", Shown("video", {"id": "M9", "name": "a"}), sends("video", {"id": "M9"})),
        MediaPushed(
            "a file",
            Shown("file", {"id": "M9", "name": "价目表.pdf"}, "价目表"),
            sends("document", {"id": "M9", "caption": "价目表", "filename": "价目表.pdf"}),
        ),
    ],
    offered=[
        Offered(
            "buttons",
            FEW,
            sends(
                "interactive",
                {
                    "type": "button",
                    "body": {"text": "要什么？"},
                    "action": {
                        "buttons": [
                            {"type": "reply", "reply": {"id": "orders", "title": "查订单"}},
                            {"type": "reply", "reply": {"id": "转人工", "title": "人工"}},
                        ]
                    },
                },
            ),
        ),
        Offered(
            "a list of more",
            MANY,
            sends(
                "interactive",
                {
                    "type": "list",
                    "body": {"text": "几点？"},
                    "action": {
                        "button": "请选择",
                        "sections": [
                            {
                                "title": "请选择",
                                "rows": [{"id": str(n), "title": f"{n} 点"} for n in range(5)],
                            }
                        ],
                    },
                },
            ),
        ),
    ],
)
VERIFIED = Verified("1158201444", mark="1158201444")
