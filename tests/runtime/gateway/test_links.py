"""A connection that is held, and what comes over it."""

import asyncio
import json

from links_world import world

from example_channel.simulator.telegraph import TelegraphSimulation
from played_world import now
from runtime.errors import StoreFailed
from runtime.gateway.connection import AGAIN
from runtime.gateway.links import LOOK
from runtime.lang import Text

UP = 5.0


async def connected(w):
    await w.until(lambda: w.office.lines)


async def fact(w):
    return json.loads(await w.gateway.messages.facts.find("link p") or "{}")


async def test_what_comes_is_stored_before_it_is_acknowledged_and_answered(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        await w.office.telegram("有茶吗")
        await w.until(lambda: w.office.got == ["T1"])
        assert len(await w.states()) == 1
        await w.come_to("delivered")
        assert w.office.forms["FT1"].text == "龙井"
        assert w.office.sent == []


async def test_a_telegram_that_comes_twice_is_answered_once_and_acknowledged_twice(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        for _ in range(2):
            await w.office.telegram("有茶吗", id="T1")
        await w.until(lambda: w.office.got == ["T1", "T1"])
        await w.come_to("delivered")
        assert len(w.models.requests) == 1


async def test_what_cannot_be_stored_is_not_acknowledged_and_the_connection_begins_anew(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)

        async def full(*_, **__):
            raise StoreFailed(Text("满", "full"), code="disk")

        accept, w.gateway.messages.accept_all = w.gateway.messages.accept_all, full
        await w.office.telegram("有茶吗", id="T1")
        await asyncio.sleep(40)
        assert w.office.lines, "a disk that is full for half a minute costs nothing"
        await w.until(lambda: not w.office.lines)
        w.gateway.messages.accept_all = accept
        assert w.office.got == []
        await w.until(lambda: w.office.lines, AGAIN + UP)
        await w.office.telegram("有茶吗", id="T1")
        await w.come_to("delivered")
        assert w.office.got == ["T1"]


async def test_a_disk_that_refuses_for_a_moment_costs_nothing(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        accept, left = w.gateway.messages.accept_all, [1, 1]

        async def full(*given, **more):
            if left:
                left.pop()
                raise StoreFailed(Text("满", "full"), code="disk")
            return await accept(*given, **more)

        w.gateway.messages.accept_all = full
        await w.office.telegram("有茶吗")
        await w.come_to("delivered")
        assert w.office.got == ["T1"]


async def test_a_connection_that_breaks_is_opened_again_and_one_that_is_kept_has_a_heartbeat(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        await w.until(lambda: w.office.ticks >= 3, 40)
        await w.sockets.drop()
        await w.until(lambda: not w.office.lines)
        await connected(w)
        assert (await fact(w))["up"] is True
        await w.office.telegram("有茶吗")
        await w.come_to("delivered")


async def test_who_is_not_known_is_told_and_does_not_knock_again(tmp_path):
    played = TelegraphSimulation("station", now)
    played.office.accepts = False
    async with world(tmp_path, "龙井", played=played) as w:
        await w.until(lambda: w.doctor.troubles)
        assert w.doctor.troubles == ["The office does not know the station; check its sign."]
        found = await fact(w)
        assert (found["up"], found["code"], found["again"]) == (False, "stranger", None)
        played.office.accepts = True
        await asyncio.sleep(300)
        assert w.office.lines == []


async def test_when_it_is_published_anew_it_connects_anew(tmp_path):
    played = TelegraphSimulation("station", now)
    played.office.accepts = False
    async with world(tmp_path, "龙井", played=played) as w:
        await w.until(lambda: w.doctor.troubles)
        played.office.accepts = True
        w.gateway.surfaces._made.clear()  # as when its record changed
        await w.until(lambda: w.office.lines, LOOK + UP)
        await w.until(lambda: None in w.doctor.troubles)
        assert "verified" in w.doctor.seen


async def test_what_is_no_frame_changes_nothing(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        for strange in ("", "{", "[]", '{"is": "telegram"}', "\0", '{"is": "' + "x" * 100_000 + '"}'):
            await w.office.lines[0].send(strange)
        await w.office.telegram("有茶吗")
        await w.come_to("delivered")


async def test_a_frame_without_bound_ends_the_connection_and_not_the_program(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        await w.office.lines[0].send("x" * (2 * 1024 * 1024))
        await w.until(lambda: not w.office.lines)
        await connected(w)
        await w.office.telegram("有茶吗")
        await w.come_to("delivered")


async def test_a_stop_lets_running_turns_end_over_the_connection_and_gives_it_back(tmp_path):
    played = TelegraphSimulation("station", now)
    async with world(tmp_path, "龙井", seconds=3.0, played=played) as w:
        await connected(w)
        await w.office.telegram("有茶吗")
        await w.until(lambda: w.models.requests)
        await w.gateway.wind_down()
        assert played.office.forms["FT1"].done
    assert played.office.lines == []


async def test_a_second_answer_waits_in_the_same_persons_lane(tmp_path):
    async with world(tmp_path, "龙井", seconds=5.0) as w:
        await connected(w)
        await w.office.telegram("一")
        await w.office.telegram("二")
        await w.office.telegram("三", sender="bob")
        await w.come_to("delivered", "delivered", "delivered")
        ends = {form: one.versions[-1][0] for form, one in w.office.forms.items()}
        assert ends["FT1"] < ends["FT2"]
        assert abs(ends["FT1"] - ends["FT3"]) < 4


async def test_what_has_come_when_the_connection_is_given_up_is_stored_and_answered_once(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        accept, stored = w.gateway.messages.accept_all, []

        async def slow(publication, came, now):
            stored.append(len(came.messages))
            await asyncio.sleep(1.0)
            return await accept(publication, came, now)

        w.gateway.messages.accept_all = slow
        await w.office.telegram("一", sender="ann")
        await w.until(lambda: stored)
        for sender in ("bob", "cem", "dora"):
            await w.office.telegram("二", sender=sender)
        [(_, held)] = w.gateway._links._held.values()
        await asyncio.sleep(0.2)
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
        assert stored == [1, 3]
        await w.come_to(*["delivered"] * 4)
        assert len(w.models.requests) == 4


async def test_what_comes_at_once_is_stored_at_once(tmp_path):
    async with world(tmp_path, "龙井") as w:
        await connected(w)
        accept, stored = w.gateway.messages.accept_all, []

        async def counted(publication, came, now):
            stored.append(len(came.messages))
            await asyncio.sleep(0.5)
            return await accept(publication, came, now)

        w.gateway.messages.accept_all = counted
        for number in range(20):
            await w.office.telegram("有茶吗", sender=f"p{number}")
        await w.come_to(*["delivered"] * 20)
        assert sum(stored) == 20
        assert len(stored) <= 4
