"""A new outgoing address is told before an answer is refused for it, and forgotten once it is let in."""

import time

import pytest

from runtime.agents.agent import Agent
from runtime.checkup.address_watch import AddressWatch
from runtime.checkup.patient import Ways
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.publish import publish, unpublish
from runtime.publish.doctor import Doctor
from runtime.publish.reached import Reach
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.store.control.control import Control

ACCOUNT = Account()
AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})


@pytest.fixture
async def world(tmp_path):
    control, played, outbound = Control.in_folder(tmp_path), Platform([ACCOUNT]), Outbound()
    doctor = Doctor(control)
    id = publish(control, AGENT, "wechat", ACCOUNT.settings).publication
    async with Server(played.call) as server:
        hosts = {"HONGYAN_WECHAT_API": server.url}
        ways = Ways(Outside(), outbound, Accounts.alone(outbound, hosts), Reach(control), hosts)
        yield AddressWatch(control, doctor, ways, doctor.trouble), played, doctor, control, id
        await outbound.close()


def trouble(doctor, id):
    return doctor.state(id, time.time()).trouble


async def test_a_new_address_is_told_with_what_to_add_and_forgotten_once_it_is_let_in(world):
    watch, played, doctor, _, id = world
    await watch.look()
    assert trouble(doctor, id) is None
    played.allowed_addresses = {"203.0.113.1"}
    await watch.look()
    assert "127.0.0.1" in trouble(doctor, id).zh
    assert "白名单" in trouble(doctor, id).zh
    played.allowed_addresses = None
    await watch.look()
    assert trouble(doctor, id) is None
    assert played.sent == []


async def test_the_same_address_is_told_once_although_each_refusal_has_an_id_of_its_own(world):
    watch, played, doctor, _, id = world
    played.allowed_addresses = {"203.0.113.1"}
    await watch.look()
    first = trouble(doctor, id)
    await watch.look()
    assert trouble(doctor, id) == first


async def test_another_trouble_is_not_taken_back(world):
    watch, played, doctor, _, id = world
    played.allowed_addresses = {"203.0.113.1"}
    await watch.look()
    doctor.trouble(id, Text("额度用完。", "Used up."), time.time())
    played.allowed_addresses = None
    await watch.look()
    assert trouble(doctor, id).en == "Used up."


async def test_what_says_nothing_of_the_address_tells_nothing(world):
    watch, played, doctor, control, id = world
    for fault in (-1, 40125, "html", "http_502"):
        played.faults.script("stable_token", fault)
        await watch.look()
    assert trouble(doctor, id) is None
    calls = len(played.called)
    unpublish(control, id)
    await watch.look()
    assert len(played.called) == calls, "nobody is asked for what is offline"
