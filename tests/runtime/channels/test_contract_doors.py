"""Whether a door is open is known once something came through it: a call of theirs, or a look of ours."""

import pytest
from test_contract import TABLES

from runtime.agents.agent import Agent
from runtime.channels import Connects, Joins, connects, looks
from runtime.publish import publish
from runtime.publish.doctor import Doctor
from runtime.publish.standing import standing
from runtime.publish.ways_in import is_linked, is_reached
from runtime.store.control.control import Control
from runtime.store.messages.insights import Lately

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})


def asks(channel):
    return (isinstance(channel, Connects) and connects(channel)) or looks(channel)


def by_itself(name):
    """Of a channel of ours, whose account nobody joins by a scan."""
    channel = TABLES[name].channel
    return type(channel).__module__.startswith("runtime.") and not isinstance(channel, Joins)


ASKING = [name for name in TABLES if by_itself(name) and asks(TABLES[name].channel)]


def test_there_are_doors_that_look_and_doors_that_connect():
    assert any(looks(TABLES[name].channel) for name in ASKING)
    assert any(not looks(TABLES[name].channel) for name in ASKING)


@pytest.mark.parametrize("name", ASKING)
def test_a_door_that_asks_is_connected_once_it_was_answered(tmp_path, name):
    channel, control = TABLES[name].channel, Control.in_folder(tmp_path / "data")
    given = {key: _plain(getattr(channel.settings, key)) for key in channel.settings.model_fields_set}
    id = publish(control, AGENT, name.partition(" ")[0], given).publication
    record, doctor = control.publication(id), Doctor(control)
    assert is_linked(control, record)
    assert not is_reached(control, record)
    before = standing(doctor.state(id, 1.0), type(channel), Lately(), is_linked=True, is_called=False)
    assert (before.tone, before.title.en[:10]) == ("accent", "Connecting")
    doctor.saw(id, "verified", "", 2.0)
    assert is_reached(control, record)
    after = standing(doctor.state(id, 3.0), type(channel), Lately(), is_linked=True, is_called=False)
    assert (after.tone, after.title.en) == ("ok", "Connected")


def _plain(value):
    value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return str(value).lower() if isinstance(value, bool) else str(value)
