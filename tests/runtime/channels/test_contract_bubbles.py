"""What every channel owes on which one bubble grows."""

from collections.abc import Generator

import pytest
from test_contract import claiming, rows
from test_contract_media import played

from runtime.channels import (
    ApiAnswer,
    Bubble,
    Edits,
    Frame,
    Responds,
    Streams,
    StreamsMedia,
    WebResponse,
    connects,
)
from runtime.errors import SendFailed


@rows(Streams, "grown")
def test_what_shows_a_bubble(tables, row):
    assert shown(tables, row) == row.request


@rows(Streams, "grown")
def test_the_same_once_more_is_the_same(tables, row):
    assert shown(tables, row) == shown(tables, row)


def shown(tables, row):
    """Of what takes several calls, after they were made as expected, nothing."""
    channel = type(tables.channel)(tables.channel.settings)
    found = channel.grow(tables.bubble, row.text, tables.now, done=row.done)
    if isinstance(found, Generator):
        return played(found, row.calls)
    return tables.opened(found) if tables.opened else found


def by_steps(tables):
    return isinstance(tables.channel.grow(tables.bubble, "", tables.now, done=False), Generator)


@claiming(Streams)
def test_a_bubble_is_the_answer_to_a_call_or_a_request_of_ours(tables):
    is_called = isinstance(tables.channel, Responds) and not connects(tables.channel)
    found = tables.channel.grow(tables.bubble, "好", tables.now, done=False)
    assert isinstance(found, WebResponse) == is_called
    if isinstance(found, Frame):
        assert found.key, "its answer is waited for"


@claiming(Streams)
def test_it_has_a_pace_and_a_life(tables):
    channel = tables.channel
    assert 0 < channel.pieces.quick <= channel.pieces.slow
    assert channel.pieces.few > 0
    assert channel.bubble_seconds > 20
    assert channel.grows(tables.bubble.message)


@claiming(Streams)
def test_one_of_which_nothing_is_known_is_ended_where_the_platform_asks(tables):
    if isinstance(tables.channel.grow(tables.bubble, "", tables.now, done=False), WebResponse):
        assert tables.channel.grow(Bubble("9-0", None), "抱歉", tables.now, done=True).status == 200


@rows(Streams, "bubble_answered")
def test_what_the_platform_says_to_a_piece(tables, row):
    answer = ApiAnswer(row.status, row.data)
    if not row.code:
        return tables.channel.grown(answer)
    with pytest.raises(SendFailed) as failed:
        tables.channel.grown(answer)
    assert failed.value.code == row.code
    return None


@claiming(Streams)
def test_a_bubble_that_takes_nothing_more_is_known_by_its_code(tables):
    codes = {row.code for row in tables.bubble_answered}
    assert by_steps(tables) or not tables.channel.bubble_over or codes & tables.channel.bubble_over


@rows(StreamsMedia, "ended")
def test_what_the_end_of_a_bubble_holds(tables, row):
    found = tables.channel.end(tables.bubble, row.text, row.held, tables.now)
    assert isinstance(found, WebResponse)
    assert tables.opened(found) == row.shown


@claiming(StreamsMedia)
def test_what_the_end_of_a_bubble_holds_is_of_what_the_channel_shows(tables):
    assert set(tables.channel.bubble_media) <= set(tables.channel.media_out)
    assert 0 < tables.channel.bubble_files <= 100
    assert tables.channel.bubble_bytes > 0
    assert connects(tables.channel) or tables.ended, "no table says what it holds"


@rows(Edits, "edited")
def test_what_is_written_so_far_is_a_message_and_then_edits_it(tables, row):
    [handle] = {handle for _, handle in tables.begun if not handle.startswith("!")}
    if row.after is None:
        assert tables.channel.edit(handle, row.part) == row.request
        return
    assert tables.channel.edits(row.after)
    assert tables.channel.begin(row.after, row.part) == row.request


@claiming(Edits)
def test_the_platform_says_by_what_it_is_edited_or_why_not(tables):
    for data, handle in tables.begun:
        if handle.startswith("!"):
            with pytest.raises(SendFailed) as failed:
                tables.channel.begun(ApiAnswer(200, data))
            assert failed.value.code == handle[1:]
        else:
            assert tables.channel.begun(ApiAnswer(200, data)) == handle
            assert tables.channel.withdraw(handle).path
