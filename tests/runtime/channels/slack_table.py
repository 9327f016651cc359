"""What slack.com says, and is told."""

import hashlib
import hmac
import json
from dataclasses import replace
from urllib.parse import urlencode

from tables import (
    Answered,
    Got,
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

from runtime.channels import ApiAnswer, ApiRequest, Frame, Media, Shown, WebRequest
from runtime.channels.slack import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

TOKEN, SECRET = "xoxb-s3cr3t-s3cr3t-0123456789", "0123456789abcdef0123456789abcdef"
NOW, TS = 1_800_000_000.0, "1799999990.000100"
APP_TOKEN = "xapp-1-A0-s3cr3t-s3cr3t-0123456789"
APP = CHANNEL(CHANNEL.Settings(bot_token=TOKEN, signing_secret=SECRET))
LINKED = CHANNEL(CHANNEL.Settings(mode="connection", bot_token=TOKEN, app_token=APP_TOKEN))
FORM = "application/x-www-form-urlencoded"


def signed(body, secret=SECRET, at=NOW, kind="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    proof = hmac.new(secret.encode(), f"v0:{int(at)}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "x-slack-signature": f"v0={proof}",
        "x-slack-request-timestamp": str(int(at)),
        "content-type": kind,
    }
    return WebRequest("POST", {}, body, headers)


def event(**event):
    return {"type": "event_callback", "event_id": "Ev1", "event": event}


def alone(text="你好", **more):
    return event(type="message", channel="D1ANN", channel_type="im", user="U1ANN", text=text, ts=TS, **more)


def named(text="<@U0BOT> 几点开门", **more):
    return event(type="app_mention", channel="C1TEA", user="U1ANN", text=text, ts=TS, **more)


def came(text="你好", kind="text", data=None, handle=None, sender="U1ANN", id="Ev1", at=float(TS)):
    return Message(id, sender, text, kind, at, data or {}, handle or {}, overheard="/" in sender)


def reacted(sign, kind="reaction_added", place="D1ANN", **item):
    told = {"type": "message", "channel": place, "ts": "1799999980.000200", **item}
    return event(type=kind, user="U1ANN", reaction=sign, item_user="U0BOT", item=told, event_ts=TS)


def thumb(verdict, place="D1ANN", sender="U1ANN", **more):
    data = {"event": "rated", "on": f"{place} 1799999980.000200", "verdict": verdict, **more}
    return came("", "event", data, sender=sender)


def comes(id, told, *found):
    return Incoming(id, signed(told), found)


def tap(channel="D1ANN", value="orders", **more):
    action = {"type": "button", "action_id": "choice_0", "value": value, "action_ts": "1799999995.1"}
    return {
        "type": "block_actions",
        "user": {"id": "U1ANN"},
        "channel": {"id": channel},
        "message": {"ts": TS, **more},
        "actions": [action],
    }


def posts(text, channel="U1ANN", **more):
    return ApiRequest(
        "/api/chat.postMessage", {"channel": channel, **more, "text": text, "unfurl_links": False}
    )


FILE = {
    "name": "价目表.pdf",
    "mimetype": "application/pdf",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/a.pdf?t=1",
}
ATTACHED = {"attached": [{"kind": "file", "url": FILE["url_private_download"], "name": "价目表.pdf"}]}
AT_FILE = ApiRequest(
    "/files-pri/T1-F1/download/a.pdf", query={"t": "1"}, host="https://files.slack.com", most=20_000_000
)
OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "要什么？"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"choice_{n}",
                "text": {"type": "plain_text", "text": one.text},
                "value": one.value,
            }
            for n, one in enumerate(OFFER.options)
        ],
    },
]
PICTURE = Media("image", "image/png", b"PNG", "media.png")
ASKS = ApiRequest("/api/files.getUploadURLExternal", query={"filename": "media.png", "length": "3"})
PUTS = ApiRequest(
    "/upload/v1/abc", query={"a": "1"}, host="https://files.slack.com", upload=b"PNG", most=4096
)
TOLD = {"ok": True, "upload_url": "https://files.slack.com/upload/v1/abc?a=1", "file_id": "F9"}


