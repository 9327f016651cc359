"""Signs under an answer, on every platform that plays them: what stands there by now is what its person
thinks."""

import asyncio

import pytest

from played_world import Told, jumping
from runtime import channels
from runtime.channels import Judged, WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator import registry
from runtime.simulator._chatting import Reacting
from runtime.simulator.hosting import hosted
from runtime.store.messages.insights import Insights
from runtime.store.messages.ratings import ByNow
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
PLAYED = {name: registry()[name] for name in registry() if issubclass(registry()[name], Reacting)}
SIGNS = [("👍", ["good"]), ("👎", ["bad"]), ("👍", ["good"]), ("", []), ("❤️", []), ("👎", ["bad"])]


async def until(is_so, seen=str):
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.25)
    raise AssertionError(seen())


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in PLAYED for kind in PLAYED[name].kinds])
@jumping
async def test_what_stands_under_an_answer_by_now_is_its_judgement(tmp_path, name, kind):
    loop = asyncio.get_running_loop()
    played = PLAYED[name](kind, loop.wall)

    def judged():
        return [one.verdict for one in Insights(tmp_path / "messages.db").ratings(["p"], 0.0, 1e12)]

    async with hosted(played) as hosts:
        gateway = Gateway(
            tmp_path,
            OnePublication(name, {**played.settings}, AGENT, judged=True),
            services(Script([says("好")])),
            Told(),
            hosts,
            lambda: "https://bot.test",
            clock=loop.wall,
            outside=loop.outside,
        )

        async def door(knock):
            headers = {key.lower(): value for key, value in knock.headers.items()}
            came = WebRequest(knock.method, knock.query, knock.body, headers)
            response = await gateway.callback("p", came)
            return response.status, response.body

        played.connect(door, None)
        await gateway.start()
        try:
            [surface] = gateway.surfaces.all()
            await gateway.abilities.find_out(surface)
            await played.write("你好")
            await until(lambda: played.names(played.person))
            [sent] = played.names(played.person)
            for sign, expected in SIGNS:
                await asyncio.sleep(2)  # what was sent, or said before, is on the disk
                await played.reacts(played.person, sent, sign)
                await until(lambda expected=expected: judged() == expected, judged)
            await asyncio.sleep(2)
            assert judged() == SIGNS[-1][1]
            assert played.names(played.person) == [sent]
        finally:
            await gateway.stop()


def test_every_platform_that_is_played_and_has_signs_plays_them():
    known = {name for name in registry() if issubclass(channels.registry()[name], Judged)}
    assert known == set(PLAYED)


@pytest.mark.parametrize(
    ("put", "verdict"),
    [
        ("+good", "good"),
        ("+good -good", None),
        ("+good +bad -good", "bad"),
        ("+good +bad -bad", "good"),
        ("+good +bad -bad -good", None),
        ("+good -good +bad -bad", None),
        ("+good -good +good", "good"),
        ("+good none", None),
        ("-bad", None),
    ],
)
def test_of_two_signs_that_may_stand_side_by_side_each_is_taken_back_by_itself(put, verdict):
    by_now, said = ByNow(), None
    for one in reversed(put.split()):
        given = {"of": "1-0", "verdict": one[1:]}
        taken = {"of": "1-0", "verdict": "none", **({"was": one[1:]} if one != "none" else {})}
        told = given if one[0] == "+" else taken
        if by_now.is_said_by("u1", told):
            assert said is None
            said = told["verdict"]
    assert said in (verdict, verdict or "none")
