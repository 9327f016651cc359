"""What every channel owes that hands people over to humans at the platform's desk, or greets them."""

import contextlib
import json

import pytest
from test_contract import HOSTILE, claiming

from runtime.channels import ApiAnswer, ApiRequest, Frame, Greets, HandsOver, Responds, Standings, connects
from runtime.errors import SendFailed
from runtime.message import Message


def test_the_shortest_way_goes_through_allowed_steps_only():
    steps = {"new": {"pool", "human"}, "pool": {"human"}, "human": {"human", "over"}, "over": ()}
    ways = Standings(steps, with_agent={"new"}, with_human={"pool", "human"})
    assert ways.way("new", "over") == ["human", "over"]
    assert ways.way("pool", "over") == ["human", "over"]
    assert ways.way("pool", "pool") == []
    assert ways.way("over", "human") is None
    assert ways.way("nowhere", "human") is None


@claiming(HandsOver)
def test_its_states_are_whole_and_nobody_is_with_both(tables):
    channel = tables.channel
    states = channel.standings
    assert all(set(after) <= states.steps.keys() for after in states.steps.values())
    assert {*states.with_agent, *states.with_human} <= states.steps.keys()
    assert not {*states.with_agent} & {*states.with_human}
    assert channel.at_desk in states.with_human
    assert channel.given_back in states.steps.keys() - {*states.with_human}
    assert channel.with_assistant in ("", *states.with_agent)
    assert channel.desk_seconds > 0


@claiming(HandsOver)
def test_from_every_state_of_the_agents_a_way_leads_to_the_desk_and_from_there_back(tables):
    channel = tables.channel
    states = channel.standings
    assert all(states.way(state, channel.at_desk) for state in states.with_agent)
    assert any(states.way(state, channel.given_back) for state in states.with_human)


@claiming(HandsOver)
def test_a_refusal_at_the_desk_is_the_persons_and_explained(tables):
    channel = tables.channel
    assert channel.refused_at_desk <= channel.codes.unreachable
    assert all(channel.explain(code) != channel.explain("no-such-code") for code in channel.refused_at_desk)


@claiming(HandsOver)
def test_what_is_asked_is_about_the_person_and_always_the_same(tables):
    channel, to = tables.channel, tables.to
    asked = [channel.move(to, state) for state in channel.standings.steps]
    asked += [request for request in [channel.standing(to)] if request]
    assert all(to in json.dumps([one.query, one.body]) for one in asked)
    assert channel.move(to, channel.at_desk) == channel.move(to, channel.at_desk)
    assert any(isinstance(one, ApiRequest) for one in asked)


@claiming(HandsOver)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("status", [200, 500])
def test_a_strange_answer_is_a_state_that_there_is_or_a_failure(tables, data, status):
    channel = tables.channel
    with contextlib.suppress(SendFailed):
        assert channel.stands(ApiAnswer(status, data)) in channel.standings.steps
    with contextlib.suppress(SendFailed):
        channel.moved(ApiAnswer(status, data))


@claiming(HandsOver)
def test_only_what_is_shown_in_a_response_can_hand_over_there(tables):
    message = Message("1", tables.to, "人工", at=tables.now)
    response = tables.channel.handed(message, tables.now)
    assert response is None or isinstance(tables.channel, Responds)


@claiming(Greets)
def test_a_greeting_answers_its_event_and_nothing_else(tables):
    channel = tables.channel
    come = [one for row in (*tables.incoming, *tables.linked) for one in row.messages]
    event = next(
        (one for one in come if one.data.get("event") == "opened"),
        Message("1", tables.to, "", "event", tables.now, {"event": "opened", "welcome": "W3LCOME"}),
    )
    request = channel.greet("欢迎", event, "k1")
    if request is None:  # the response to the call is the greeting
        assert isinstance(channel, Responds)
        assert not connects(channel)
        return
    shown = request.text if isinstance(request, Frame) else json.dumps(request.body, ensure_ascii=False)
    assert any(str(right) in shown for right in (event.data["welcome"], *event.handle.values()))
    assert "欢迎" in shown
    assert channel.greet("欢迎", Message("1", tables.to, "你好"), "k1") is None
    quota = channel.quota(event)
    assert quota.pushes >= 1
