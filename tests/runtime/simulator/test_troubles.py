"""WeChat's API or the disk fails for a while: what was kept goes out later, and nothing goes out twice."""

import asyncio

import pytest
from ladder import world

from played_world import run
from runtime.errors import StoreFailed
from runtime.lang import Text

SEND = "message/custom/send"
HALF_AN_HOUR = 1800

TO_MIDNIGHT = 8 * 3600
"""Seconds from the beginning of a jumping clock to midnight in Beijing, when quotas begin anew."""


@pytest.mark.parametrize(
    ("fault", "minutes"), [(-1, 1), ("http_502", 1), (40164, 1), (45009, 30)], ids=lambda it: str(it)
)
def test_what_could_not_be_pushed_in_passing_goes_out_later_without_another_message(fault, minutes, tmp_path):
    async def work():
        await asyncio.sleep(TO_MIDNIGHT - 20 * 60)
        async with world(tmp_path, "verified_service", 6) as w:
            w.platform.faults.always(SEND, fault)
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(40)
            assert (await w.states(), phone.received) == (["held"], [])
            w.platform.faults.clear()
            await asyncio.sleep(60 * minutes)
            assert [text[:3] for text in phone.received] == ["A7A"]
            assert (await w.states(), len(w.model.requests)) == (["delivered"], 1)

    run(work())


def test_an_account_over_its_daily_quota_is_not_asked_each_minute(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 6) as w:
            w.platform.faults.always(SEND, 45009)
            await w.wechat.phone().write("Q7E")
            await asyncio.sleep(HALF_AN_HOUR)
            assert w.platform.counts["45009"] == 1

    run(work())


def test_an_answer_in_a_page_of_a_proxy_is_not_sent_again(tmp_path):
    """What the platform said was lost: nobody knows whether it was shown, so the person is asked to tap."""

    async def work():
        async with world(tmp_path, "verified_service", 6, public_url="") as w:
            w.platform.faults.script(SEND, "html")
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(300)
            assert await w.states() == ["unknown"]
            [doubt] = phone.received
            assert "可能没有送达" in doubt
            await phone.tap()
            await asyncio.sleep(1)
            assert [text[:3] for text in phone.received[1:]] == ["A7A"]
            assert (await w.states(), len(w.model.requests)) == (["delivered", "fetch"], 1)

    run(work())


class Refusing:
    """A write that the disk refuses so often."""

    def __init__(self, write, times):
        self.write = write
        self.left = times

    async def __call__(self, *arguments, **named):
        if self.left:
            self.left -= 1
            raise StoreFailed(Text("磁盘满了", "disk full"))
        return await self.write(*arguments, **named)


def test_what_was_sent_is_not_sent_again_when_the_disk_refuses_the_record(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 6) as w:
            parts = w.gateway.messages.parts
            parts.pushed = Refusing(parts.pushed, 3)
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(40)
            assert parts.pushed.left == 0
            assert [text[:3] for text in phone.received] == ["A7A"]
            assert await w.states() == ["delivered"]

    run(work())


@pytest.mark.parametrize("step", [-200, 200])
def test_a_wall_clock_that_jumps_turns_nobody_away(step, tmp_path):
    async def work():
        loop, jumped = asyncio.get_running_loop(), [0]
        async with world(tmp_path, "unverified_subscription", 40, wall=lambda: loop.wall() + jumped[0]) as w:
            loop.call_later(3, jumped.__setitem__, 0, step)
            phone = w.wechat.phone()
            delivered = await phone.write("Q7E")
            assert delivered.seconds < 15
            assert any("/r/" in text for text in phone.received)

    run(work())
