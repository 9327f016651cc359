"""A platform that nobody knows, played: whatever way its owner chose, each question is answered once."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from example_channel.world import AGENT
from played_world import faced, jumping
from runtime import simulator
from script import Script, says, services


@asynccontextmanager
async def played(folder, kind, *answers):
    platform = simulator.registry()["webhook"](kind, asyncio.get_running_loop().wall)
    around = services(Script(list(answers)))
    async with faced(folder, platform, ("webhook", AGENT.to_json()), around, url="", probed=False):
        yield platform


def answers(platform):
    return [(one.sent, one.route) for one in platform.seen() if one.side == "account"]


async def until(is_so):
    for _ in range(1000):
        if is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize(("kind", "route"), [("response", "reply"), ("both", "reply"), ("callback", "push")])
def test_each_question_is_answered_once(tmp_path, kind, route):
    @jumping
    async def test(folder):
        async with played(folder, kind, says("好"), says("再见")) as platform:
            await platform.write("你好")
            await until(lambda: len(answers(platform)) == 1)
            await platform.write("走了")
            await until(lambda: len(answers(platform)) == 2)
            assert answers(platform) == [("好", route), ("再见", route)]
            assert platform.forged == 0

    test(tmp_path)


@jumping
async def test_an_answer_whose_receipt_is_lost_is_shown_once(tmp_path):
    async with played(tmp_path, "callback", says("好")) as platform:
        platform.faults.script("/answers", "lost", "http_503")
        await platform.write("你好")
        await until(lambda: answers(platform))
        await asyncio.sleep(60)
        assert answers(platform) == [("好", "push")]
        assert len(platform.keys) == 1


@jumping
async def test_a_call_that_comes_again_is_answered_again_and_thought_of_once(tmp_path):
    async with played(tmp_path, "response", says("好")) as platform:
        told = {"id": "m1", "sender": "ann", "content": "你好"}
        assert [await platform.knock(told) for _ in range(3)] == [200, 200, 200]
        assert {sent for sent, _ in answers(platform)} == {"好"}
