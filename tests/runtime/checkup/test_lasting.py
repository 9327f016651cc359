"""What lasts is told as the process that holds it noted it: since when, why not, and who else."""

import json
from types import SimpleNamespace

import pytest

import example_channel
from example_channel.channels.telegraph import CHANNEL as TELEGRAPH
from example_channel.channels.telegraph import Settings
from runtime.checkup import lasting
from runtime.checkup.order import checks, examine
from runtime.checkup.patient import Patient
from runtime.lang import Text
from runtime.publish.doctor import State

NOW = 1_800_000_000.0
NEVER = State(None, None, None, 0, {})


class Alone(TELEGRAPH):
    exclusive = True


def patient(facts=(), kind=TELEGRAPH, state=NEVER):
    noted = dict(facts)
    ways = SimpleNamespace(clock=lambda: NOW, fact=noted.get, hosts={})
    channel = kind(Settings(**SETTINGS))
    return Patient("t-1", channel, "", "/c/t-1", ways, lambda: state, channel_name="telegraph")


SETTINGS = {"station": "north", "sign": "dot-dash-dot-dash-dot"}


@pytest.fixture(autouse=True)
def installed():
    with example_channel.installed():
        yield


def link(**state):
    return {"link t-1": (json.dumps({"since": NOW - 60, **state}), NOW)}


KICKED = Text(
    "别处连上了，这里被踢下线。请停掉另一个程序。", "Another connected, so this was ended. Stop that program."
)


@pytest.mark.parametrize(
    ("facts", "ok", "says"),
    [
        ({}, None, "no connection"),
        (link(up=True), True, "Connected to"),
        (link(up=False, why=KICKED.by_language(), again=None), False, "Another connected"),
        (link(up=False, why={"zh": "断了。", "en": "It broke."}, again=5.0), False, "It broke."),
        ({"link t-1": ("{", NOW)}, None, "no connection"),
        ({"link t-1": ("[]", NOW)}, None, "no connection"),
        (link(up=False, why=7), False, "closed"),
    ],
)
async def test_a_connection_is_told_as_it_stands(facts, ok, says):
    told = await lasting.connected(patient(facts))
    assert (told.ok, says in told.says.en) == (ok, True), told.says.en
    assert told.do.zh or told.ok


async def test_a_connection_that_was_ended_for_another_says_what_to_stop():
    told = await lasting.connected(patient(link(up=False, why=KICKED.by_language(), again=None)))
    assert told.do.en == "Stop that program."


@pytest.mark.parametrize(("at", "ok"), [(NOW - 3, True), (NOW - 60, None)])
async def test_who_holds_the_one_connection_is_told_while_it_lives(at, ok):
    who = patient({"lease link telegraph north": ("335f95f2:4026/1234/302054/9a8b", at)}, Alone)
    told = await lasting.only_one(who)
    assert told.ok is ok
    assert ("Process 1234 alone" in told.says.en) == bool(ok)
    assert "335f95f2" not in told.says.en
    assert bool(told.do.en) is not bool(ok)


async def test_a_channel_that_connects_is_asked_for_no_address_and_no_pressed_button():
    who = patient(link(up=True))
    assert [one.id for one in checks(who)] == ["published", "connected", "message"]
    found = [one async for one in examine(who)]
    assert [one.ok for one in found] == [True, True, None]


async def test_what_stands_in_the_way_of_sending_is_told():
    state = State(None, NOW, None, 1, {}, trouble=Text("额度用完。请等明天。", "Used up. Wait for tomorrow."))
    found = {one.check: one async for one in examine(patient(link(up=True), state=state))}
    assert (found["sending"].ok, found["sending"].do.en) == (False, "Wait for tomorrow.")
