"""What begins by itself runs once, for whom it is meant, and goes where its owner wants it."""

import asyncio
from dataclasses import replace

import pytest
from world import ANSWERS, world

from runtime.gateway.starts.schedules import LATE
from script import DOWN, says

DAY = 86_400
SAYS = {"type": "reply", "id": "told", "text": "好"}
ASKS = {"type": "model", "id": "report"}
EVERY_HOUR = {"on": "schedule", "id": "hourly", "cron": "0 * * * *", "flow": [ASKS]}
MENU = {"on": "event", "id": "order", "event": "menu", "value": "下单", "flow": [ASKS]}


def composed(*starts):
    return {**ANSWERS, "starts": list(starts)}


async def listed(it):
    """Runs, oldest first: of which start, what became of them, and why."""
    sql = "select start, state, code from runs order by id"
    return await it.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])


async def people(it):
    """Of each run's people: who, the state of their turn, or why there is none."""
    sql = (
        "select sender, coalesce(state, code) from run_people left join messages using(seq, sender)"
        " order by run, sender"
    )
    return await it.gateway.messages.database.read(lambda db: [tuple(row) for row in db.execute(sql)])


async def passes(seconds, then=6):
    """So much time at once, as while a machine sleeps; then the program sees it."""
    asyncio.get_running_loop().ahead += seconds
    await asyncio.sleep(then)


async def next_hour(before=5, then=10):
    """Until the next full hour, and a little longer."""
    wall = asyncio.get_running_loop().wall()
    await passes((-wall - before) % 3600, then)


@pytest.fixture(autouse=True)
async def clock():
    yield
    asyncio.get_running_loop().ahead = 0


async def test_a_schedule_runs_once_when_it_is_due_and_nobody_is_written_to(tmp_path):
    async with world(tmp_path, says("周报"), agent=composed(EVERY_HOUR)) as it:
        await it.push()
        await it.come_to("delivered")
        it.account.sent.clear()
        await next_hour()
        await it.come_to("delivered", "delivered")
        assert await listed(it) == [("hourly", "made", "")]
        assert await people(it) == [("start:hourly", "delivered")]
        assert it.account.sent == []
        await passes(1800)
        assert len(it.models.requests) == 2
        [asked] = it.models.requests[1:]
        assert not any("你好" in str(message) for message in asked.messages), "nobody's turn has no past"


async def test_everybody_has_a_turn_of_their_own_or_a_reason_why_not(tmp_path):
    async with world(tmp_path, says("好"), agent=composed({**EVERY_HOUR, "for": "everybody"})) as it:
        await it.push("旧", id="a", **{"from": "long_ago"})
        await it.come_to("delivered")
        it.book.record = replace(it.book.record, rests_since=1.0)
        await passes(2.5 * DAY)
        it.book.record = replace(it.book.record, rests_since=None)
        for sender in ("desk", "gone", "near", "used"):
            await it.push("你好", id=sender, **{"from": sender})
        for n in range(2):
            await it.push("", id=f"l{n}", event="left", **{"from": "gone"})
        await it.come_to(*["delivered"] * 5, "silent", "silent")
        await it.gateway.messages.handed.take("p", "desk", asyncio.get_running_loop().wall(), 9e9)
        it.account.sent.clear()
        await next_hour(then=20)
        told = {
            "long_ago": "window",
            "gone": "left",
            "near": "delivered",
            "used": "delivered",
            "desk": "handed",
        }
        assert dict(await people(it)) == told
        assert sorted(it.account.sent) == [("near", "好"), ("used", "好")]
        # What we began opens no window, and counts: of three pushes after what they wrote two are gone.
        await next_hour(then=20)
        await next_hour(then=20)
        assert sorted(it.account.sent) == [("near", "好")] * 2 + [("used", "好")] * 2
        assert (await people(it))[-1] == ("used", "quota")


@pytest.mark.parametrize(
    ("missed", "away", "ran"),
    [("once", 5.5 * 3600, 1), ("skip", 5.5 * 3600, 0), ("skip", LATE / 2, 1)],
)
async def test_what_was_missed_while_stopped_runs_once_or_is_skipped(tmp_path, missed, away, ran):
    agent = composed({**EVERY_HOUR, "missed": missed})
    async with world(tmp_path, says("报"), agent=agent):
        await next_hour(before=20, then=10)
    await passes(10 + away, then=0)
    async with world(tmp_path, says("报"), agent=agent) as it:
        await asyncio.sleep(6)
        assert [state for _, state, _ in await listed(it)] == ["made" if ran else "skipped"]
        # A clock that is set back, or forth and back, makes nothing due again.
        for step in (-2 * 3600, 2 * 3600, -60, 60):
            await passes(step)
        assert len(it.models.requests) == ran == len(await people(it))
        await passes(3.2 * 3600)
        assert len(it.models.requests) == (ran + 1 if missed == "once" else ran)


async def test_a_paused_publication_begins_nothing_and_says_so(tmp_path):
    async with world(tmp_path, says("报"), agent=composed(EVERY_HOUR)) as it:
        it.book.record = replace(it.book.record, rests_since=1.0)
        await next_hour()
        assert await listed(it) == [("hourly", "skipped", "paused")]
        it.book.record = replace(it.book.record, rests_since=None)
        await next_hour()
        assert (await listed(it))[1:] == [("hourly", "made", "")]
        assert len(it.models.requests) == 1


async def test_a_newer_version_with_another_time_has_missed_nothing(tmp_path):
    async with world(tmp_path, says("报"), agent=composed(EVERY_HOUR)) as it:
        await passes(1200)
        it.book.republish(composed({**EVERY_HOUR, "cron": "0,10 * * * *"}))
        await passes(1, then=10)
        assert await listed(it) == []


async def test_what_a_person_did_begins_its_flow_and_is_a_run_of_theirs(tmp_path):
    async with world(tmp_path, says("请下单"), agent=composed(MENU)) as it:
        await it.push("下单", id="e1", event="menu")
        await it.push("别的", id="e2", event="menu")
        await it.until(lambda: len(it.models.requests) == 2)
        await it.come_to("delivered", "delivered")
        assert await listed(it) == [("order", "made", "")]
        assert await people(it) == [("u1", "delivered")]


class Owner:
    """Hears what the account's owner is told."""

    def __init__(self):
        self.notices = []

    def saw(self, *_):
        pass

    trouble = saw

    def told(self, publication, notice, at):
        self.notices.append(notice.text.en)


async def test_what_fails_is_told_to_the_owner_once_an_hour_and_to_nobody_else(tmp_path):
    owner = Owner()
    start = {**EVERY_HOUR, "for": "listed", "people": ["u1", "u2", "never"], "title": "早报"}
    lost = {**EVERY_HOUR, "id": "lost", "title": "周报", "to": "nowhere", "flow": [{**SAYS, "id": "other"}]}
    async with world(tmp_path, DOWN, agent=composed(start, lost), doctor=owner) as it:
        for sender in ("u1", "u2"):
            await it.push(event="followed", id=sender, **{"from": sender})
        await it.come_to("delivered", "delivered")
        it.account.sent.clear()
        await next_hour(then=20)
        assert it.account.sent == []
        told = dict(await people(it))
        assert told == {"u1": "silent", "u2": "silent", "never": "never_wrote", "start:lost": "delivered"}
        assert sorted(notice[:12] for notice in owner.notices) == ["'早报' failed:", "The result of"[:12]]
