"""Pushing within what platform and account allow."""

import asyncio
from itertools import pairwise

import pytest
from world import ANSWERS, Account, now, world

from runtime.errors import Conflict, NotFound
from runtime.gateway.job import Job
from runtime.gateway.room import Bounds
from runtime.store.messages.messages import Outcome
from runtime.store.messages.parts import Part, Taken
from script import says, wrote

pytestmark = pytest.mark.usefixtures("engine")


async def answered(w):
    await w.until(lambda: w.gateway._worker.find(1) is None)


async def test_a_person_who_cannot_be_reached_is_visible_and_gets_it_when_writing_again(tmp_path):
    account = Account(refusals=["45015"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await answered(w)
        assert await w.states() == ["unreachable"]
        assert await w.push("在吗", id="m2") == "success"
        await w.until(lambda: len(w.account.sent) == 2)
        await w.until(lambda: w.gateway._worker.find(2) is None)
        assert await w.states() == ["delivered", "delivered"]


async def test_an_account_over_its_daily_quota_is_left_alone_and_answers_passively(tmp_path):
    account = Account(refusals=["45009"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await answered(w)
        [surface] = w.gateway.surfaces.all()
        assert w.gateway.abilities.can_push(surface) is False
        assert "拒绝" in w.doctor.troubles[-1].zh
        assert await w.push("在吗", id="m2") == "reply:龙井\n\n龙井"


async def test_after_a_click_less_may_be_pushed(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("一" * 30), gate=gate) as w:
        await w.push("点了", click="1")
        gate.set()
        await answered(w)
        assert len(w.account.sent) == 2
        assert w.account.sent[1][1].startswith("点这里")


async def test_typing_is_shown_while_the_model_thinks(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        await w.push()
        await w.until(lambda: w.account.typed)
        gate.set()
        await w.until(lambda: w.account.sent)
        assert set(w.account.typed) == {"u1"}


async def test_too_much_to_do_is_told_at_once_and_counted(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate, bounds=Bounds(waiting=2)) as w:
        for i in range(2):
            assert await w.push(id=f"m{i}", **{"from": f"u{i}"}) == "success"
        assert (await w.push(id="m9", **{"from": "u9"})).startswith("reply:现在问的人太多了")
        assert (await w.push(id="m9", **{"from": "u9"})).startswith("reply:现在问的人太多了")
        gate.set()
        await w.until(lambda: len(w.account.sent) == 2)
        await answered(w)
        assert (await w.states())[2] == "shed"
        assert len(w.models.requests) == 2


async def test_one_person_cannot_fill_the_queue(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate, bounds=Bounds(waiting_per_person=2)) as w:
        for i in range(2):
            await w.push(id=f"m{i}")
        assert (await w.push(id="m9")).startswith("reply:现在")
        assert await w.push(id="m0", **{"from": "u2"}) == "success"
        gate.set()


async def test_turns_beyond_the_bound_wait_for_a_place(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate, bounds=Bounds(running=1)) as w:
        for i in range(3):
            await w.push(id=f"m{i}", **{"from": f"u{i}"})
        await asyncio.sleep(0.05)
        assert len(w.models.requests) == 1
        gate.set()
        await w.until(lambda: len(w.account.sent) == 3)


async def test_the_page_shows_the_answer_once_it_is_there_and_nothing_is_repeated(tmp_path):
    gate = asyncio.Event()
    passive = Account(can_push=False)
    async with world(tmp_path, says("龙井"), account=passive, gate=gate, url="https://bot.example.com") as w:
        for _ in range(3):
            told = await w.push()
        secret = told.rpartition("/r/")[2]
        pages = w.gateway.messages.pages
        assert (await pages.find(secret, now())).reply is None
        gate.set()
        await answered(w)
        page = await pages.find(secret, now())
        assert (page.question, page.reply) == ("你好", "龙井")
        await pages.seen(page, 9.0)
        assert await w.states() == ["delivered"]
        assert await w.push("在吗", id="m2") == "reply:龙井"  # its own answer, not the first again


async def test_a_page_cannot_be_guessed(tmp_path):
    async with world(tmp_path) as w:
        await w.push()
        await answered(w)
        pages = w.gateway.messages.pages
        secret = await pages.secret(1)
        assert (await pages.find(secret, now())).seq == 1
        near = [
            "",
            "x",
            "1",
            "%",
            "_" * len(secret),
            secret[:-1],
            f"{secret} ",
            f"{secret}x",
            secret.swapcase(),
        ]
        assert [await pages.find(guess, now()) for guess in near] == [None] * len(near)
        assert len(secret) >= 22  # 128 random bits


async def test_a_busy_platform_is_asked_again_after_one_three_and_nine_seconds(tmp_path):
    account = Account(refusals=["-1"] * 3)
    async with world(tmp_path, says("龙井"), account=account, gate=(gate := asyncio.Event())) as w:
        await w.push()
        gate.set()
        await w.until(lambda: account.sent, seconds=60)
        assert gaps(account.tried) == [1, 3, 9]
        await answered(w)
        assert await w.states() == ["delivered"]


async def test_a_platform_that_stays_busy_is_left_alone_and_the_answer_is_held(tmp_path):
    account = Account(refusals=["-1"] * 4)
    async with world(tmp_path, says("龙井"), account=account, gate=(gate := asyncio.Event())) as w:
        await w.push()
        gate.set()
        await w.until(lambda: not account.refusals, seconds=60)
        assert gaps(account.tried) == [1, 3, 9]
        await w.come_to("held")


def gaps(times):
    return [round(after - before) for before, after in pairwise(times)]


@pytest.mark.parametrize(("left", "sent"), [(3, ["一", "二", "三"]), (4, ["上", "一", "二", "三"])])
async def test_a_doubt_is_told_only_where_the_answer_itself_leaves_a_push(left, sent, tmp_path):
    async with world(tmp_path) as w:
        await w.gateway.wind_down()
        messages, [surface] = w.gateway.messages, w.gateway.surfaces.all()
        doubt = (await messages.accept("p", wrote(id="m0"), now())).seq
        await messages.finish(doubt, Outcome("好", 1), ["好"], now(), "answered")
        seq = (await messages.accept("p", wrote(id="m1"), now())).seq
        await messages.finish(seq, Outcome("一二三", 1), ["一", "二", "三"], now(), "answered")
        parts = [Part(seq, number, text) for number, text in enumerate("一二三")]
        job = Job(seq, surface, wrote(id="m1"))
        assert await w.gateway._intake._push.deliver(job, Taken(parts, left, [doubt])) == "sent"
        assert [text[0] for _, text in w.account.sent] == sent


async def test_sending_again_needs_something_to_send(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        with pytest.raises(NotFound):
            await w.gateway.again(7)
        await w.push()
        with pytest.raises(Conflict):
            await w.gateway.again(1)
        gate.set()


async def test_a_kept_answer_can_be_sent_again_by_the_operator(tmp_path):
    account = Account(refusals=["45015"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await answered(w)
        await w.gateway.again(1)
        await w.until(lambda: account.sent == [("u1", "龙井")])
        assert len(w.models.requests) == 1


async def test_an_account_that_recovers_gets_its_kept_answers_pushed(tmp_path):
    account = Account(refusals=["45009"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await answered(w)
        assert await w.states() == ["held"]
        w.book.republish(ANSWERS)  # the owner mended it
        [surface] = w.gateway.surfaces.all()
        w.gateway.abilities.can_push(surface)
        await w.until(lambda: account.sent == [("u1", "龙井")])
        assert len(w.models.requests) == 1


async def test_what_the_platform_was_told_is_not_answered_in_a_later_copy(tmp_path):
    """It was acknowledged, so nobody reads what the response to a copy says."""
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        assert await w.push() == "success"
        copy = asyncio.create_task(w.push())
        await asyncio.sleep(0.01)  # it is stored and, if it were wrongly held, held
        gate.set()
        assert await copy == "success"
        await w.until(lambda: w.account.sent == [("u1", "龙井")])


@pytest.mark.parametrize(("refused", "state", "may"), [(1, "unknown", True), (2, "held", False)])
async def test_a_refusal_of_one_answer_or_of_all_is_told_by_what_else_is_taken(refused, state, may, tmp_path):
    account = Account(refusals=["554"] * refused)
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await w.come_to(state)
        [surface] = w.gateway.surfaces.all()
        assert w.gateway.abilities.can_push(surface) is may
        assert ["没有送达" in text for _, text in account.sent] == [True] * (2 - refused)
