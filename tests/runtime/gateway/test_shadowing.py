"""A version that answers beside the one that people get: unheard, harmless, bounded, and forgotten."""

import asyncio
from dataclasses import dataclass, replace

import pytest
from test_canaries import flow, two
from test_canaries import says as replies
from world import now, world

from runtime.gateway.canaries import place_of
from runtime.models.budgets import Budgets
from runtime.models.hiding import hidden
from runtime.shadowing.alike import nearness
from runtime.shadowing.running import A_DAY, AT_ONCE, DEAD, RESERVED, WAITING, Shadowing
from runtime.store.control.shadows import Shadow, Shadows
from runtime.store.control.table import Table
from runtime.store.messages import shadowed
from runtime.store.messages.people import Face
from script import DOWN, Script, calls, says, services

MODEL = flow({"type": "model", "id": "answer"})
HOLD = 10.0


@dataclass
class Kept:
    shadows: Shadows


class Beside:
    """A shadow of version 2 in a world of its own."""

    def __init__(self, w, folder, models=None, *, share=100, yuan=10.0, begin=True, **more):
        self.w, self.models, self.alerts = w, models or Script(), []
        self.rows = Shadows(Table(folder / "shadows.json", Shadow))
        if begin:
            self.rows.begin(Shadow(id="p", version=2, share=share, yuan=yuan, since=now()))
        own = replace(services(self.models), **more)
        self.it = Shadowing(w.gateway, own, Kept(self.rows), self._alert, now)
        w.gateway.tell_ends(self.it.ended)
        self.task = w.gateway.begin(self.it.run())

    def _alert(self, publication, text):
        self.alerts.append(text.en)

    def came(self, outcome):
        return self.w.gateway.metrics.shadows.labels(outcome)._value.get()

    async def done(self, many):
        names = ("same", "otherwise", "unjudged", "failed")
        await self.w.until(lambda: sum(map(self.came, names)) >= many)

    async def found(self):
        since = self.rows.find("p").since if self.rows.find("p") else 0.0
        database, at = self.w.gateway.messages.database, now()
        return await database.read(lambda db: shadowed.found(db, "p", 2, since, at))


async def ask(w, who="u1", text="你好", id="m1"):
    before = len(w.account.sent)
    _, reply, response = (await w.push(text, f"{who}-{id}", **{"from": who})).partition("reply:")
    if not reply:
        await w.until(lambda: len(w.account.sent) > before)
    return response or w.account.sent[-1][1]


@pytest.mark.parametrize(
    ("live", "shadow", "answers", "came"),
    [
        (replies("一"), replies("一"), (), "same"),
        (replies("一"), replies("二"), (), "otherwise"),
        (replies("一"), MODEL, (DOWN,), "failed"),
        (replies("一"), flow({"type": "handoff", "id": "h"}), (), "otherwise"),
    ],
)
async def test_both_answer_and_people_hear_one(tmp_path, live, shadow, answers, came):
    async with world(tmp_path, book=two(tmp_path, shadow, live)) as w:
        beside = Beside(w, tmp_path, Script(list(answers)) if answers else None)
        assert await ask(w) == "一"
        await beside.done(1)
        assert beside.came(came) == 1
        [pair] = (await beside.found()).pairs
        assert (pair.alike, bool(pair.failure)) == (
            {"same": True, "otherwise": False}.get(came),
            came == "failed",
        )
        assert await w.states() in (["carried"], ["delivered"])
        tickets = "select * from tickets"
        assert await w.gateway.messages.database.read(lambda db: db.execute(tickets).fetchall()) == []
        said = "select seq from parts"
        assert len(await w.gateway.messages.database.read(lambda db: db.execute(said).fetchall())) == 1


async def test_nothing_of_it_is_remembered_acts_or_is_paid_by_the_person(tmp_path):
    order = {"type": "http_request", "name": "order", "url": "https://shop.example/orders", "method": "POST"}
    acts = {"type": "model", "id": "answer", "tools": [{"type": "remind"}, order]}
    wants = (("remember", {"name": "忌口", "value": "花生", "kind": "about"}), ("order", {}))
    script = Script([calls(*wants, ("remind", {"at": "2099-01-01 09:00", "text": "x"})), says("二")])
    second = flow(acts, memory={"facts": True})
    async with world(tmp_path, book=two(tmp_path, second, replies("一"))) as w:
        beside = Beside(w, tmp_path, script)
        await ask(w)
        await beside.done(1)
        known = await w.gateway.messages.remembered.known(Face("p", "u1"))
        assert not known.notes
        reminders = "select * from reminders"
        assert await w.gateway.messages.database.read(lambda db: db.execute(reminders).fetchall()) == []
        assert [one.reply for one in await w.gateway.messages.history("p", "u1", 9, 9)] == ["一"]
        rows = "select kind, tokens, messages from spent order by kind"
        spent = await w.gateway.messages.database.read(lambda db: [tuple(r) for r in db.execute(rows)])
        took = {kind: (tokens, messages) for kind, tokens, messages in spent}
        assert took["shadow"] == (30, 1)
        assert took["agent"] == took["person"] == (0, 1)
        [pair] = (await beside.found()).pairs
        assert pair.reply == "二"


