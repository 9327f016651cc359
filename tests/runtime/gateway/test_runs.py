"""What begins by itself runs once, for whom it is meant, and goes where its owner wants it."""

import asyncio
import hmac
import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from world import ANSWERS, world

from runtime.gateway.promising import StoredReminders
from runtime.gateway.starts.schedules import LATE
from runtime.server import hooks
from runtime.store.messages.people import Face
from runtime.store.messages.reminders import MOST
from runtime.store.messages.restored import hold
from runtime.store.messages.runs_list import RunsList
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


@pytest.mark.usefixtures("engine")
async def test_everybody_has_a_turn_of_their_own_or_a_reason_why_not(tmp_path):
    vip = {
        **EVERY_HOUR,
        "id": "vip",
        "for": "tag",
        "tag": " 老  客",
        "flow": [{**SAYS, "text": "{{ event.due[-3:] }} 券"}],
    }
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
        for sender, tags in (("near", ["老 客", "新"]), ("used", ["老"]), ("gone", ["老 客"])):
            await it.gateway.messages.values.retag(Face("p", sender), "shop", lambda _, tags=tags: tags, 1)
        await it.push("再来", id="n2", **{"from": "near"})
        await it.come_to(*["delivered"] * 5, "silent", "silent", *["delivered"] * 5)
        it.book.republish(composed(vip))
        await next_hour(then=20)
        assert (await people(it))[-2:] == [("gone", "left"), ("near", "delivered")]
        assert it.account.sent[-1] == ("near", ":00 券")


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
        # As after a death before the answer left: what began is noted already.
        await it.gateway.messages.runs.happened("p", "order", "u1", 1, 1.0)
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


CALLED = {"on": "webhook", "id": "shipped", "for": "person", "secret": "shop", "flow": [SAYS]}
NIGHTLY = {"on": "webhook", "id": "nightly", "flow": [{**SAYS, "id": "other", "text": "{{ event.body.n }}"}]}


class Shop:
    """Implements Secrets."""

    def open(self, name, host):
        return f"value of {name}"


def signed(body):
    digest = hmac.digest(b"value of shop", body, "sha256").hex()
    return {"x-signature-256": f"sha256={digest}", "content-type": "application/json"}


def stamped(body, at):
    """Signed with the time."""
    return {**signed(f"{at}.".encode() + body), "x-hongyan-timestamp": str(at)}


@pytest.mark.usefixtures("engine")
async def test_a_call_begins_a_run_once_for_whom_it_names_and_only_with_its_token_and_signature(tmp_path):
    async with world(tmp_path, agent=composed(CALLED, NIGHTLY)) as it:
        it.gateway.starts.calls._secrets = Shop()
        await it.push()
        await it.come_to("delivered")
        it.account.sent.clear()
        desk = RunsList(tmp_path / "messages.db")
        token, other = (desk.new_address("p", start, 1.0) for start in ("shipped", "nightly"))
        transport = httpx.ASGITransport(Starlette(routes=hooks.routes(it.gateway.starts.calls)))
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:

            async def call(token, body, **headers):
                response = await client.post(f"/hooks/{token}", content=body, headers=headers)
                return response.status_code, response.json()

            body = b'{"person": "u1", "order": "A1"}'
            refused = [
                (await call("x" * 43, body))[0],
                (await call(token, body))[0],
                (await call(token, body + b" ", **signed(body)))[0],
                (await call(token, b"{}", **signed(b"{}")))[0],
                (await call(token, b'{"people": [1]}', **signed(b'{"people": [1]}')))[0],
                (await call(other, b"[" * 40))[0],
                (await call(other, b'{"n": NaN' + b" " * 70_000))[0],
                (await call(other, b'{"n": 1}', **{"idempotency-key": "k" * 200}))[0],
            ]
            assert refused == [404, 403, 403, 400, 400, 400, 413, 400]
            again = {"idempotency-key": "k1", **signed(body)}
            first, repeat = await call(token, body, **again), await call(token, body, **again)
            assert first == (202, {"run": 1, "new": True})
            assert repeat == (202, {"run": 1, "new": False})
            assert (await call(other, b"n=7", **{"content-type": "application/x-www-form-urlencoded"}))[
                0
            ] == 202
            await asyncio.sleep(5)
            assert it.account.sent == [("u1", "好")]
            assert await people(it) == [("u1", "delivered"), ("start:nightly", "delivered")]
            assert [ran.delivered for ran in desk.runs("p")] == [1, 1]
            kept = "select begun from runs"
            assert await it.gateway.messages.database.read(
                lambda db: {row[0] for row in db.execute(kept)}
            ) == {""}
            wall = int(it.gateway.starts.calls._clock())
            dated = [stamped(body, wall + late) for late in (0, 0, -301, 301)]
            told = [await call(f"{token}?x=1", body, **one) for one in dated]
            news = [(code, data.get("new")) for code, data in told]
            assert news == [(202, True), (202, False), (403, None), (403, None)]
            for wrong in (
                {**dated[0], "idempotency-key": "another"},  # recorded, and sent again under another name
                {**signed(body), "x-hongyan-timestamp": str(wall)},
                {**dated[0], "x-hongyan-timestamp": str(wall + 1)},
                {**dated[0], "x-hongyan-timestamp": "now"},
            ):
                assert (await call(token, body, **wrong))[0] == 403
            assert desk.new_address("p", "shipped", 2.0) != token
            it.book.record = replace(it.book.record, rests_since=1.0)
            assert [(await call(token, body, **signed(body)))[0], (await call(other, b"{}"))[0]] == [404, 409]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_is_documented_for_a_payment_runs_once_for_who_paid(tmp_path, monkeypatch, lang):
    text = (Path(__file__).parents[3] / "docs" / lang / "starts.md").read_text(encoding="utf-8")
    [start] = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    bill = {
        "payer": {"openid": "u1"},
        "out_trade_no": "A1",
        "amount": {"total": 2850},
        "transaction_id": "4200",
    }
    sent, program = [], {}
    monkeypatch.setattr("requests.post", lambda url, **more: sent.append((url, more)) or httpx.Response(
        202, request=httpx.Request("POST", url)))  # fmt: skip
    exec(code, program)
    async with world(tmp_path, agent=composed(start)) as it:
        it.gateway.starts.calls._secrets = Shop()
        await it.push()
        await it.come_to("delivered")
        token = RunsList(tmp_path / "messages.db").new_address("p", "paid", 1.0)
        monkeypatch.setenv("PAY_SECRET", "value of pay")
        monkeypatch.setenv("PAID_HOOK", f"http://a/hooks/{token}")
        transport = httpx.ASGITransport(Starlette(routes=hooks.routes(it.gateway.starts.calls)))
        async with httpx.AsyncClient(transport=transport) as client:
            for _ in range(2):
                program["paid"](bill)
                url, more = sent.pop()
                answer = await client.post(url, content=more["data"], headers=more["headers"])
                assert answer.status_code == 202
        await asyncio.sleep(5)
        assert [to for to, said in it.account.sent if "28." in said] == ["u1"]