def shows(channel="U1ANN", **more):
    file = {"id": "F9", "title": "新茶"}
    return ApiRequest("/api/files.completeUploadExternal", {"files": [file], "channels": channel, **more})


def misled(id, told):
    return Put(id, PICTURE, [(ASKS, ApiAnswer(200, told))], code="unreadable")


HELLO = json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
UP = ["opened", HELLO]


def enveloped(payload, kind="events_api", **more):
    return json.dumps({"envelope_id": "e-1", "type": kind, "payload": payload, **more})


def brings(id, frame, *messages):
    ack = [Frame(json.dumps({"envelope_id": "e-1"}))]
    return Linked(id, [*UP, frame], messages=messages, after=ack, is_up=True)


TAPPED = came("orders", "event", {"event": "menu"}, {"shown": f"D1ANN {TS}"}, id="1799999995.1-U1ANN", at=0.0)
TABLES = Tables(
    APP,
    calls=r'<[@!#]|link_names|"parse"',
    bots=[
        (signed(alone(bot_id="B1")), signed(alone())),
        (signed(named(bot_id="B1")), signed(named())),
    ],
    now=NOW,
    to="U1ANN",
    secrets=(TOKEN, SECRET),
    incoming=[
        comes("a thumb up", reacted("+1"), thumb("good")),
        comes("a thumb down of a tone", reacted("-1::skin-tone-3"), thumb("bad")),
        comes("a thumb taken back", reacted("thumbsup", "reaction_removed"), thumb("none", was="good")),
        comes("a thumb in a channel", reacted("-1", place="C1TEA"), thumb("bad", "C1TEA", "C1TEA/U1ANN")),
        comes("another sign", reacted("tada")),
        comes("a thumb under a file", reacted("+1", type="file", channel=None)),
        comes("a direct message", alone(), came()),
        comes("in a thread of it", alone(thread_ts="1799999900.1"), came(handle={"thread": "1799999900.1"})),
        comes(
            "escaped, with a link",
            alone("1 &lt; 2 &amp; <https://a.example/?a=1&amp;b=2|看> <https://b.example>"),
            came("1 < 2 & 看 https://a.example/?a=1&b=2 https://b.example"),
        ),
        comes("what only looks escaped", alone("&amp;lt; &#60; &quot;"), came("&lt; &#60; &quot;")),
        comes("by name in a channel", named(), came("几点开门", handle={"thread": TS}, sender="C1TEA/U1ANN")),
        comes(
            "by name in a thread",
            named(thread_ts="1799999900.1"),
            came("几点开门", handle={"thread": "1799999900.1"}, sender="C1TEA/U1ANN"),
        ),
        comes("a file", alone("", subtype="file_share", files=[FILE]), came("", "file", ATTACHED)),
        comes(
            "a file elsewhere",
            alone("看", files=[FILE | {"url_private_download": "https://evil.example/a"}]),
            came("看"),
        ),
        comes(
            "the chat is opened",
            event(type="app_home_opened", user="U1ANN", tab="messages"),
            came("", "event", {"event": "opened"}, at=0.0),
        ),
        comes("another tab of it", event(type="app_home_opened", user="U1ANN", tab="home")),
        comes(
            "in a channel, among themselves",
            event(type="message", channel="C1TEA", channel_type="channel", user="U1ANN", text="hi", ts=TS),
        ),
        comes("a bot", alone(bot_id="B1")),
        comes(
            "ourselves",
            event(type="message", channel="D1ANN", channel_type="im", text="hi", ts=TS, bot_id="B0"),
        ),
        comes("changed", alone(subtype="message_changed")),
        comes("deleted", alone(subtype="message_deleted")),
        comes("nothing but the name", named("<@U0BOT>")),
        comes(
            "nobody", event(type="message", channel="D1ANN", channel_type="im", user="../x", text="hi", ts=TS)
        ),
        comes("something new", event(type="hologram", user="U1ANN")),
        Incoming("a tap", signed(urlencode({"payload": json.dumps(tap())}).encode(), kind=FORM), [TAPPED]),
        Incoming(
            "a tap in a channel",
            signed(urlencode({"payload": json.dumps(tap("C1TEA", thread_ts=TS))}).encode(), kind=FORM),
            [
                came(
                    "orders",
                    "event",
                    {"event": "menu"},
                    {"shown": f"C1TEA {TS}", "thread": TS},
                    "C1TEA/U1ANN",
                    "1799999995.1-U1ANN",
                    0.0,
                )
            ],
        ),
        Incoming(
            "a tap on nothing", signed(urlencode({"payload": json.dumps(tap(value=""))}).encode(), kind=FORM)
        ),
        Incoming("another's secret", signed(alone(), "f" * 32), refused="signature"),
        Incoming("none", WebRequest("POST", {}, b"{}"), refused="signature"),
        Incoming(
            "a time that is none",
            WebRequest("POST", {}, b"{}", {"x-slack-request-timestamp": "-1"}),
            refused="signature",
        ),
        Incoming("an old one", signed(alone(), at=NOW - 301), refused="stale"),
        Incoming("one from later", signed(alone(), at=NOW + 301), refused="stale"),
        Incoming("no JSON", signed(b"<xml/>"), refused="malformed"),
        Incoming("a form without it", signed(b"a=b", kind=FORM), refused="malformed"),
        Incoming(
            "a challenge that is a page",
            signed({"type": "url_verification", "challenge": "<script>"}),
            refused="malformed",
        ),
        Incoming("too large", signed(b" " * (2**20 + 1)), refused="too_large"),
        Incoming("another method", WebRequest("GET", {}), refused="method"),
    ],
    outgoing=[
        Outgoing("to a member", "*好*", posts("*好*")),
        Outgoing(
            "in a thread of a channel",
            "好",
            posts("好", "C1TEA", thread_ts=TS),
            after=came(handle={"thread": TS}, sender="C1TEA/U1ANN"),
        ),
    ],
    answered=[
        Answered("taken", {"ok": True, "channel": "D1ANN", "ts": TS}),
        Answered("too fast", {"ok": False, "error": "ratelimited"}, "ratelimited", 429),
        Answered("no such channel", {"ok": False, "error": "channel_not_found"}, "channel_not_found"),
        Answered("the token is over", {"ok": False, "error": "invalid_auth"}, "invalid_auth"),
        Answered("blocks that it does not take", {"ok": False, "error": "invalid_blocks"}, "invalid_blocks"),
        Answered("its server broke", {}, "uncertain", 500),
        Answered("a word that is none", {"ok": False, "error": ["x"]}, "uncertain"),
    ],
    got=[
        Got("a file", came("", "file", ATTACHED), [(AT_FILE, ApiAnswer(200, {}, b"%PDF"))], b"%PDF"),
        Got(
            "one that is gone", came("", "file", ATTACHED), [(AT_FILE, ApiAnswer(404, {}))], code="unreadable"
        ),
    ],
    put=[
        Put(
            "a picture",
            PICTURE,
            [(ASKS, ApiAnswer(200, TOLD)), (PUTS, ApiAnswer(200, {}, b"OK - 3"))],
            {"file": "F9"},
        ),
        Put(
            "without the scope",
            PICTURE,
            [(ASKS, ApiAnswer(200, {"ok": False, "error": "missing_scope"}))],
            code="no_files",
        ),
        Put(
            "too fast",
            PICTURE,
            [(ASKS, ApiAnswer(429, {"ok": False, "error": "ratelimited"}))],
            code="ratelimited",
        ),
        Put(
            "it is not taken",
            PICTURE,
            [(ASKS, ApiAnswer(200, TOLD)), (PUTS, ApiAnswer(400, {}, b"no"))],
            code="unreadable",
        ),
        misled("to another host", TOLD | {"upload_url": "https://evil.example/upload"}),
        misled("in the clear", TOLD | {"upload_url": "http://files.slack.com/upload"}),
        misled(
            "to a host that looks like it", TOLD | {"upload_url": "https://files.slack.com.evil.example/u"}
        ),
        misled("with an id that is none", TOLD | {"file_id": "../x"}),
    ],
    media_pushed=[
        MediaPushed("a picture to a member", Shown("image", {"file": "F9"}, "新茶"), shows()),
        MediaPushed(
            "a voice in a thread of a channel",
            Shown("voice", {"file": "F9"}, "新茶"),
            shows("C1TEA", thread_ts=TS),
            came(handle={"thread": TS}, sender="C1TEA/U1ANN"),
        ),
        MediaPushed("a video", Shown("video", {"file": "F9"}, "新茶"), shows()),
        MediaPushed("a file", Shown("file", {"file": "F9"}, "新茶"), shows()),
    ],
    offered=[Offered("buttons", OFFER, posts("要什么？", blocks=BLOCKS))],
    settled=[
        Settled(
            "a message with buttons",
            ApiAnswer(200, {"ok": True, "channel": "D1ANN", "ts": TS}),
            "✓ 查订单",
            ApiRequest("/api/chat.update", {"channel": "D1ANN", "ts": TS, "text": "✓ 查订单", "blocks": []}),
        ),
        Settled(
            "nothing that has a time", ApiAnswer(200, {"ok": True, "channel": "D1ANN", "ts": "x"}), "✓", None
        ),
    ],
    tapped=[
        Tapped(
            "one that is known",
            TAPPED,
            OFFER,
            ApiRequest(
                "/api/chat.update", {"channel": "D1ANN", "ts": TS, "text": "要什么？\n✓ 查订单", "blocks": []}
            ),
        ),
        Tapped(
            "one that is not",
            TAPPED,
            None,
            ApiRequest("/api/chat.update", {"channel": "D1ANN", "ts": TS, "text": "✓", "blocks": []}),
        ),
    ],
)