@pytest.mark.parametrize("how", ["hangs", "raises"])
async def test_one_that_hangs_or_breaks_changes_nothing_for_people(tmp_path, how):
    gate = asyncio.Event()
    models = Script(gate=gate) if how == "hangs" else Script([ValueError("a bug")])
    many = AT_ONCE + WAITING + 5
    async with world(tmp_path, book=two(tmp_path, MODEL, replies("一"))) as w:
        beside = Beside(w, tmp_path, models)
        began = now()
        for n in range(many):
            assert await ask(w, f"u{n}") == "一"
        assert now() - began < 5
        if how == "hangs":
            assert beside.came("dropped") == many - AT_ONCE - WAITING
            assert len(models.requests) == AT_ONCE
        else:
            await beside.done(many)
            assert beside.came("failed") == many
        assert not beside.task.done()
        assert (await w.states()) == ["carried"] * many or set(await w.states()) <= {"carried", "delivered"}


@pytest.mark.parametrize(
    ("live", "shadow", "why"), [(replies("一"), MODEL, "timeout"), (MODEL, replies("二"), "hung")]
)
async def test_one_that_never_ends_or_whose_judge_never_does_has_failed(tmp_path, live, shadow, why):
    async with world(tmp_path, says("一"), book=two(tmp_path, shadow, live)) as w:
        beside = Beside(w, tmp_path, Script(gate=asyncio.Event()))
        await ask(w)
        await w.until(lambda: beside.came("failed") == 1, 1000)
        assert [one.failure for one in (await beside.found()).pairs] == [why]


class HalfGone:
    """Budgets of which so much is left."""

    def __init__(self, left):
        self.left = lambda: left

    def __getattr__(self, name):
        return getattr(Budgets(list, now), name)


@pytest.mark.parametrize(("left", "came"), [(RESERVED, "otherwise"), (RESERVED - 0.01, "budget")])
async def test_half_of_every_budget_is_for_people(tmp_path, left, came):
    async with world(tmp_path, book=two(tmp_path, replies("二"), replies("一"))) as w:
        beside = Beside(w, tmp_path, budgets=HalfGone(left))
        await ask(w)
        await w.until(lambda: beside.came(came) == 1)


@pytest.mark.parametrize(("share", "most"), [(30, 60), (100, 100)])
async def test_a_share_of_the_conversations_always_the_same_ones(tmp_path, share, most):
    rows = Shadows(Table(tmp_path / "s.json", Shadow))
    rows.begin(Shadow(id="p", version=2, share=share, yuan=1, since=1.0))
    salt = rows.find("p").salt
    chosen = [who for who in range(100) if place_of(salt, f"p\nu{who}") < share]
    assert 0 < len(chosen) <= most
    assert share < 100 or len(chosen) == 100


async def test_a_day_that_is_paid_for_ends_it_until_tomorrow_and_never_takes_what_people_need(tmp_path):
    dear = Script([replace(says("一"), cost=2.0)])
    async with world(tmp_path, book=two(tmp_path, MODEL, replies("一"))) as w:
        beside = Beside(w, tmp_path, dear, yuan=10.0)
        await ask(w, "u1")
        await beside.done(1)
        await ask(w, "u2")
        await w.until(lambda: beside.came("budget") == 1)
        assert len(dear.requests) == 1
        assert A_DAY > 100


async def test_whoever_is_forgotten_leaves_no_trace_in_it_also_while_it_answers(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, book=two(tmp_path, MODEL, replies("一"))) as w:
        beside = Beside(w, tmp_path, Script([says("二")]))
        await ask(w, "u1")
        await beside.done(1)
        rows = "select seq, name, result from steps where name='shadow'"
        read = w.gateway.messages.database.read
        assert len(await read(lambda db: db.execute(rows).fetchall())) == 1
        beside.models.gate = gate
        await ask(w, "u1", id="m2")
        await w.until(lambda: len(beside.models.requests) == 2)
        await w.gateway.messages.remembered.erase(Face("p", "u1"), now())
        gate.set()
        await beside.done(2)
        assert await read(lambda db: db.execute(rows).fetchall()) == []


