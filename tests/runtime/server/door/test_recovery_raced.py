"""What opens once opens one of twenty browsers that send it in the same moment."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from test_second_step import World, half_in

from runtime.access.sign_ins import SignIns

AT_ONCE = 20


@pytest.mark.parametrize("what", ["a recovery code", "a code"])
async def test_of_twenty_at_once_one_comes_in(tmp_path, what):
    world = World(tmp_path)
    made = world.set_up()
    code = made[0] if what == "a recovery code" else world.code()
    async with AsyncExitStack() as opened:
        browsers = [
            # each from a network of its own, so that no count of wrong tries decides it
            await opened.enter_async_context(world.house.visitor(address=f"203.0.{n}.9"))
            for n in range(AT_ONCE)
        ]
        for one in browsers:
            await half_in(one)
        tries = [one.post("/login/second", data={"code": code}) for one in browsers]
        answers = [response.status_code for response in await asyncio.gather(*tries)]
        inside = [(await one.get("/who")).status_code for one in browsers]
    assert answers.count(303) == inside.count(200) == 1
    assert set(answers) <= {303, 401, 429}  # ten wrong tries under one name are told to come again
    assert len(SignIns(world.control).of("owner", world.now)) == 1
    left = world.second.find("owner").recovery
    assert len(left) == len(made) - (what == "a recovery code")
