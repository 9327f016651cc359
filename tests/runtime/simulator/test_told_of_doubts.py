"""A platform that is slow to say that it took something has shown it all the same: nobody is told over and
over that an answer may not have arrived, and everybody is told once it is well."""

import asyncio

import pytest

from played_world import faced, jumping
from runtime import simulator
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
HOUR = 3600.0
SENDS = {"slack": "chat.postMessage", "telegram": "sendMessage"}


class Sending:
    """What becomes of all that is sent: `after` seconds until it says so; None for lost before it is read."""

    def __init__(self, played, path):
        self.real, self.path, self.after = played.call, path, 0.0
        played.call = self.call

    def call(self, request):
        if not request.path.endswith(self.path) or self.after == 0.0:
            return self.real(request)
        if self.after is None:
            return simulator.Response(after=None)
        response = self.real(request)
        response.after = self.after
        return response


def told(played):
    return sum("可能没有送达" in one.text for one in played.everybody_saw())


@pytest.fixture(params=["slack", "telegram"])
def name(request):
    return request.param


def world(tmp_path, name, played):
    return faced(tmp_path, played, (name, AGENT), services(Script([says("这是回答")])), probed=False)


def played_by(name):
    kind = {"slack": "app", "telegram": "poll"}[name]
    return simulator.registry()[name](kind, asyncio.get_running_loop().wall)


@jumping
async def test_an_hour_of_slowness_is_no_hour_of_notices(name, tmp_path):
    played = played_by(name)
    sending = Sending(played, SENDS[name])
    async with world(tmp_path, name, played) as w:
        await asyncio.sleep(5)
        sending.after = 12.0
        await played.written_by(1, "你好")
        await asyncio.sleep(HOUR)
        assert 1 <= told(played) <= 3
        assert await w.states() == ["unknown"]


@jumping
async def test_after_an_outage_of_an_hour_they_are_told_once_by_itself(name, tmp_path):
    played = played_by(name)
    sending = Sending(played, SENDS[name])
    async with world(tmp_path, name, played):
        await asyncio.sleep(5)
        sending.after = None
        await played.written_by(1, "你好")
        await asyncio.sleep(HOUR)
        sending.after = 0.0
        await asyncio.sleep(4 * HOUR)
        assert told(played) == 1


@jumping
async def test_when_anything_gets_through_they_are_told_at_once(name, tmp_path):
    played = played_by(name)
    sending = Sending(played, SENDS[name])
    async with world(tmp_path, name, played):
        await asyncio.sleep(5)
        sending.after = None
        await played.written_by(1, "你好")
        await asyncio.sleep(HOUR)
        sending.after = 0.0
        await asyncio.sleep(60)
        await played.written_by(2, "在吗")
        await asyncio.sleep(60)
        assert told(played) == 1
