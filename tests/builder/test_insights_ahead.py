"""A page's first question is asked before Streamlit asks it, once; and what is said while it is not there."""

import json
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from builder.insights._ahead import asked_ahead
from deno_script import told

SAID = {
    "query": "id=7",
    "page": "message",
    "timezone": "Asia/Shanghai",
    "offset": -480,
    "locale": "zh-CN",
    "url": "http://127.0.0.1/insights/message?id=7",
    "scheme": "dark",
}
CONNECT = {"type": "websocket.connect"}
GONE = {"type": "websocket.disconnect", "code": 1001}


def streamlits(**more):
    """Its first question, as its script makes it."""
    question = BackMsg()
    asks = question.rerun_script
    asks.query_string, asks.page_name = "id=7", "message"
    asks.widget_states.SetInParent()
    about = asks.context_info
    about.timezone, about.timezone_offset, about.locale = "Asia/Shanghai", -480, "zh-CN"
    about.url, about.is_embedded, about.color_scheme = SAID["url"], False, "dark"
    for name, value in more.items():
        setattr(asks, name, value)
    return {"type": "websocket.receive", "bytes": question.SerializeToString()}


async def heard(query, *messages):
    left = iter(messages)

    async def receive():
        return next(left)

    scope = {"type": "websocket", "query_string": query.encode()}
    receives = asked_ahead(scope, receive)
    found = []
    while not found or found[-1]["type"] != "websocket.disconnect":
        found.append(await receives())
    return found


def ahead(**more):
    return f"ahead={quote(json.dumps(SAID | more))}"


async def test_what_streamlit_asks_first_is_asked_once_before_it_asks():
    other = {"type": "websocket.receive", "bytes": b"x"}
    _, first, *rest = await heard(ahead(), CONNECT, streamlits(), other, streamlits(), GONE)
    asks = BackMsg.FromString(first["bytes"]).rerun_script
    assert (asks.query_string, asks.page_name, asks.context_info.timezone_offset) == ("id=7", "message", -480)
    assert rest == [other, streamlits(), GONE]


@pytest.mark.parametrize(
    "own",
    [
        streamlits(query_string="id=8"),
        streamlits(page_script_hash="x"),
        streamlits(is_auto_rerun=True),
        {"type": "websocket.receive", "bytes": b"\xff\xff no message"},
        {"type": "websocket.receive", "text": "no bytes"},
    ],
)
async def test_a_question_that_says_something_else_is_asked_too(own):
    found = await heard(ahead(), CONNECT, own, GONE)
    assert [one["type"] for one in found] == [
        "websocket.connect",
        "websocket.receive",
        "websocket.receive",
        GONE["type"],
    ]
    assert found[2] == own


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ahead=",
        "ahead=%00",
        "ahead={}",
        ahead(page="x" * 101),
        ahead(offset=10**9),
        ahead(offset="1"),
        ahead(scheme="blue"),
        ahead(more=1),
        "ahead=" + "[" * 100_000,
    ],
)
async def test_what_is_no_question_of_ours_asks_nothing(query):
    assert await heard(query, CONNECT, streamlits(), GONE) == [CONNECT, streamlits(), GONE]


STATES = """
import { stateOf } from "EDITOR/static/insights/state.js";
console.log(JSON.stringify(asked.map(stateOf)));
"""
USUAL = {"now": "CONNECTED", "was": "CONNECTED", "drawn": True, "online": True, "waited": 60_000}
FIRST = USUAL | {"drawn": False, "now": "CONNECTING", "was": "PINGING_SERVER"}
LOOKED = [
    (USUAL, ""),
    (USUAL | {"online": False}, "cut"),
    (USUAL | {"now": "PINGING_SERVER"}, ""),  # may be back at the next look
    (USUAL | {"now": "PINGING_SERVER", "was": "PINGING_SERVER"}, "cut"),
    (USUAL | {"now": "DISCONNECTED_FOREVER"}, "ended"),
    (FIRST | {"waited": 1000}, ""),
    (FIRST | {"waited": 2000}, "coming"),
    (FIRST | {"waited": 2000, "now": "CONNECTED"}, "coming"),  # nothing is drawn yet
    (FIRST | {"waited": 9000}, "slow"),
    (FIRST | {"waited": 9000, "online": False}, "cut"),
    (FIRST | {"waited": 100, "now": "DISCONNECTED_FOREVER"}, "ended"),
]


def test_it_is_said_what_one_waits_for(tmp_path):
    assert told(tmp_path, STATES, [look for look, _ in LOOKED]) == [state for _, state in LOOKED]
