"""Devices that ask over mosquitto, with aiomqtt, which is not ours; our side is the whole gateway."""

import asyncio
import json

import aiomqtt
import pytest

import mosquitto
from beside_server import running, until, up
from played_world import PlayedWorld
from script import Script, says

pytestmark = pytest.mark.skipif(not mosquitto.PROGRAM, reason="make debian installs mosquitto")

V5, V311 = aiomqtt.ProtocolVersion.V5, aiomqtt.ProtocolVersion.V311


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with mosquitto.running(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


def settings(broker, **more):
    told = {"url": broker.url, "user": mosquitto.USER, "password": mosquitto.PASSWORD}
    told |= {"topic_in": "shop/{device}/in", "topic_out": "shop/{device}/out", "topic_status": "shop/status"}
    return told | more


def gateway(folder, broker, model, **more):
    return running(folder, "mqtt", settings(broker, **more), model, broker.port)


def device(broker, name="lamp-1", version=V5, **more):
    return aiomqtt.Client(
        "127.0.0.1", broker.port, username=name, password="lamp", identifier=name, protocol=version, **more
    )


async def next_one(client, topic):
    async with asyncio.timeout(20):
        async for one in client.messages:
            if str(one.topic) == topic:
                return one


@pytest.mark.parametrize(("ours", "theirs"), [("5", V5), ("3.1.1", V311)])
async def test_a_device_is_answered_and_sees_that_we_are_there(tmp_path, broker, ours, theirs):
    model = Script([says("21 °C")])
    async with gateway(tmp_path, broker, model, version=ours) as it, device(broker, version=theirs) as lamp:
        await up(it)
        await lamp.subscribe("shop/status", qos=1)
        assert (await next_one(lamp, "shop/status")).payload == b"online"
        await lamp.subscribe("shop/lamp-1/out", qos=1)
        await lamp.publish("shop/lamp-1/in", "多少度？", qos=1)
        answer = await next_one(lamp, "shop/lamp-1/out")
        assert (answer.payload.decode(), answer.qos, answer.retain) == ("21 °C", 1, False)
        await it.stop()
        it.stopped = True
        assert (await next_one(lamp, "shop/status")).payload == b"offline"


async def test_json_is_read_and_written_and_an_id_is_answered_once(tmp_path, broker):
    model = Script([says("好"), says("还有吗？")])
    fields = {"field_text": "data.words", "answers": "json"}
    async with gateway(tmp_path, broker, model, **fields) as it, device(broker) as lamp:
        await up(it)
        await lamp.subscribe("shop/lamp-1/out", qos=1)
        asked = json.dumps({"id": "q1", "sender": "lamp-2", "data": {"words": "开灯"}})
        for _ in range(3):
            await lamp.publish("shop/lamp-1/in", asked, qos=1)
        await lamp.publish("shop/lamp-1/in", json.dumps({"data": {"words": "关灯"}}), qos=1)
        told = [json.loads((await next_one(lamp, "shop/lamp-1/out")).payload) for _ in range(2)]
        assert [one["content"] for one in told] == ["好", "还有吗？"]
        assert {one["msg_type"] for one in told} == {"text"}
        assert len({one["id"] for one in told}) == 2


async def test_what_comes_while_nobody_is_there_is_answered_in_order_later(tmp_path, broker):
    model = Script([says("一"), says("二")])
    own = {"client_id": "away"}
    async with gateway(tmp_path, broker, model, **own) as it:
        await up(it)
    async with device(broker) as lamp:
        await lamp.subscribe("shop/lamp-1/out", qos=1)
        for text in ("先", "后"):
            await lamp.publish("shop/lamp-1/in", text, qos=1)
        await lamp.publish("shop/lamp-1/in", "以前的", qos=1, retain=True)
        async with gateway(tmp_path, broker, model, **own) as it:
            await up(it)
            got = [(await next_one(lamp, "shop/lamp-1/out")).payload.decode() for _ in range(2)]
        assert got == ["一", "二"]
        await lamp.publish("shop/lamp-1/in", b"", qos=1, retain=True)


async def test_what_was_stored_and_not_acknowledged_when_we_died_is_answered_once(tmp_path, broker):
    model, stored = Script([says("好")]), asyncio.Event()
    own = {"client_id": "dies"}
    async with gateway(tmp_path, broker, model, **own) as it, device(broker) as lamp:
        await up(it)
        await lamp.subscribe("shop/lamp-1/out", qos=1)
        accept = it.messages.accept_all

        async def dies(*given):
            await accept(*given)
            stored.set()
            await asyncio.Event().wait()

        it.messages.accept_all = dies
        await lamp.publish("shop/lamp-1/in", "开灯", qos=1)
        await asyncio.wait_for(stored.wait(), 10)
        await PlayedWorld(it).kill()
        it.stopped = True
        async with gateway(tmp_path, broker, model, **own) as again:
            assert (await next_one(lamp, "shop/lamp-1/out")).payload.decode() == "好"
            await up(again)
            await lamp.publish("shop/lamp-1/in", "关灯", qos=1)
            await until(lambda: model.requests[-1].messages[-1]["content"] == "关灯")
    assert [one.messages[-1]["content"] for one in model.requests] == ["开灯", "关灯"]


async def test_a_password_that_is_wrong_is_told(tmp_path, broker):
    async with gateway(tmp_path, broker, Script(), password="other") as it:
        await until(lambda: any(it.told.troubles) or "verified" in it.told.seen)
        fact = json.loads(await it.messages.facts.find("link p"))
        assert (fact["up"], fact["code"]) == (False, "refused")
        assert "refuses this account (135)" in it.told.troubles[0]