async def test_what_the_end_of_the_program_cut_off_is_not_done_again_and_a_deadly_one_is_stopped(tmp_path):
    async with world(tmp_path, book=two(tmp_path, replies("二"), replies("一"))) as w:
        beside = Beside(w, tmp_path)
        database = w.gateway.messages.database
        for n in range(DEAD):
            await ask(w, f"u{n}")
        await beside.done(DEAD)
        assert not await shadowed.begin(database, 1, 2, now())
        await database.write(lambda db: db.execute("delete from steps"))
        for n in range(DEAD):
            assert await shadowed.begin(database, n + 1, 2, now())
        await asyncio.sleep(1000)
        assert (await beside.found()).cut_off == DEAD
        again = Beside(w, tmp_path, begin=False)
        beside.rows.end("p", 9, "stopped", now())
        await ask(w, "u8")
        await w.until(lambda: again.rows.find("p") is None)
        assert [one.why for one in again.rows.past("p")] == ["cut_off"]
        assert "died 5 times" in again.alerts[0]


async def test_one_that_is_gone_is_over_and_its_owner_hears_it_once(tmp_path):
    async with world(tmp_path, book=two(tmp_path, replies("二"), replies("一"))) as w:
        beside = Beside(w, tmp_path)
        del w.book.agents[2]
        for n in range(3):
            assert await ask(w, f"u{n}") == "一"
        await w.until(lambda: beside.alerts)
        await asyncio.sleep(1)
        assert len(beside.alerts) == 1
        assert [one.why for one in beside.rows.past("p")] == ["gone"]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("九点开门", "九点开门", 1.0),
        ("九点开门", "", 0.0),
        ("abcd", "abce", 2 / 3),
        ("", "", 1.0),
        ("好", "好", 1.0),
    ],
)
def test_how_near_two_answers_are(one, other, near):
    assert nearness(one, other) == pytest.approx(near)


class Sent(Script):
    """What leaves, as models are asked everywhere."""

    async def complete(self, request, on_text=None, on_reset=None):
        return await super().complete(await hidden(request), on_text, on_reset)


async def test_what_the_live_version_keeps_from_models_no_judge_is_sent(tmp_path):
    live = {**MODEL, "safety": {"masking": {"kinds": ["phone"]}}}
    async with world(tmp_path, says("好的"), book=two(tmp_path, replies("记下了"), live)) as w:
        beside = Beside(w, tmp_path, Sent([says('{"reason": "x", "passes": true}')]))
        assert await ask(w, text="我是 13800138000，谢谢") == "好的"
        await beside.done(1)
        assert beside.came("same") == 1
        [judged] = beside.models.requests
        assert judged.model == "script/one"  # which saw it before
        assert "13800138000" not in str(judged.messages)


async def test_what_the_live_version_keeps_from_models_the_shadow_s_are_not_sent(tmp_path):
    live = {**replies("一"), "safety": {"masking": {"kinds": ["phone"]}}}
    async with world(tmp_path, book=two(tmp_path, MODEL, live)) as w:
        beside = Beside(w, tmp_path, Sent([says("一")]))
        await ask(w, text="我是 13800138000，谢谢")
        await beside.done(1)
        assert "谢谢" in str(beside.models.requests[0].messages)
        assert "13800138000" not in str([one.messages for one in beside.models.requests])


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ({"from": "u1"}, True),
        ({"from": "group/u1"}, True),
        ({"from": "u1", "kind": "voice"}, True),
        ({"from": "u1", "kind": "image"}, False),  # no agent sees one without its bytes: a sentence of ours
        ({"from": "u1", "event": "followed"}, False),
    ],
)
async def test_what_people_write_is_answered_alone_or_in_a_group_and_what_they_do_is_not(
    tmp_path, query, answers
):
    async with world(tmp_path, book=two(tmp_path, MODEL, MODEL)) as w:
        beside = Beside(w, tmp_path)
        await w.push("你好", "m1", **query)
        await ask(w, "u9")  # once this one is done, so is the one before
        await beside.done(1 + answers)
        await asyncio.sleep(1)
        assert len((await beside.found()).pairs) == 1 + answers


async def test_two_programs_that_hear_of_one_answer_answer_it_once(tmp_path):
    async with world(tmp_path, book=two(tmp_path, MODEL, replies("一"))) as w:
        one, other = Beside(w, tmp_path), Beside(w, tmp_path, begin=False)
        await ask(w)
        await w.until(lambda: one.models.requests or other.models.requests)
        await asyncio.sleep(1)
        assert len(one.models.requests) + len(other.models.requests) == 1
        assert len((await one.found()).pairs) == 1


async def test_who_goes_on_with_what_was_asked_is_answered_by_the_live_version_alone(tmp_path):
    field = {"name": "n", "title": "人数", "type": "number", "question": "几位？"}
    asks = flow({"type": "ask", "id": "a", "fields": [field]}, {"type": "reply", "id": "s", "text": "好"})
    async with world(tmp_path, book=two(tmp_path, asks, asks)) as w:
        beside = Beside(w, tmp_path)
        assert await ask(w) == "几位？"
        await beside.done(1)
        assert await ask(w, text="3", id="m2") == "好"
        await ask(w, "u2")
        await beside.done(2)
        assert [one.seq for one in (await beside.found()).pairs] == [3, 1]
