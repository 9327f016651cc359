"""What Discord says over its gateway and by its API, and is told."""

import json
from dataclasses import replace

from tables import Answered, Got, Linked, MediaPushed, Offered, Outgoing, Put, Tables, Tapped

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Frame, Media, Shown
from runtime.channels.discord import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

TOKEN = "MTA5ODc2NTQzMjEwOTg3NjU0.Gs3cr3.s3cr3t-s3cr3t-s3cr3t-s3cr3t-01"
BOT, ANN, PLACE = "109876543210987654", "200000000000000001", "300000000000000001"
ID = "1390000000000000000"
AT = 1_751_472_224.951
NOW = 1_800_000_000.0
APP = CHANNEL(CHANNEL.Settings(bot_token=TOKEN))


def frame(op, d):
    return Frame(json.dumps({"op": op, "d": d}))


def dispatch(kind, data, s=2):
    return json.dumps({"op": 0, "s": s, "t": kind, "d": data})


def said(content="你好", **more):
    told = {
        "id": ID,
        "channel_id": PLACE,
        "author": {"id": ANN, "username": "ann"},
        "content": content,
        "type": 0,
    }
    return dispatch("MESSAGE_CREATE", {**told, "mentions": [], "attachments": [], **more})


def came(text="你好", kind="text", data=None, handle=None, overheard=False, at=AT):
    return Message(ID, f"{PLACE}/{ANN}", text, kind, at, data or {}, handle or {}, overheard=overheard)


def tap(value="orders", **more):
    told = {"id": ID, "type": 3, "token": "aW50.t0k-en_1", "channel_id": PLACE, "user": {"id": ANN}}
    return dispatch("INTERACTION_CREATE", {**told, "data": {"custom_id": value, "component_type": 2}, **more})


def reacted(sign, given=True, who=ANN, **more):
    kind = "MESSAGE_REACTION_ADD" if given else "MESSAGE_REACTION_REMOVE"
    told = {"user_id": who, "channel_id": PLACE, "message_id": ID, "emoji": {"id": None, "name": sign}}
    return dispatch(kind, {**told, **more})


def thumb(verdict, was=None, **more):
    data = {"event": "rated", "on": f"{PLACE} {ID}", "verdict": verdict, **(was or {})}
    return replace(came("", "event", data, at=0.0), id=f"{ID}-2", **more)


