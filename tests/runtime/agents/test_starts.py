"""Beginnings besides a message: read strictly, due at the right times, and walked with what began them."""

from datetime import datetime

import pytest

from runtime.agents.agent import Agent
from runtime.agents.check import check
from runtime.agents.schedule import last_time, upcoming
from runtime.message import Message
from runtime.store.control.control import Control
from runtime.time_zones import zone
from runtime.turn.events import Failed, Replied
from script import Script, play, says, services

SAYS = {"type": "reply", "id": "told", "text": "{{ event.on }} {{ event.value or event.due }}"}
WEEKLY = {"on": "schedule", "id": "weekly", "cron": "0 9 * * 1", "flow": [SAYS]}
FLOW = [{"type": "reply", "id": "say", "text": "你好"}]


def composed(*starts, **more):
    return {"format": 1, "id": "a", "name": "A", "flow": FLOW, "starts": list(starts), **more}


def test_a_file_with_starts_is_written_as_it_was_read_with_the_flow_last():
    data = composed({**WEEKLY, "for": "listed", "people": ["u1", "u2"], "missed": "skip"})
    written = Agent.load(data).to_json()
    assert written["starts"] == data["starts"]
    assert list(written["starts"][0])[-1] == "flow"
    assert "starts" not in Agent.load(composed()).to_json()


@pytest.mark.parametrize(
    ("start", "field"),
    [
        ({**WEEKLY, "cron": "* * * * * *"}, "starts.0.cron"),
        ({**WEEKLY, "cron": "0 9 * *"}, "starts.0.cron"),
        ({**WEEKLY, "cron": "61 9 * * *"}, "starts.0.cron"),
        ({**WEEKLY, "cron": "@daily"}, "starts.0.cron"),
        ({**WEEKLY, "cron": "0 0 30 2 *"}, "starts.0.cron"),
        ({**WEEKLY, "for": "person"}, "starts.0.for"),
        ({**WEEKLY, "for": "listed"}, "starts.0.people"),
        ({**WEEKLY, "for": "tag", "tag": " "}, "starts.0.tag"),
        ({**WEEKLY, "for": "listed", "people": [" "]}, "starts.0.people"),
        ({**WEEKLY, "pace": 0}, "starts.0.pace"),
        ({**WEEKLY, "evry": 1}, "starts.0.evry"),
        ({**WEEKLY, "id": "Weekly!"}, "starts.0.id"),
        ({"on": "moon", "id": "m"}, "starts.0.on"),
        ({"on": "event", "id": "e", "event": "danced"}, "starts.0.event"),
        ({"on": "event", "id": "e", "event": "menu", "for": "everybody"}, "starts.0.for"),
        ({"on": "webhook", "id": "w", "secret": "{{ x }}"}, "starts.0.secret"),
        ({**WEEKLY, "flow": [{**SAYS, "id": "event"}]}, "starts.0.flow.0.id"),
        ({**WEEKLY, "flow": [{**SAYS, "id": "say"}]}, "starts.0.flow.0.id"),
        (3, "starts.0"),
    ],
)
def test_what_cannot_begin_is_told_with_its_field(start, field):
    assert [problem.field for problem in Agent.check(composed(start))] == [field]


def test_two_starts_have_two_ids_and_event_is_free_where_there_are_no_starts():
    assert [p.field for p in Agent.check(composed(WEEKLY, {**WEEKLY, "flow": []}))] == ["starts.1.id"]
    assert Agent.check({**composed(), "flow": [{**FLOW[0], "id": "event"}]}) == []


@pytest.mark.parametrize(
    ("place", "day", "cron", "due"),
    [
        ("Asia/Shanghai", "2026-11-29", "0 9 * * 1", ["2026-11-30T09:00+08:00", "2026-12-07T09:00+08:00"]),
        ("Europe/Berlin", "2026-03-28", "30 2 * * *", ["2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00"]),
        ("Europe/Berlin", "2026-10-25", "30 2 * * *", ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
        ("Asia/Shanghai", "2027-12-31", "0 0 29 2 *", ["2028-02-29T00:00+08:00", "2032-02-29T00:00+08:00"]),
        ("Asia/Shanghai", "2038-01-19", "14 11 19 1 *", ["2038-01-19T11:14+08:00", "2039-01-19T11:14+08:00"]),
    ],
)
def test_a_schedule_keeps_to_the_clock_of_its_zone(place, day, cron, due):
    found = zone(place)
    after = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=found).timestamp()
    times = upcoming(cron, found, after, 2)
    told = [datetime.fromtimestamp(at, found).isoformat(timespec="minutes") for at in times]
    assert told == due
    assert last_time(cron, found, after, times[-1]) == times[-1]
    assert last_time(cron, found, after, times[0] - 1) is None


def began(start, **begun):
    return Message("run:1", "u1", "", "start", data={"start": start, "begun": begun})


def tapped(value):
    return Message("m1", "u1", value, "event", data={"event": "menu", "key": value})


MENU = {"on": "event", "id": "order", "event": "menu", "value": "下单", "flow": [SAYS]}


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (began("weekly", due="9:00"), "schedule 9:00"),
        (tapped("下单"), "event 下单"),
        (tapped("别的"), "你好"),
        (Message("m1", "u1", "忘记我"), None),
        (Message("m1", "u1", "", data={"start": "weekly", "begun": {}}), "你好"),
    ],
)
async def test_a_turn_walks_the_flow_of_what_began_it_and_nobody_writes_that(message, answer):
    events = await play(Agent.load(composed({**WEEKLY, "flow": [{**SAYS, "id": "other"}]}, MENU)), message)
    assert isinstance(events[-1], Replied)
    assert answer is None or events[-1].text == answer


async def test_a_start_may_end_without_a_word_and_a_message_may_not():
    quiet = {"type": "set", "id": "noted", "values": {"x": "1"}}
    agent = Agent.load({**composed({**WEEKLY, "flow": [quiet]}), "flow": [{**quiet, "id": "other"}]})
    assert (await play(agent, began("weekly")))[-1].text == ""
    assert isinstance((await play(agent))[-1], Failed)


def test_the_check_knows_what_a_start_sees_and_finds_what_it_lacks(tmp_path):
    model = {"type": "model", "id": "m", "prompt": {"text": "{{ event.body }} {{ evnt }}"}}
    agent = Agent.load({**composed({**WEEKLY, "flow": [model]}, {**MENU, "flow": []}), "flow": []})
    control = Control.in_folder(tmp_path)
    found = {(one.level, one.field) for one in check(agent, services(Script([says()])).prompts, control)}
    assert ("error", "starts.0.flow.0.prompt.text") in found
    assert ("error", "starts.1.flow") in found
    assert ("warning", "flow") in found
    outside = Agent.load({**composed(WEEKLY), "flow": [{**FLOW[0], "text": "{{ event.on }}"}]})
    fields = [one.field for one in check(outside, services().prompts, control)]
    assert fields == ["flow.0.text"]
