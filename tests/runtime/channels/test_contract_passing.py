"""What every channel owes that shows for a moment what is written, or tells its platform where to call."""

import json

import pytest
from test_contract import HOSTILE, claiming, rows

from runtime.channels import ApiAnswer, Drafts, Registers
from runtime.errors import SendFailed

ADDRESS = "https://bot.example/c/p"


@rows(Drafts, "drafted")
def test_what_shows_so_much_of_an_answer(tables, row):
    assert tables.channel.drafts(tables.bubble.message)
    assert tables.channel.draft(tables.bubble, row.text) == row.request
    assert tables.channel.draft(tables.bubble, row.text) == row.request


@claiming(Drafts)
def test_it_has_a_pace_and_is_shown_again_before_it_vanishes(tables):
    assert 0 < tables.channel.draft_seconds < tables.channel.draft_life


@claiming(Registers)
def test_what_tells_the_platform_where_to_call(tables):
    request = tables.channel.register(ADDRESS)
    assert request == tables.registered
    assert ADDRESS in json.dumps(request.body)
    assert request != tables.channel.register(f"{ADDRESS}2")
    assert not any(secret in repr(request) for secret in tables.secrets)
    assert tables.channel.unregister() != request


@claiming(Drafts, Registers)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_is_no_yes(tables, data):
    reads = [getattr(tables.channel, name, None) for name in ("drafted", "registered")]
    for read in filter(None, reads):
        with pytest.raises(SendFailed):
            read(ApiAnswer(200, data))