@pytest.mark.usefixtures("engine")
async def test_a_reminder_comes_once_at_its_time_or_with_the_next_answer_when_it_cannot(tmp_path):
    wall = asyncio.get_running_loop().wall
    async with world(tmp_path, says("好")) as it:
        await it.push()
        await it.come_to("delivered")
        of_u1 = (it.gateway.messages, it.gateway.surfaces.find("p"), "u1", wall())
        wishes, unable = StoredReminders(*of_u1, None), StoredReminders(*of_u1, can_push=False)
        near, far = wall() + 3600, wall() + 5 * DAY
        promised = [await wishes.set(near, "开会", "k1"), await wishes.set(far, "交表", "k2")]
        assert [promise.delivered for promise in promised] == ["then", "when_they_write"]
        assert await wishes.set(near, "开会", "k1") == promised[0]
        assert (await unable.set(near, "开会", "k1")).delivered == "when_they_write"
        it.account.sent.clear()
    async with world(tmp_path, says("在")) as it:
        await passes(near - wall() - 5, then=2)
        assert it.account.sent == []
        await passes(0, then=8)
        assert it.account.sent == [("u1", "⏰ 提醒：开会")]
        await passes(5 * DAY)
        assert it.account.sent == [("u1", "⏰ 提醒：开会")], "nobody is reached after the window"
        await it.push("还在吗", id="m4")
        await it.until(lambda: ("u1", "在") in it.account.sent)
        assert [part for _, part in it.account.sent][1:] == ["⏰ 提醒：交表", "在"]
        assert it.models.requests[0].messages[-2] == {"role": "assistant", "content": "⏰ 提醒：交表"}


async def test_reminders_are_few_a_person_and_go_with_them(tmp_path):
    async with world(tmp_path, says("好")) as it:
        await it.push()
        await it.come_to("delivered")
        kept, wall = it.gateway.messages.reminders, asyncio.get_running_loop().wall()
        made = [await kept.put("p", "u1", f"k{n}", "x", wall + 1000 + n, wall) for n in range(MOST + 1)]
        assert made[-1] is None
        assert await kept.put("p", "u1", "k3", "y", wall, wall) == made[3]
        assert not await kept.cancel("p", "u2", made[0].id)
        assert await kept.cancel("p", "u1", made[0].id)
        await it.gateway.messages.remembered.erase(Face("p", "u1"), wall)
        await passes(3000)
        assert await kept.of("p", "u1") == []
        assert len(it.account.sent) == 1


async def test_a_death_between_the_turns_and_their_beginning_leaves_nobody_out_and_nobody_twice(tmp_path):
    agent = composed({**EVERY_HOUR, "for": "listed", "people": ["a", "b", "c"], "flow": [SAYS]})
    wall = asyncio.get_running_loop().wall
    async with world(tmp_path, says("好"), agent=agent) as it:
        for sender in ("a", "b", "c"):
            await it.push(id=sender, **{"from": sender})
        await it.come_to(*["delivered"] * 3)
        it.book.record = replace(it.book.record, rests_since=1.0)
        runs = it.gateway.messages.runs
        assert await runs.begin("p", "hourly", "k", wall(), begun={}) == (1, True)
        [run] = await runs.open()
        made, place = await runs.for_people(run, ["a", "b", "c"], 2, lambda *_: "", wall())
        assert ([message.sender for _, message in made], place) == (["a", "b"], "b")
        it.account.sent.clear()
    async with world(tmp_path, says("好"), agent=agent, account=it.account) as it:
        await it.until(lambda: len(it.account.sent) == 3)
        await asyncio.sleep(10)
        assert sorted(it.account.sent) == [("a", "好"), ("b", "好"), ("c", "好")]
        assert await listed(it) == [("hourly", "made", "")]
        it.book.record = replace(it.book.record, rests_since=1.0)
        await it.gateway.messages.runs.begin("p", "hourly", "late", wall(), begun={})
        await it.gateway.messages.database.write(hold)
        assert (await listed(it))[-1] == ("hourly", "failed", "restored")
