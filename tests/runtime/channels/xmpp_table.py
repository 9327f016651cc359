"""What an XMPP server says, by the texts of network/transports/xmpp.py."""

import hashlib
import json

from tables import Answered, Linked, Outgoing, Tables

from runtime import channels
from runtime.channels import ApiAnswer, Frame
from runtime.message import Message

KIND = channels.registry()["xmpp"]
PASSWORD = "canary-chat-password"
ACCOUNT = {"jid": "Shop@chat.example", "password": PASSWORD}
NOW = 1_800_000_000.0


def frame(what, **told):
    return Frame(json.dumps({"is": what, **told}, ensure_ascii=False))


READY = json.dumps({"is": "ready", "jid": "shop@chat.example/hongyan"})
UP = ["opened", READY]
GOT = frame("got", number=3)
TYPING = frame("typing", to="ann@x.example")
MESSAGE = {
    "is": "message", "number": 3, "from": "ann@x.example", "full": "ann@x.example/phone", "own": False,
    "id": "m1", "asks": "", "kind": "chat", "text": "有茶吗", "at": 0.0, "on": "", "signs": [],
}  # fmt: skip
SAID = {"is": "message", "to": "ann@x.example", "text": "有", "id": "k1", "key": "k1"}


def came(**more):
    return json.dumps(MESSAGE | more)


def message(id="m1", text="有茶吗", at=NOW):
    return Message(f"x-{hashlib.sha256(id.encode()).hexdigest()[:32]}", "ann@x.example", text, at=at)


SIGNED = [
    ("", ["👍"], "good"),
    ("👎🏽", ["👎🏽"], "bad"),
    ("", ["👍", "👎\ufe0f"], "bad"),
    ("", ["🐢", "👍"], "good"),
    ("", ["❤️"], "none"),
    ("", [], "none"),
    ("", ["👍👍", 7, None], "none"),
]


def reacted(verdict):
    data = {"event": "rated", "on": "k1", "verdict": verdict}
    made = hashlib.sha256(b"m1").hexdigest()[:32]
    return Message(f"x-{made}", "ann@x.example", "", "event", NOW, data)


def refused(code):
    return ["opened", json.dumps({"is": "refused", "code": code})]


def ignored(title, **more):
    return Linked(title, [*UP, came(**more)], after=[GOT], is_up=True)


TABLES = Tables(
    KIND(KIND.Settings(**ACCOUNT)),
    now=NOW,
    to="ann@x.example",
    secrets=(PASSWORD,),
    outgoing=[Outgoing("an answer", "有", Frame(json.dumps(SAID, ensure_ascii=False), "k1"))],
    answered=[
        Answered("taken", {"taken": True}),
        Answered("no such person", {"error": "item-not-found"}, "item-not-found"),
        Answered("too much", {"error": "resource-constraint"}, "resource-constraint"),
        Answered("something else", {"error": "not-acceptable"}, "not-acceptable"),
        Answered("nothing", {}, "uncertain"),
        Answered("a code that is none", {"error": 7}, "uncertain"),
    ],
    linked=[
        Linked(
            "it says who it is",
            ["opened"],
            send=[frame("hello", user="shop", domain="chat.example", resource="hongyan", password=PASSWORD)],
        ),
        Linked("it is let in", UP, is_up=True),
        Linked("its password is wrong", refused("not-authorized"), end="refused", again=90.0),
        Linked("the server is another", refused("mistrust"), end="refused", again=90.0),
        Linked("nothing is said without TLS", refused("no-tls"), end="no-tls", again=600.0),
        Linked("its certificate is another's", refused("certificate"), end="certificate", again=600.0),
        Linked("it is busy", refused("system-shutdown"), end="not_yet", again=1.0),
        Linked("a question", [*UP, came()], messages=[message()], after=[GOT, TYPING], is_up=True),
        Linked(
            "one that wants a receipt",
            [*UP, came(asks="r1")],
            messages=[message()],
            after=[GOT, frame("receipt", to="ann@x.example/phone", id="r1"), TYPING],
            is_up=True,
        ),
        Linked(
            "one that was kept for us",
            [*UP, came(at=NOW - 60)],
            messages=[message(at=NOW - 60)],
            after=[GOT, TYPING],
            is_up=True,
        ),
        Linked(
            "nobody writes from tomorrow",
            [*UP, came(at=NOW + 9e9)],
            messages=[message()],
            after=[GOT, TYPING],
            is_up=True,
        ),
        Linked(
            "nor from long ago",
            [*UP, came(at=-2_208_988_800.0)],
            messages=[message()],
            after=[GOT, TYPING],
            is_up=True,
        ),
        ignored("what we wrote elsewhere", own=True),
        ignored("a group", kind="groupchat"),
        ignored("a headline", kind="headline"),
        ignored("only a sign", text=" "),
        ignored("nobody's", **{"from": "x.example"}),
        *(
            Linked(
                f"signs under what we said: {signs}",
                [*UP, came(text=words, on="k1", signs=signs)],
                messages=[reacted(verdict)],
                after=[GOT],
                is_up=True,
            )
            for words, signs, verdict in SIGNED
        ),
        Linked(
            "a sign that wants a receipt",
            [*UP, came(on="k1", signs=["👎"], asks="r1")],
            messages=[reacted("bad")],
            after=[GOT, frame("receipt", to="ann@x.example/phone", id="r1")],
            is_up=True,
        ),
        ignored("a sign in a group", kind="groupchat", on="k1", signs=["👍"]),
        ignored("our own sign", own=True, on="k1", signs=["👍"]),
        Linked("a stanza of no words", [*UP, '{"is": "stanza", "number": 3}'], after=[GOT], is_up=True),
        Linked(
            "a wish to see us",
            [*UP, '{"is": "subscribe", "number": 3, "from": "ann@x.example"}'],
            after=[GOT, frame("accept", to="ann@x.example")],
            is_up=True,
        ),
        Linked(
            "an answer came back",
            [*UP, '{"is": "failed", "number": 3, "id": "k1", "code": "item-not-found"}'],
            after=[GOT],
            answers=[("k1", ApiAnswer(200, {"error": "item-not-found"}))],
            is_up=True,
        ),
        Linked(
            "answers are the server's",
            [*UP, '{"is": "taken", "keys": ["k1", "k2"]}'],
            answers=[(key, ApiAnswer(200, {"taken": True, "id": key})) for key in ("k1", "k2")],
            is_up=True,
        ),
        Linked("a heartbeat", [*UP, "tick"], send=[frame("ping")], is_up=True),
        Linked("it goes on", [*UP, "tick", '{"is": "pong"}'], is_up=True),
        Linked("no heartbeat came back", [*UP, "tick", "tick"], end="silent", again=1.0),
        Linked("another took its place", [*UP, '{"is": "over", "code": "conflict"}'], end="taken_over"),
        Linked("the server goes", [*UP, '{"is": "over", "code": "system-shutdown"}'], end="lost", again=1.0),
        Linked("the line broke", [*UP, "closed"], end="lost", again=1.0),
    ],
    broken_frames=[
        "",
        "{",
        "[]",
        "null",
        '{"is": "message"}',
        '{"is": "refused"}',
        '{"is": "taken", "keys": 7}',
        '{"is": "stanza", "number": "x"}',
        '{"is": []}',
        came(on="k1", signs="👍"),
        came(on="k1", signs=None),
    ],
)
