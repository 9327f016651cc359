"""What a person writes is answered in its order, also where the store fails as its place is looked for."""

import asyncio

import pytest
from test_paused import pause, resume
from world import Account, world

from runtime.errors import StoreFailed
from runtime.lang import Text
from script import says

pytestmark = pytest.mark.usefixtures("engine")


class Away:
    """A question to the store that fails until it is back."""

    def __init__(self, monkeypatch, owner, name, code):
        self.is_over, self.tries, self._ask, self._code = False, 0, getattr(owner, name), code
        monkeypatch.setattr(owner, name, self)

    async def __call__(self, *args, **more):
        if not self.is_over:
            self.tries += 1
            raise StoreFailed(Text("断了", "gone"), code=self._code)
        return await self._ask(*args, **more)


def asked(w):
    return [request.messages[-1]["content"] for request in w.models.requests]


@pytest.mark.parametrize("code", ["gone", "disk", "busy"])
@pytest.mark.parametrize("can_push", [True, False])
async def test_what_a_pause_kept_comes_first_though_it_cannot_be_read_when_it_goes_on(
    tmp_path, monkeypatch, can_push, code
):
    account = Account(can_push=can_push)
    async with world(tmp_path, *map(says, "一二三四"), account=account) as w:
        pause(w)
        await w.push("a", id="m1")
        await w.push("b", id="m2")
        away = Away(monkeypatch, w.gateway.messages, "unfinished", code)
        resume(w)
        told = await w.push("c", id="m3")
        assert told == ("success" if can_push else "reply:还在想")
        later = asyncio.ensure_future(w.push("d", id="m4"))
        await asyncio.sleep(10)
        assert (asked(w), away.tries > 3) == ([], True)
        away.is_over = True
        await w.until(lambda: len(asked(w)) == 4, seconds=60)
        await later
        assert asked(w) == ["a", "b", "c", "d"]


async def test_what_may_only_ask_for_an_answer_is_not_overtaken_while_that_is_looked_for(
    tmp_path, monkeypatch
):
    async with world(tmp_path, says("一"), says("二")) as w:
        away = Away(monkeypatch, w.gateway.messages.parts, "waiting", "gone")
        assert await w.push("继续", id="m1") == "success"
        later = asyncio.ensure_future(w.push("b", id="m2"))
        await asyncio.sleep(10)
        assert asked(w) == []
        away.is_over = True
        await later
        await w.until(lambda: len(asked(w)) == 2, seconds=60)
        assert asked(w) == ["继续", "b"]


async def test_somebody_else_is_not_held_up(tmp_path, monkeypatch):
    async with world(tmp_path, says("一"), says("二")) as w:
        away = Away(monkeypatch, w.gateway.messages.parts, "waiting", "gone")
        await w.push("继续", id="m1")
        assert await w.push("b", id="m2", **{"from": "u2"}) == "success"
        await w.until(lambda: asked(w) == ["b"])
        away.is_over = True
        await w.until(lambda: asked(w) == ["b", "继续"], seconds=60)
