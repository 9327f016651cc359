"""A platform does not take the words of one answer, and never will: its person is told where it is, and has
all that comes after it."""

import asyncio
import json

import pytest

from played_world import faced, jumping
from runtime import simulator
from runtime.simulator.http import Response
from script import Script, says, services

AGENT = {
    "format": 1,
    "safety": {"label": {"when": "never"}},
    "id": "shop",
    "name": "店",
    "flow": [{"type": "model", "id": "answer"}],
}
BAD, GOOD = "不好的词", "这是回答"
REFUSALS = {
    "wechat:verified_service": (200, {"errcode": 87014, "errmsg": "risky content"}),
    "wecom_kf:verified": (200, {"errcode": 40009, "errmsg": "invalid"}),
    "telegram:poll": (400, {"ok": False, "error_code": 400, "description": "Bad Request: bad words"}),
    "slack:app": (200, {"ok": False, "error": "restricted_action"}),
    "whatsapp:number": (400, {"error": {"code": 131051, "message": "unsupported"}}),
    "discord:bot": (400, {"code": 200000, "message": "blocked by AutoMod"}),
    "feishu:webhook": (400, {"code": 230028, "msg": "contains sensitive data"}),
    "ilink:person": (200, {"ret": -7, "errmsg": "refused"}),
}


def played_by(name, refuses):
    kind, _, way = name.partition(":")
    played = simulator.registry()[kind](way, asyncio.get_running_loop().wall)
    real, (status, said) = played.call, REFUSALS[name]

    def call(request):
        if any(one.encode() in request.body or _escaped(one) in request.body for one in refuses):
            return Response(json.dumps(said).encode(), status)
        return real(request)

    played.call = call
    return played


def _escaped(words):
    """As it stands in JSON within JSON."""
    return json.dumps(words)[1:-1].encode()


def written(played):
    return [one.text for one in played.everybody_saw()]


@pytest.mark.parametrize("name", REFUSALS)
@jumping
async def test_who_it_is_for_is_told_where_it_is_and_has_the_next_ones(name, tmp_path):
    played = played_by(name, [BAD])
    channel = name.partition(":")[0]
    model = services(Script([says(BAD), says(GOOD)]))
    async with faced(tmp_path, played, (channel, AGENT), model, probed=channel == "wechat") as w:
        await asyncio.sleep(5)
        asking = asyncio.create_task(played.written_by(1, "一"))
        await asyncio.sleep(120)
        assert sum("没有送达" in one for one in written(played)) == 1
        again = asyncio.create_task(played.written_by(1, "二"))
        await w.come_to("unknown", "delivered", seconds=120)
        assert sum(GOOD in one for one in written(played)) == 1
        await asyncio.gather(asking, again)


@jumping
async def test_where_nothing_is_taken_all_waits_in_its_order(tmp_path):
    """It is not for its words: a window is over, or a number used up."""
    refuses = [BAD, GOOD, "没有送达"]
    played = played_by("telegram:poll", refuses)
    model = services(Script([says(BAD), says(GOOD)]))
    async with faced(tmp_path, played, ("telegram", AGENT), model, probed=False) as w:
        await asyncio.sleep(5)
        await played.written_by(1, "一")
        await w.come_to("held", seconds=120)
        refuses.clear()
        await played.written_by(1, "二")
        await w.come_to("delivered", "delivered", seconds=120)
        assert [one for one in written(played) if BAD in one or GOOD in one] == [BAD, GOOD]
