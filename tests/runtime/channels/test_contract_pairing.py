"""What a channel owes whose account is joined by a scan, whose answers carry on a thread, whose sign has a
ticket."""

import json

import pytest
from test_contract import HOSTILE, claiming

from runtime.channels import ApiAnswer, Continues, Pairing, Pairs, TypesByTicket
from runtime.errors import SendFailed

BROKEN = [*HOSTILE, {"ret": 0}, {"qrcode": 7}, {"status": "nonsense"}, {"reached": ["joined"]}]


@claiming(Pairs)
@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("status", [200, 500])
def test_a_strange_answer_joins_nothing(tables, data, status):
    for read in (tables.channel.code, tables.channel.progress):
        with pytest.raises(SendFailed):
            read(ApiAnswer(status, data))


@claiming(Pairs)
def test_joining_shows_no_secret(tables):
    pairing = Pairing(tables.channel)
    asked = pairing.next(0.0)
    assert asked
    assert not any(secret in repr((asked, pairing.code, pairing.settings)) for secret in tables.secrets)


@claiming(Continues)
def test_what_is_sent_carries_the_thread_of_the_newest_message(tables):
    request = tables.channel.continued(tables.channel.push("好", tables.to, "k1"), tables.thread)
    assert "THR3AD" in json.dumps([request.body, request.query, request.headers])
    assert "THR3AD" not in repr(request)


@claiming(TypesByTicket)
def test_the_typing_sign_carries_its_ticket(tables):
    request = tables.channel.ticketed(tables.channel.typing(tables.to), "T1CKET")
    assert "T1CKET" in json.dumps([request.body, request.query, request.headers])
    assert tables.channel.ticket_request(tables.to) != request


@claiming(TypesByTicket)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_without_a_ticket_there_is_none(tables, data):
    with pytest.raises(SendFailed):
        tables.channel.ticket(ApiAnswer(200, data))


@claiming(TypesByTicket)
def test_a_sign_that_would_stay_is_taken_away_for_the_person(tables):
    over = tables.channel.typing_over(tables.to)
    assert over is None or tables.to in json.dumps(over.body)
