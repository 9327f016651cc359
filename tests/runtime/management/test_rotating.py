"""While credentials change here and at the platform no message is lost; a wrong secret replaces nothing."""

import itertools
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.channels import WebRequest
from runtime.errors import BadSettings, Refused
from runtime.gateway.former import Former
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import Unobserved
from runtime.management.accounts import Accounts
from runtime.management.rotating import rotated
from runtime.publish import publish, rotate, rotation
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.simulator.wechat.wire import Wire
from runtime.store.control.control import Control
from script import Script, services

SAY = {"type": "reply", "id": "say", "text": "好"}
AGENT = Agent.load({"id": "shop", "name": "店", "flow": [SAY]})
ACCOUNT = Account()
HOUR = 3600.0


THEM = "oABCdefGHIjklMNOpqrSTUvwxYZ0"


class World:
    """A gateway with one publication, on a clock of its own, and what its platform sends."""

    def __init__(self, control, gateway, accounts, platform, id, clock):
        self.control, self.gateway, self.accounts = control, gateway, accounts
        self.platform, self.id, self.clock = platform, id, clock
        self._ids = itertools.count(25012345678901234)

    def settings(self):
        return self.control.channel_settings(self.id)

    async def write(self, settings, id=None):
        """A text, signed and sealed as the console has it, and what the person reads."""
        wire, now = self.wire(settings), self.clock()
        head = {"ToUserName": ACCOUNT.original_id, "FromUserName": THEM, "CreateTime": int(now)}
        text = {"MsgType": "text", "Content": "你好", "MsgId": id or next(self._ids)}
        reply = wire.read(THEM, *await self.knock(wire.push({**head, **text}, now)))
        assert reply.kind == "text"
        return reply.text

    async def verify(self, settings):
        """The console is saved, and gets this back."""
        return (await self.knock(self.wire(settings).handshake("77", self.clock())))[1]

    def wire(self, settings):
        return Wire(replace(ACCOUNT, token=settings["token"], encoding_aes_key=settings["encoding_aes_key"]))

    async def knock(self, push):
        request = WebRequest(push.method, push.query, push.body)
        response = await self.gateway.callback(self.id, request)
        return response.status, response.body


@asynccontextmanager
async def world(folder):
    control, platform = Control.in_folder(folder / "data"), Platform([ACCOUNT])
    id = publish(control, AGENT, "wechat", {**ACCOUNT.settings, "push": "false"}).publication
    now = [0.0]

    def clock():
        record = control.publication(id)
        return (record.former_at or record.created_at) + now[0]

    async with Server(platform.call) as server:
        gateway = Gateway(
            folder, control, services(Script()), Unobserved(), {"HONGYAN_WECHAT_API": server.url}, clock=clock
        )
        gateway._intake.receiving.former = Former(clock)
        await gateway.start()
        made = World(control, gateway, Accounts(gateway.sender), platform, id, clock)
        made.later = lambda seconds: now.__setitem__(0, now[0] + seconds)
        try:
            yield made
        finally:
            await gateway.stop()


async def test_the_console_may_still_have_the_old_token_and_key_and_is_answered_in_them(tmp_path):
    async with world(tmp_path) as w:
        old = w.settings()
        rotate(w.control, rotation(w.control, w.id, {}))
        new = w.settings()
        assert await w.write(old) == "好"
        assert await w.verify(old) == "77"
        assert await w.write(new) == "好"
        assert await w.verify(new) == "77"


async def test_once_the_platform_uses_what_is_new_the_old_counts_for_a_quarter_of_an_hour(tmp_path):
    async with world(tmp_path) as w:
        old = w.settings()
        rotate(w.control, rotation(w.control, w.id, {}))
        await w.verify(w.settings())
        w.later(14 * 60)
        assert await w.write(old)
        w.later(2 * 60)
        with pytest.raises(Refused):
            await w.write(old)


async def test_when_the_platform_never_does_the_old_counts_for_a_day(tmp_path):
    async with world(tmp_path) as w:
        old = w.settings()
        rotate(w.control, rotation(w.control, w.id, {}))
        w.later(23 * HOUR)
        assert await w.write(old)
        w.later(2 * HOUR)
        with pytest.raises(Refused):
            await w.write(old)


async def test_what_was_before_the_old_counts_no_more(tmp_path):
    async with world(tmp_path) as w:
        first = w.settings()
        rotate(w.control, rotation(w.control, w.id, {}))
        second = w.settings()
        rotate(w.control, rotation(w.control, w.id, {}))
        assert await w.write(second)
        with pytest.raises(Refused):
            await w.write(first)


async def test_a_secret_that_the_platform_does_not_take_replaces_nothing(tmp_path):
    async with world(tmp_path) as w:
        before = w.control.publication(w.id)
        with pytest.raises(BadSettings, match="AppSecret") as refused:
            await rotated(w.control, w.accounts, w.id, {"app_secret": "f" * 32}, by=OWNER)
        assert refused.value.field == "app_secret"
        assert w.control.publication(w.id) == before


async def test_a_secret_that_it_takes_does(tmp_path):
    async with world(tmp_path) as w:
        fresh = Account(app_secret="e" * 32)
        w.platform.accounts[ACCOUNT.app_id] = fresh
        await rotated(w.control, w.accounts, w.id, {"app_secret": "e" * 32}, by=OWNER)
        assert w.settings()["app_secret"] == "e" * 32


async def test_a_platform_that_cannot_be_asked_leaves_things_as_they_are(tmp_path):
    async with world(tmp_path) as w:
        w.platform.faults.always("stable_token", "http_503")
        with pytest.raises(BadSettings, match="没有更换"):
            await rotated(w.control, w.accounts, w.id, {"app_secret": "e" * 32}, by=OWNER)
        assert w.settings()["app_secret"] == ACCOUNT.app_secret


async def test_a_repeat_by_the_new_of_what_came_by_the_old_is_the_same_message(tmp_path):
    async with world(tmp_path) as w:
        await w.write(w.settings(), id=7)
        rotate(w.control, rotation(w.control, w.id, {}))
        assert await w.write(w.settings(), id=7) == "好"
        count = await w.gateway.messages.database.read(
            lambda db: db.execute("select count(*) from messages").fetchone()[0]
        )
        assert count == 1
