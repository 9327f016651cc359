"""What the telegraph says."""

import json

from tables import Answered, Grown, Linked, Outgoing, Tables

from example_channel.channels.telegraph import CHANNEL
from runtime.channels import ApiAnswer, Bubble, Frame
from runtime.message import Message

SIGN = "dit-dit-dah-dit"
NOW = 1_800_000_000.0
HELLO = Frame(json.dumps({"station": "north", "sign": SIGN}))
WELCOME = json.dumps({"is": "welcome"})
TELEGRAM = json.dumps({"is": "telegram", "id": "T1", "from": "ann", "text": "stop", "form": "F1"})
MESSAGE = Message("T1", "ann", "stop", at=NOW, handle={"form": "F1"})
ANSWER = {"is": "answer", "to": "k"}


def form(text, done):
    return Frame(json.dumps({"form": "F1", "text": text, "done": done, "key": "g7-0a"}), "g7-0a")


TABLES = Tables(
    CHANNEL(CHANNEL.Settings(station="north", sign=SIGN)),
    now=NOW,
    to="ann",
    secrets=(SIGN,),
    outgoing=[
        Outgoing("a telegram", "go", Frame(json.dumps({"to": "ann", "text": "go", "key": "k1"}), "k1"))
    ],
    answered=[
        Answered("taken", ANSWER),
        Answered("the clerk is busy", {**ANSWER, "error": "busy"}, "busy"),
        Answered("a word that is none", {**ANSWER, "error": ["x"]}, "uncertain"),
        Answered("no answer at all", {}, "uncertain"),
    ],
    linked=[
        Linked("it says who it is", ["opened"], send=[HELLO]),
        Linked("it is known", ["opened", WELCOME], is_up=True),
        Linked("it is not known", ["opened", '{"is": "stranger"}'], end="stranger"),
        Linked(
            "a telegram",
            ["opened", WELCOME, TELEGRAM],
            messages=[MESSAGE],
            after=[Frame('{"got": "T1"}')],
            is_up=True,
        ),
        Linked(
            "an answer",
            ["opened", WELCOME, json.dumps(ANSWER)],
            answers=[("k", ApiAnswer(200, ANSWER))],
            is_up=True,
        ),
        Linked("a heartbeat", ["opened", WELCOME, "tick"], send=[Frame('{"tick": true}')], is_up=True),
        Linked("the wire broke", ["opened", WELCOME, "closed"], end="storm", again=2.0),
        Linked("and broke again", ["closed", "closed", "closed"], end="storm", again=8.0),
    ],
    broken_frames=["", "{", "[]", "null", '{"is": "telegram"}', '{"is": "telegram", "id": [], "from": 1}'],
    bubble=Bubble("7-0a", MESSAGE),
    grown=[
        Grown("its beginning", "", False, form("", False)),
        Grown("more", "go", False, form("go", False)),
        Grown("its end", "go on", True, form("go on", True)),
    ],
    bubble_answered=[
        Answered("taken", ANSWER),
        Answered("full", {**ANSWER, "error": "torn"}, "torn"),
    ],
)
