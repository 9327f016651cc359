"""One account may carry several publications: each goes by its own credentials, none suffers for another."""

import asyncio
import itertools
from contextlib import asynccontextmanager

import pytest

from runtime.agents.agent import Agent
from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.publish import publish
from runtime.publish.doctor import Doctor
from runtime.simulator.http import Server
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform
from runtime.simulator.wechat.wire import Wire
from runtime.store.control.control import Control
from script import Script, says, services

ACCOUNT = Account()
THEM = "oABCdefGHIjklMNOpqrSTUvwxYZ0"


@asynccontextmanager
async def world(folder, clock):
    """Two agents on one account, the second with a secret that is wrong."""
    control, platform = Control.in_folder(folder / "data"), Platform([ACCOUNT], clock)
    ids = [
        publish(
            control, agent(name), "wechat", {**ACCOUNT.settings, "app_secret": secret}, also=True
        ).publication
        for name, secret in (("good", ACCOUNT.app_secret), ("bad", "f" * 32))
    ]
    doctor, numbers = Doctor(control), itertools.count(1)
    async with Server(platform.call) as server:
        hosts = {"HONGYAN_WECHAT_API": server.url}
        gateway = Gateway(
            folder,
            control,
            services(Script([says("好")])),
            doctor,
            hosts,
            clock=clock,
            outside=asyncio.get_running_loop().outside,
        )
        await gateway.start()

        async def write(id):
            platform.acted(ACCOUNT.app_id, THEM, "message")
            head = {"ToUserName": ACCOUNT.original_id, "FromUserName": THEM, "CreateTime": int(clock())}
            text = {"MsgType": "text", "Content": "你好", "MsgId": next(numbers)}
            push = Wire(ACCOUNT).push({**head, **text}, clock())
            await gateway.callback(id, WebRequest(push.method, push.query, push.body))

        try:
            yield ids, platform, doctor, write
        finally:
            await gateway.stop()


def agent(id):
    return Agent.load({"id": id, "name": id, "flow": [{"type": "model", "id": "answer"}]})


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1, 0)])
async def test_a_wrong_secret_is_the_trouble_of_its_own_publication_only(tmp_path, order):
    clock = asyncio.get_running_loop().wall
    async with world(tmp_path, clock) as (ids, platform, doctor, write):
        for one in order:
            await write(ids[one])
            await asyncio.sleep(0.2)
        expected = order.count(0) - 1  # the first is answered in the response
        await until(lambda: len(platform.sent) >= expected)
        await until(lambda: doctor.state(ids[1], clock()).trouble is not None)
        assert "AppSecret" in doctor.state(ids[1], clock()).trouble.zh
        assert doctor.state(ids[0], clock()).trouble is None
