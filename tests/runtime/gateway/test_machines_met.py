"""Two machines that answer each other are stopped; what a platform calls a bot is not taken."""

import asyncio

from test_strikes import asked
from world import ANSWERS, Plain, world

from runtime.safety.machines import SAME
from script import says

AUTO = "Thanks for your message, we are back on Monday."


class Mixed(Plain):
    machines_write = True


async def looped(w, times):
    return [await asked(w, AUTO, f"m{n}") for n in range(times)]


async def test_a_loop_ends_is_told_counted_shown_and_taken_back(tmp_path):
    async with world(tmp_path, says("好"), agent=ANSWERS, kind=Mixed) as w:
        *before, last = await looped(w, SAME)
        assert before == ["reply:好"] * (SAME - 1)
        assert "分钟再来" in last
        assert await w.push(AUTO, id="more") == "success"
        await asyncio.sleep(5)
        assert len(w.models.requests) == SAME - 1
        judged = w.gateway.messages.judged
        [one] = await judged.newest()
        assert (one.place, one.kind, one.action, one.sender) == ("in", "machine", "block", "u1")
        assert b'hongyan_machines_total{sign="same"} 1.0' in w.gateway.metrics.render()
        assert any("自动回复" in notice.text.zh for notice in w.doctor.notices)
        await w.push("你好", id="n1", **{"from": "u2"})
        await w.until(lambda: len(w.models.requests) == SAME)
        await judged.judge(one.id, "wrong")
        assert await asked(w, "真的是我", "again") == "reply:好"


async def test_who_was_silent_for_a_while_is_answered_again(tmp_path):
    async with world(tmp_path, says("好"), agent=ANSWERS, kind=Mixed) as w:
        await looped(w, SAME)
        await asyncio.sleep(601)
        assert await asked(w, "你好", "later") == "reply:好"


async def test_where_no_machine_writes_nobody_is_suspected(tmp_path):
    async with world(tmp_path, says("好"), agent=ANSWERS) as w:
        assert await looped(w, 2 * SAME) == ["reply:好"] * (2 * SAME)


async def test_what_a_platform_calls_a_bot_is_not_taken(tmp_path):
    async with world(tmp_path, says("好"), agent=ANSWERS, kind=Mixed) as w:
        assert await w.push("你好", bot="1") == "success"
        assert await w.states() == []
        assert b'hongyan_callbacks_total{channel="plain",outcome="bot"} 1.0' in w.gateway.metrics.render()