HELLO = json.dumps({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
READY = dispatch("READY", {"v": 10, "user": {"id": BOT}, "session_id": "s1", "guilds": []}, 1)
THERE = "wss://gateway-us-east1-b.discord.gg/?v=10&encoding=json"


def there(url="wss://gateway-us-east1-b.discord.gg"):
    told = {"v": 10, "user": {"id": BOT}, "session_id": "s1", "resume_gateway_url": url}
    return dispatch("READY", told, 1)


RESUMED = dispatch("RESUMED", {}, 3)
IDENTIFY = frame(
    2,
    {
        "token": TOKEN,
        "intents": 13824,
        "properties": {"os": "linux", "browser": "hongyan", "device": "hongyan"},
    },
)
UP = ["opened", HELLO, READY]
IN_SERVER = {"guild_id": "4", "mentions": [{"id": BOT}]}
CDN = "https://cdn.discordapp.com/attachments/1/2/a.pdf?ex=1&hm=2"
ATTACHED = {"attached": [{"kind": "file", "url": CDN, "name": "价目表.pdf"}]}
FILE = {"url": CDN, "content_type": "application/pdf", "filename": "价目表.pdf"}
AT_CDN = ApiRequest(
    "/attachments/1/2/a.pdf", query={"ex": "1", "hm": "2"}, host="https://cdn.discordapp.com", most=20_000_000
)
OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
ROW = {
    "type": 1,
    "components": [
        {"type": 2, "style": 2, "label": one.text, "custom_id": one.value} for one in OFFER.options
    ],
}
NOBODY = {"parse": []}
TAPPED = came("orders", "event", {"event": "menu"}, {"interaction": f"{ID}/aW50.t0k-en_1"})
MEDIA = {
    "image": Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png"),
    "voice": Media("voice", "audio/ogg", b"OggS", "media.ogg"),
    "video": Media("video", "video/mp4", b"ftyp", "media.mp4"),
    "file": Media("file", "application/pdf", b"%PDF", "价目表.pdf"),
}


def posts(more, body=None):
    return ApiRequest(
        f"/api/v10/channels/{PLACE}/messages",
        {**more, "nonce": "k1", "enforce_nonce": True, "allowed_mentions": NOBODY, **(body or {})},
    )


def along(media):
    body = json.dumps(posts({"content": "新茶"}).body, ensure_ascii=False)
    file = FormFile("files[0]", media.name, media.content, media.type, {"payload_json": body})
    return ApiRequest(f"/api/v10/channels/{PLACE}/messages", upload=file)


def arrives(id, told, *messages):
    return Linked(id, [*UP, told], messages=messages, is_up=True)


def callback(content):
    data = {"content": content, "components": [], "allowed_mentions": NOBODY}
    return ApiRequest(
        f"/api/v10/interactions/{ID}/aW50.t0k-en_1/callback", {"type": 7, "data": data}, most=4096
    )


TABLES = Tables(
    APP,
    calls=r'^(?!.*"allowed_mentions": \{"parse": \[\]).*(?:<@|@everyone)',
    bots=[
        ([*UP, said(author={"id": ANN, "bot": True})], [*UP, said()]),
        ([*UP, said(webhook_id="5")], [*UP, said()]),
    ],
    now=NOW,
    to=f"{PLACE}/{ANN}",
    secrets=(TOKEN,),
    linked=[
        Linked("it waits to be greeted", ["opened"]),
        Linked("it says who it is", ["opened", HELLO], send=[IDENTIFY]),
        Linked("it is known", UP, is_up=True),
        arrives("a thumb up", reacted("👍"), thumb("good")),
        arrives("a thumb down of a tone", reacted("👎🏽"), thumb("bad")),
        arrives("a thumb taken back", reacted("👍", given=False), thumb("none", {"was": "good"})),
        arrives("a thumb in a server", reacted("👎", guild_id="4"), thumb("bad", overheard=True)),
        arrives("another sign", reacted("🔥")),
        arrives("a thumb of our own", reacted("👍", who=BOT)),
        arrives("a thumb of a bot", reacted("👍", member={"user": {"bot": True}})),
        arrives("a direct message", said(), came()),
        arrives(
            "by name in a server",
            said(f"<@{BOT}> 几点开门", **IN_SERVER),
            came("几点开门", handle={"reply": ID}, overheard=True),
        ),
        arrives("in a server, among themselves", said("今天好热", guild_id="4")),
        arrives("a bot", said(author={"id": ANN, "bot": True})),
        arrives("a webhook", said(webhook_id="5")),
        arrives("that somebody joined", said(type=7)),
        arrives("an id that is a path", said(channel_id="../x")),
        arrives("a file", said("", attachments=[FILE]), came("", "file", ATTACHED)),
        arrives(
            "a file elsewhere", said("看", attachments=[FILE | {"url": "https://evil.example/a"}]), came("看")
        ),
        arrives("a sticker", said(""), came("", "event", {"event": "unsupported", "type": "sticker"})),
        arrives("a tap", tap(), TAPPED),
        arrives("a tap on nothing", tap("")),
        arrives("a tap whose token is a path", tap(token="../../x")),
        arrives("something else", dispatch("TYPING_START", {})),
        Linked("a heartbeat", [*UP, "tick"], send=[frame(1, 1)], is_up=True),
        Linked("it is answered", [*UP, "tick", '{"op": 11}', "tick"], send=[frame(1, 1)], is_up=True),
        Linked("it is asked for one", [*UP, said(), '{"op": 1, "d": null}'], send=[frame(1, 2)], is_up=True),
        Linked("it is not answered", [*UP, "tick", "tick"], end="silent", again=1.0),
        Linked("nobody greets", ["opened", "tick"], end="silent", again=1.0),
        Linked("it is to connect again", [*UP, '{"op": 7, "d": null}'], end="reconnect", again=1.0),
        Linked(
            "it goes on where it was",
            [*UP, said(), "closed", "opened", HELLO],
            send=[frame(6, {"token": TOKEN, "session_id": "s1", "seq": 2})],
        ),
        Linked("it went on", [*UP, "closed", "opened", HELLO, RESUMED], is_up=True),
        Linked("its session is over", [*UP, '{"op": 9, "d": false}', "opened", HELLO], send=[IDENTIFY]),
        Linked("the network broke", [*UP, "closed"], end="lost", again=1.0),
        Linked("and for long", ["closed"] * 9, end="lost", again=60.0),
        Linked("it hangs up on our name", ["opened", HELLO, "closed"] * 3, end="refused", again=4.0),
        *(
            Linked(f"it says why: {code}", ["opened", HELLO, f"closed {code}"], end=str(code), again=3600.0)
            for code in (4004, 4010, 4011, 4012, 4013, 4014)
        ),
        Linked("one more error of its own", [*UP, "closed 4000"], end="lost", again=1.0),
        Linked("it says where to go on", ["opened", HELLO, there()], is_up=True, leads=THERE),
        Linked(
            "it goes on there",
            ["opened", HELLO, there(), "closed 4000", "opened", HELLO],
            send=[frame(6, {"token": TOKEN, "session_id": "s1", "seq": 1})],
            leads=THERE,
        ),
        Linked("nobody is there", ["opened", HELLO, there(), "closed", "closed"], end="lost", again=2.0),
        Linked("a session is over there", ["opened", HELLO, there(), "closed 4009"], end="lost", again=1.0),
        *(
            Linked(f"it is sent to {url}", ["opened", HELLO, there(url)], is_up=True)
            for url in (
                "wss://evil.example",
                "ws://gateway.discord.gg",
                "wss://gateway.discord.gg.evil.example",
                "wss://user@gateway.discord.gg",
                "wss://gateway.discord.gg:444",
                "wss://gateway.discord.gg/?token=",
                None,
            )
        ),
    ],
    broken_frames=[
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"op": "x"}',
        '{"op": 10, "d": {}}',
        '{"op": 0, "t": "READY"}',
        '{"op": 0, "s": 1, "t": "X", "d": []}',
    ],
    outgoing=[
        Outgoing("a text", "**好**", posts({"content": "**好**"})),
        Outgoing(
            "as an answer in a server",
            "好",
            posts({"content": "好"}, {"message_reference": {"message_id": ID, "fail_if_not_exists": False}}),
            after=came(handle={"reply": ID}, overheard=True),
        ),
    ],
    answered=[
        Answered("taken", {"id": ID, "channel_id": PLACE}),
        Answered("too fast", {"message": "You are being rate limited.", "retry_after": 1.5}, "429", 429),
        Answered(
            "no direct messages",
            {"message": "Cannot send messages to this user", "code": 50007},
            "50007",
            403,
        ),
        Answered("the token is over", {"message": "401: Unauthorized", "code": 0}, "401", 401),
        Answered(
            "a form that it does not take", {"message": "Invalid Form Body", "code": 50035}, "50035", 400
        ),
        Answered("its server broke", {}, "uncertain", 502),
        Answered("a code that is none", {"code": "x"}, "uncertain", 400),
    ],
    got=[
        Got("a file", came("", "file", ATTACHED), [(AT_CDN, ApiAnswer(200, {}, b"%PDF"))], b"%PDF"),
        Got(
            "one that is gone", came("", "file", ATTACHED), [(AT_CDN, ApiAnswer(404, {}))], code="unreadable"
        ),
    ],
    put=[Put("it goes along", MEDIA["image"], [], {})],
    media_pushed=[
        MediaPushed(kind, Shown(kind, {}, "新茶", media), along(media)) for kind, media in MEDIA.items()
    ],
    offered=[Offered("buttons", OFFER, posts({"content": "要什么？", "components": [ROW]}))],
    tapped=[
        Tapped("one that is known", TAPPED, OFFER, callback("要什么？\n✓ 查订单")),
        Tapped("one that is not", TAPPED, None, callback("✓")),
    ],
)
