"""What every channel owes whose messages come over a connection that we hold."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_contract import EVENTS, claiming, rows

from runtime.channels import Connects, End, OwnServer, Step
from runtime.errors import Refused


def played(tables, happens):
    """The link, and what followed from the last thing that happened."""
    link, now, last = tables.channel.link(), tables.now, None
    for one in happens:
        match one:
            case "opened":
                last = link.opened(now)
            case "closed":
                last = link.closed(now)
            case "tick":
                now = link.tick_at
                last = link.tick(now)
            case _ if one.startswith("closed "):
                last = link.hung_up(int(one.removeprefix("closed ")), now)
            case _:
                last = link.frame(one, now)
    return link, last


@rows(Connects, "linked")
def test_what_follows_from_what_happens(tables, row):
    link, last = played(tables, row.happens)
    end = last if isinstance(last, End) else last.end
    assert link.is_up == row.is_up
    assert (end and end.code) == row.end
    assert (end and end.again) == row.again
    assert link.next_address == row.leads
    if isinstance(last, Step):
        found = (last.send, last.messages, last.after, last.answers)
        assert [list(one) for one in found] == [
            list(row.send),
            list(row.messages),
            list(row.after),
            list(row.answers),
        ]
    assert end is None or (end.text.zh and end.text.en)
    assert not any(secret in repr(last) for secret in tables.secrets)
    # its events have names that all share
    assert all(one.kind != "event" or one.data["event"] in EVENTS for one in row.messages)


@rows(Connects, "broken_frames")
def test_what_is_no_frame_is_refused_and_the_connection_goes_on(tables, row):
    link, _ = played(tables, ["opened"])
    with pytest.raises(Refused) as refused:
        link.frame(row, tables.now)
    assert refused.value.code == "malformed"


NAMES = [
    "cmd",
    "headers",
    "req_id",
    "body",
    "errcode",
    "msgid",
    "from",
    "userid",
    "msgtype",
    "text",
    "is",
    "id",
]
STRANGE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)


@claiming(Connects)
@given(STRANGE)
@settings(max_examples=80)
def test_any_frame_is_read_or_refused(tables, data):
    link, _ = played(tables, ["opened"])
    with contextlib.suppress(Refused):
        link.frame(json.dumps(data), tables.now)


@claiming(Connects)
def test_it_always_knows_when_it_is_next_to_look_at_the_clock(tables):
    link, _ = played(tables, ["opened"])
    for _ in range(20):
        before = link.tick_at
        assert before > tables.now
        if link.tick(before).end:
            break
        assert link.tick_at > before


@claiming(Connects)
def test_a_connection_that_never_comes_is_tried_again_ever_less_often_and_never_given_up_silently(tables):
    link, pauses = tables.channel.link(), []
    for _ in range(12):
        end = link.closed(tables.now)
        pauses.append(end.again)
        if end.again is None:
            break
    assert all(pause is None or 0 < pause <= 120 for pause in pauses)
    assert [pause for pause in pauses if pause is not None] == sorted(p for p in pauses if p is not None)


@claiming(Connects)
def test_its_host_can_be_replaced_and_it_says_what_it_expects(tables):
    channel = tables.channel
    assert channel.answer_seconds > 0
    assert channel.account
    if isinstance(channel, OwnServer):
        return
    assert channel.link_host.startswith("wss://")
    assert channel.link_host_setting.startswith("HONGYAN_")
    assert channel.link_host_setting.endswith("_WS")