OTHERS = {
    "over a connection": replace(
        TABLES,
        channel=LINKED,
        incoming=(),
        secrets=(TOKEN, APP_TOKEN),
        bots=[([*UP, enveloped(alone(bot_id="B1"))], [*UP, enveloped(alone())])],
        linked=[
            Linked("it waits to be greeted", ["opened"]),
            Linked("it is greeted", UP, is_up=True),
            brings("a direct message", enveloped(alone()), came()),
            brings("told again", enveloped(alone(), retry_attempt=1, retry_reason="timeout"), came()),
            brings(
                "by name in a channel",
                enveloped(named()),
                came("几点开门", handle={"thread": TS}, sender="C1TEA/U1ANN"),
            ),
            brings("a tap", enveloped(tap(), "interactive"), TAPPED),
            brings("a command, which nobody asked for", enveloped({"command": "/x"}, "slash_commands")),
            brings("a bot", enveloped(alone(bot_id="B1"))),
            brings("a payload that is none", enveloped([1])),
            Linked("a look at the clock", [*UP, "tick"], is_up=True),
            Linked("nobody greets", ["opened", "tick"], end="silent", again=1.0),
            Linked(
                "it is sent away",
                [*UP, '{"type": "disconnect", "reason": "refresh_requested"}'],
                end="sent_away",
                again=1.0,
            ),
            Linked(
                "it is switched off",
                [*UP, '{"type": "disconnect", "reason": "link_disabled"}'],
                end="link_disabled",
                again=600.0,
            ),
            Linked("the network broke", [*UP, "closed"], end="lost", again=1.0),
            Linked("and for long", ["closed"] * 9, end="lost", again=60.0),
        ],
        broken_frames=[
            "",
            "{",
            "[]",
            "null",
            "{}",
            '{"type": 1}',
            '{"type": "events_api"}',
            '{"type": "events_api", "envelope_id": "a b"}',
        ],
    )
}
