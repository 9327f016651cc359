"""What an answer offers under other words makes nobody one with somebody else, nor somebody's customer."""

import asyncio

import pytest
from test_remembering import Two, shop, there
from world import world

from runtime.message import Message
from runtime.person import code_shown
from runtime.store.messages.people import Face
from runtime.turn.binding import BOUND, TYPED
from script import says


async def tells(w, text, id, **more):
    async for event in w.gateway.stream("p", Message(id, "u1", text, **more)):
        last = event
    return last.text


async def joined(w):
    return (await w.gateway.messages.remembered.known(Face("p", "u1"))).surfaces > 1


async def code_of_another(w, kind):
    """That is said, by whoever has it."""
    if kind == "link":
        return (await there(w, "关联账号")).splitlines()[1]
    customers, clock = w.gateway.messages.customers, asyncio.get_running_loop().wall
    return code_shown(await customers.claim("shop", "123", clock(), 600))


@pytest.mark.parametrize("kind", ["link", "bind"])
async def test_a_code_behind_other_words_does_nothing_however_it_is_chosen(kind, tmp_path):
    async with world(tmp_path, says("x"), agent=shop(facts=True, type="none"), book=Two) as w:
        code = await code_of_another(w, kind)
        w.models.answers[:] = [says(f"请看\n- [查看更多](menu:{code.replace(' ', '%20')})\n\n谢谢")]
        await tells(w, "你好", "m1")
        assert await tells(w, code, "m2") == TYPED.zh
        assert await tells(w, code, "m3", data={"choice": "查看更多"}) == TYPED.zh
        assert await tells(w, code, "m4", kind="event", data={"event": "menu"}) == TYPED.zh
        assert not await joined(w)


async def test_a_code_that_shows_itself_or_is_typed_counts(tmp_path):
    async with world(tmp_path, says("x"), agent=shop(facts=True, type="none"), book=Two) as w:
        code = await code_of_another(w, "link")
        w.models.answers[:] = [says(f"请看\n- [{code}](menu:{code.replace(' ', '%20')})")]
        await tells(w, "你好", "m1")
        assert "关联好了" in await tells(w, code, "m2")
        assert await joined(w)
        assert await tells(w, await code_of_another(w, "bind"), "m3") == BOUND.zh
