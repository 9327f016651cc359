"""What a WebSocket server of the owner's says."""

import json

from tables import Answered, Linked, Offered, Outgoing, Tables

from runtime.channels import ApiAnswer, Frame
from runtime.channels.websocket import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

SECRET = "canary-socket-secret-01"
NOW = 1_800_000_000.0
TOLD = {"id": "m1", "sender": "u1", "content": "你好"}
MESSAGE = Message("m1", "u1", "你好", at=NOW, data={"metadata": {}})
CHOICES = Choices("茶？", [Choice("要", "yes"), Choice("不要", "no")])
PING = Frame('{"type": "ping"}')
LINES = "茶？\n\n1. 要\n2. 不要\n\n（回复数字选择）"


def sent(told, key="k1"):
    whole = {"type": "answer", "id": key, "to": "u1", **told}
    return Frame(json.dumps(whole, ensure_ascii=False), key)


def made(**more):
    return CHANNEL(CHANNEL.Settings(url="wss://chat.example.com/agent", secret=SECRET, acks=True, **more))


TABLES = Tables(
    made(),
    bots=[
        (
            ["opened", json.dumps({**TOLD, "sender": {"id": "u1", "bot": True}})],
            ["opened", json.dumps(TOLD)],
        ),
    ],
    now=NOW,
    to="u1",
    secrets=(SECRET,),
    outgoing=[
        Outgoing("a text", "好", sent({"content": "好", "parts": [{"msg_type": "text", "content": "好"}]})),
        Outgoing(
            "as the answer to a message",
            "好",
            sent({"in_reply_to": "m1", "content": "好", "parts": [{"msg_type": "text", "content": "好"}]}),
            MESSAGE,
        ),
    ],
    answered=[Answered("acknowledged", {}), Answered("not taken", {}, "uncertain", 500)],
    linked=[
        Linked("it is open", ["opened"], is_up=True),
        Linked(
            "a message",
            ["opened", json.dumps(TOLD)],
            messages=[MESSAGE],
            after=[Frame('{"type": "ack", "id": "m1"}')],
            is_up=True,
        ),
        Linked(
            "one as guides write it",
            ["opened", '{"SenderID": "u1", "Content": "你好", "id": "m1", "type": "message"}'],
            messages=[MESSAGE],
            after=[Frame('{"type": "ack", "id": "m1"}')],
            is_up=True,
        ),
        Linked(
            "an acknowledgement",
            ["opened", '{"type": "ack", "id": "k1"}'],
            answers=[("k1", ApiAnswer(200, {}))],
            is_up=True,
        ),
        Linked("is anybody there", ["opened", PING.text], send=[Frame('{"type": "pong"}')], is_up=True),
        Linked("somebody is", ["opened", "tick", '{"type": "pong"}'], is_up=True),
        Linked("we ask as well", ["opened", "tick"], send=[PING], is_up=True),
        Linked("nobody is", ["opened", "tick", "tick"], end="silent", again=1.0),
        Linked("it was cut", ["opened", "closed"], end="lost", again=1.0),
        Linked("and again", ["closed", "closed", "closed", "closed"], end="lost", again=8.0),
        Linked("for long", ["closed"] * 30, end="lost", again=60.0),
    ],
    broken_frames=["", "{", "[]", "null", '{"content": "who?"}', '{"sender": []}', "[" * 30 + "]" * 30],
    offered=[
        Offered(
            "two",
            CHOICES,
            sent({
                "content": LINES,
                "parts": [
                    {
                        "msg_type": "choices",
                        "content": LINES,
                        "question": "茶？",
                        "choices": [{"text": "要", "value": "yes"}, {"text": "不要", "value": "no"}],
                    }
                ],
            }),
        )
    ],
)  # fmt: skip
