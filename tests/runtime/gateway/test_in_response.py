"""An answer that is there while its callback is held open is stored together with the response."""

import asyncio

import pytest
from world import Account, now, world

from runtime.channels import WebRequest
from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.messages.messages import Messages, Outcome
from script import says, wrote

pytestmark = pytest.mark.usefixtures("engine")

PASSIVE = Account(can_push=False)


async def stored(w):
    """Messages with their responses, parts, and what happened to them."""
    return await w.gateway.messages.database.read(
        lambda db: [
            [tuple(row)[1:] for row in db.execute(sql)]
            for sql in (
                "select seq, state, response from messages order by seq",
                "select seq, state, route from parts order by seq, number",
                "select seq, what, detail from moments where what<>'accepted' order by rowid",
            )
        ]
    )


async def test_what_is_alone_and_fits_is_delivered_in_one_step(tmp_path):
    async with world(tmp_path, says("龙井"), account=PASSIVE) as w:
        assert await w.push() == "reply:龙井"
        assert await stored(w) == [
            [("delivered", "龙井")],
            [("sent", "passive")],
            [("answered", ""), ("carried", "0")],
        ]
        assert await w.push() == "reply:龙井"
        assert len(w.models.requests) == 1


async def test_while_it_is_stored_the_callback_is_held_whatever_the_time(tmp_path):
    async with world(tmp_path, says("龙井"), account=PASSIVE) as w:
        finish = w.gateway.messages.finish

        async def slow(*given, **more):
            await asyncio.sleep(2)
            return await finish(*given, **more)

        w.gateway.messages.finish = slow
        assert await w.push() == "reply:龙井"


async def test_what_could_not_be_stored_waits_for_the_repeat(tmp_path):
    async with world(tmp_path, says("龙井"), account=PASSIVE) as w:
        finish, failed = w.gateway.messages.finish, []

        async def refused(*given, **more):
            if not failed:
                failed.append(more["respond"])
                raise StoreFailed(Text("满了", "full"), code="disk")
            return await finish(*given, **more)

        w.gateway.messages.finish = refused
        assert [await w.push() for _ in range(3)] == ["", "", "reply:龙井"]
        assert failed == [True]
        assert len(w.models.requests) == 1


async def test_for_who_hung_up_nothing_is_recorded(tmp_path):
    async with world(tmp_path, says("龙井"), account=PASSIVE) as w:
        request = WebRequest("POST", {"signature": "good", "id": "m1"}, "你好".encode())

        async def gone():
            return False

        assert (await w.gateway.callback("p", request, gone)).status == 503
        assert (await stored(w))[0][0][1] is None
        assert await w.push() == "reply:龙井"


async def test_a_repeat_after_a_death_gets_what_was_recorded(tmp_path):
    before = Messages(tmp_path / "messages.db")
    accepted = await before.accept("p", wrote(id="m1", sender="u1"), now())
    ended = await before.finish(accepted.seq, Outcome("龙井", 1), ["龙井"], now(), "answered", respond=True)
    assert ended.response == ("龙井", None)
    before.close()
    async with world(tmp_path, account=PASSIVE) as w:
        assert await w.push() == "reply:龙井"
        assert w.models.requests == []
