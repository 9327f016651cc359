"""What platforms leave of today's calls is asked where they tell it, and shown in a few numbers."""

import pytest

from runtime.agents.agent import Agent
from runtime.management.accounts import Accounts
from runtime.management.quota_watch import OLD, QuotaWatch
from runtime.network.platform_api import Outbound
from runtime.publish import publish
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.store.control.control import Control

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
FIRST, SECOND = Account(), Account(app_id="wx2222222222222222")
PUSHES = ("wechat", "pushes")


@pytest.fixture
async def world(tmp_path):
    control, played, outbound = Control.in_folder(tmp_path), Platform([FIRST, SECOND]), Outbound()
    for one in (FIRST, SECOND):
        publish(control, AGENT, "wechat", one.settings)
    publish(control, AGENT, "webhook", {"secret": "correct horse battery staple 7"})
    now = [1000.0]
    async with Server(played.call) as server:
        accounts = Accounts.alone(outbound, {"HONGYAN_WECHAT_API": server.url})
        yield QuotaWatch(control, accounts, lambda: now[0]), played, now
        await outbound.close()


def leaves(played, **left):
    """Calls that are left of 1000, by the account's id."""
    played.owner.used = lambda account, path: (1000, 1000 - left.get(account.app_id, 1000))


@pytest.mark.parametrize(("first", "second"), [(900, 50), (50, 900)])
async def test_the_account_that_has_least_is_told_and_what_a_platform_does_not_count_is_not(
    world, first, second
):
    watch, played, _ = world
    assert dict(watch.counted()) == {}
    leaves(played, **{FIRST.app_id: first, SECOND.app_id: second})
    await watch.look()
    assert dict(watch.counted()) == {PUSHES: 0.05, ("wechat", "uploads"): 0.05}
    assert played.sent == []


async def test_an_answer_grows_old_and_a_refusal_is_none(world):
    watch, played, now = world
    leaves(played)
    await watch.look()
    now[0] += OLD / 2
    played.faults.script("openapi/quota/get", *[48001] * 6)
    await watch.look()
    assert dict(watch.counted())[PUSHES] == 1.0
    now[0] += OLD
    assert dict(watch.counted()) == {}


@pytest.mark.parametrize(("most", "used", "share"), [(0, 0, None), (10, 30, 0.0), (10, -5, 1.0)])
async def test_strange_numbers_stay_within_nothing_and_all(world, most, used, share):
    watch, played, _ = world
    played.owner.used = lambda account, path: (most, used)
    await watch.look()
    assert dict(watch.counted()).get(PUSHES) == share
