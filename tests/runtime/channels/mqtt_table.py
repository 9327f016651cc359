"""What an MQTT broker says, by the texts of network/transports/mqtt.py."""

import hashlib
import json

from tables import Answered, Linked, Outgoing, Tables

from runtime import channels
from runtime.channels import ApiAnswer, Frame
from runtime.message import Message

KIND = channels.registry()["mqtt"]
PASSWORD = "canary-broker-password"
ACCOUNT = {
    "url": "mqtts://broker.example.com",
    "user": "agent",
    "password": PASSWORD,
    "topic_in": "shop/{device}/in",
    "topic_out": "shop/{device}/out",
    "topic_status": "shop/status",
}
NOW = 1_800_000_000.0
CLIENT = "hongyan-" + hashlib.sha256(b"agent@broker.example.com:8883/shop/{device}/in").hexdigest()[:14]


def frame(told, key=""):
    return Frame(json.dumps(told, ensure_ascii=False), key)


def hello(**more):
    told = {"is": "connect", "version": 5, "client": CLIENT, "user": "agent", "password": PASSWORD}
    told |= {"alive": 60, "expires": 604800, "most": 262144, "clean": False}
    return frame(told | {"will": {"topic": "shop/status", "payload": "offline"}} | more)


CONNECTED = json.dumps({"is": "connected", "code": 0, "session": True})
SUBSCRIBED = json.dumps({"is": "subscribed", "code": 1})
UP = ["opened", CONNECTED, SUBSCRIBED]
ONLINE = frame({"is": "publish", "topic": "shop/status", "payload": "online", "retain": True, "key": ""})


def came(payload, topic="shop/lamp-1/in", mid=7, **more):
    told = {"is": "message", "topic": topic, "mid": mid, "retain": False, "dup": False, "payload": payload}
    return json.dumps(told | more)


def mark(payload):
    return hashlib.sha256(str(payload).encode()).hexdigest()[:12]


def message(payload, text, id="", kind="text", mid=7, **handle):
    handle = {"mid": str(mid), "mark": mark(payload), **handle}
    id = id or f"{mid}-{int(NOW * 1000)}-{mark(payload)}"
    return Message(id, "lamp-1", text, kind, NOW, handle=handle)


def unsupported(payload, kind):
    made = message(payload, "", kind="event")
    return Message(made.id, "lamp-1", "", "event", NOW, {"event": "unsupported", "type": kind}, made.handle)


def got(mid=7):
    return frame({"is": "got", "mid": mid})


AS_JSON = json.dumps({"sender": "somebody else", "content": "多少度？", "msg_type": "text", "id": "q1"})
PICTURE = json.dumps({"sender": "x", "content": {"url": "http://x"}, "msg_type": "image"})


def heard(title, payload, messages, mid=7, topic="shop/lamp-1/in", **more):
    after = [got(mid)] if mid else []
    return Linked(title, [*UP, came(payload, topic, mid, **more)], messages=messages, after=after, is_up=True)


ANSWER = {"is": "publish", "topic": "shop/lamp-1/out", "payload": "21 °C", "retain": False, "key": "k1"}
SUBSCRIBE = frame({"is": "subscribe", "topic": "shop/+/in"})


def refused(code):
    return ["opened", json.dumps({"is": "connected", "code": code})]


def granted(code):
    return [*UP[:2], json.dumps({"is": "subscribed", "code": code})]


TABLES = Tables(
    KIND(KIND.Settings(**ACCOUNT)),
    now=NOW,
    to="lamp-1",
    secrets=(PASSWORD,),
    outgoing=[
        Outgoing(
            "an answer",
            "21 °C",
            frame(ANSWER, "k1"),
        )
    ],
    answered=[
        Answered("taken", {"code": 0}),
        Answered("nobody subscribes", {"code": 0x10}, "not_shown"),
        Answered("may not write there", {"code": 0x87}, "135"),
        Answered("too much", {"code": 0x97}, "151"),
        Answered("no code", {}, "uncertain"),
        Answered("a code that is none", {"code": "0"}, "uncertain"),
    ],
    linked=[
        Linked("it says who it is", ["opened"], send=[hello()]),
        Linked("it subscribes", ["opened", CONNECTED], send=[SUBSCRIBE]),
        Linked("it is there", UP, send=[ONLINE], is_up=True),
        Linked("it may not read", granted(0x87), end="topic", again=90.0),
        Linked("nothing would be kept", granted(0), end="qos", again=600.0),
        Linked("its password is wrong", refused(135), end="refused", again=90.0),
        Linked("as 3.1.1 says it", refused(5), end="refused", again=90.0),
        Linked("the broker is busy", refused(137), end="not_yet", again=1.0),
        Linked("another took its place", [*UP, '{"is": "gone", "code": 142}'], end="taken_over"),
        Linked("the broker goes", [*UP, '{"is": "gone", "code": 139}'], end="lost", again=1.0),
        heard("a question", "多少度？", [message("多少度？", "多少度？")]),
        heard("one at QoS 0", "几点？", [message("几点？", "几点？", mid=0)], mid=0),
        heard("one with an id of its own", "开灯", [message("开灯", "开灯", id="u-1")], id="u-1"),
        heard("an id that is none", "开灯", [message("开灯", "开灯")], id="a b\n"),
        heard("once more", "多少度？", [message("多少度？", "多少度？", again="1")], dup=True),
        heard("JSON", AS_JSON, [message(AS_JSON, "多少度？", id="q1")]),
        heard("what only looks like JSON", "{a", [message("{a", "{a")]),
        heard("JSON with nothing to read", PICTURE, [unsupported(PICTURE, "image")]),
        heard("no text", None, [unsupported(None, "bytes")]),
        heard("nothing", " ", []),
        heard("what was retained before", "旧的", [], retain=True),
        heard("a device whose name is none", "x", [], topic="shop/@all/in"),
        heard("a topic of somebody else's", "x", [], topic="else/lamp-1/in"),
        heard("a level too many", "x", [], topic="shop/a/b/in"),
        Linked(
            "an answer was taken",
            [*UP, '{"is": "published", "key": "k1", "code": 0}'],
            answers=[("k1", ApiAnswer(200, {"code": 0}))],
            is_up=True,
        ),
        Linked("a heartbeat", [*UP, "tick"], send=[frame({"is": "ping"})], is_up=True),
        Linked("it goes on", [*UP, "tick", '{"is": "pong"}'], is_up=True),
        Linked("no heartbeat came back", [*UP, "tick", "tick"], end="silent", again=1.0),
        Linked("the line broke", [*UP, "closed"], end="lost", again=1.0),
        Linked("and broke again", ["closed", "closed", "closed"], end="lost", again=4.0),
    ],
    broken_frames=[
        "",
        "{",
        "[]",
        "null",
        '{"is": "message"}',
        '{"is": "connected", "code": null}',
        '{"is": []}',
        '{"is": "published", "code": "x"}',
        '{"is": "message", "topic": 1, "payload": "x", "mid": 1, "retain": false}',
    ],
)
