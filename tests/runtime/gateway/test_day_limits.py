"""Limits of a day: who is bounded by which, on either engine, told once, counted once, and never overshot."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from world import ANSWERS, Account, Plain, world

from runtime.caps import ALL, Cap, Sum
from runtime.errors import ModelFailed
from runtime.gateway.abreast import Bound
from runtime.gateway.background import Background
from runtime.gateway.nearly import Nearly
from runtime.models.budgets import Budget, Spent, day_of, may_spend, seconds_left
from runtime.store.messages.spending import Spending
from runtime.store.vanishing.memory import InMemory
from runtime.turn.events import ModelUsed
from script import says, services, wrote

TURN, COST = 100, 0.25
PRICED = replace(says("好的"), prompt_tokens=95, cost=COST)
TWO = {"messages": 2, "tokens": 2 * TURN, "money": 2 * COST}
"""What two turns take."""


class Keyed(Plain):
    by_key = True


def around(budget):
    def made(models):
        found = services(models)
        if budget:
            found.budgets._budgets = lambda: [budget]
        return found

    return made


KINDS = [
    ("person", "messages_per_day", ["a", "a", "a", "b"], [1, 1, 0, 1]),
    ("agent", "all_messages_per_day", ["a", "b", "a", "b"], [1, 1, 0, 0]),
    ("key", "", ["k1:x", "k1:y", "k1:z", "k2:x"], [1, 1, 0, 1]),
    ("user", "", ["k1:x", "k2:y", "k1:z", "k3:x", "k9:x"], [1, 1, 0, 0, 1]),
    ("all", "", ["a", "b", "c", "d"], [1, 1, 0, 0]),
]
"""Whose limit it is, its field in the agent's file, who writes, and who is answered: nobody's limit eats
another's."""


def LINS(key):
    """Whose keys those are: three are lin's."""
    return "lin" if key in ("k1", "k2", "k3") else ""


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("what", ["messages", "tokens", "money"])
@pytest.mark.parametrize(("kind", "field", "senders", "answered"), KINDS)
async def test_each_kind_is_bounded_by_each_measure(tmp_path, kind, field, senders, answered, what):
    limits = {field.replace("messages", what): TWO[what]} if field else {}
    budget = Budget(id=ALL, **{what: TWO[what]}) if kind == "all" else None
    agent = {**ANSWERS, "limits": limits, "texts": {"used_up": "明天见"}}
    given = {"agent": agent, "account": Account(can_push=False), "kind": Keyed, "around": around(budget)}
    async with world(tmp_path, PRICED, **given) as w:
        if kind == "key":
            w.gateway.spending.cap_of_key = lambda name: Cap(**{what: TWO[what]})
        if kind == "user":
            w.gateway.spending.user_of_key = LINS
            w.gateway.spending.cap_of_user = lambda user: Cap(**{what: TWO[what]})
        said = [await w.push(id=f"m{n}", **{"from": one}) for n, one in enumerate(senders)]
        assert said == ["reply:好的" if one else "reply:明天见" for one in answered]
        again = [await w.push(id=f"n{n}", **{"from": one}) for n, one in enumerate(senders)]
        told = [one for one, was in zip(again, answered, strict=True) if not was]
        assert told == ["success"] * len(told)  # they were told
        assert len(w.models.requests) >= sum(answered)
        assert await w.states() == ["delivered" if "reply" in one else "silent" for one in (*said, *again)]


@pytest.mark.usefixtures("engine")
async def test_messages_are_counted_once_over_restarts_and_for_each_of_whom_they_are(tmp_path):
    for n in range(2):
        async with world(tmp_path, PRICED, account=Account(can_push=False), kind=Keyed) as w:
            w.gateway.spending.user_of_key = LINS
            for again in range(2):  # a repeat is no message
                assert await w.push(id=f"m{n}", **{"from": "k1:x"}) == "reply:好的", again
            rows = await w.gateway.spending._store.since(
                "2000-01-01", ("model", "agent", "person", "key", "user", "all")
            )
    assert {row[0]: (row[3], row[6]) for row in rows} == {
        "model": (2 * TURN, 0),
        **dict.fromkeys(("agent", "person", "key", "user", "all"), (2 * TURN, 2)),
    }


@pytest.mark.usefixtures("engine")
async def test_people_of_other_instances_are_counted_too(tmp_path):
    async with world(tmp_path, PRICED, account=Account(can_push=False), kind=Keyed) as w:
        spending = w.gateway.spending
        assert await spending.people() == (0, 0, 0, 0.0)
        for id, sender in (("m1", "a"), ("m2", "a"), ("m3", "b")):
            await w.push(id=id, **{"from": sender})
        assert await spending.people() == (2, 2, 2 * TURN, 2 * COST)
        elsewhere = Spent("person", "somebody", spending.today(), 7 * TURN, COST, 0, 7)
        await Spending(w.gateway.messages.database).add([elsewhere])
        assert await spending.people() == (3, 7, 7 * TURN, 2 * COST)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("what", ["messages", "tokens", "money"])
async def test_fifty_that_begin_at_once_do_not_overshoot(tmp_path, what):
    async with world(tmp_path, PRICED, kind=Keyed) as w:
        w.gateway.spending.cap_of_key = lambda name: Cap(**{what: TWO[what]})

        async def ask(n):
            message = wrote(id=f"m{n}", sender=f"k1:c{n}")
            return [event async for event in w.gateway.stream("p", message, pieces=False)][-1]

        first = await ask(50)  # what one takes is known from here on
        ends = [first, *await asyncio.gather(*(ask(n) for n in range(49)))]
        assert [getattr(end, "code", "") for end in ends].count("") == len(w.models.requests) == 2
        assert (await w.gateway.spending.of_key("k1")).spent.messages == 2


async def is_tried(spending, agent, messages):
    """Whether lin may, which counts then."""
    with suppress(ModelFailed):
        async with spending.trying("lin"):
            may_spend()
            await asyncio.sleep(0)
            await spending.count_talk(agent, [ModelUsed.of("say", PRICED)], "lin", messages)
            return True
    return False


TRIED = [
    ("turns", {"messages": 2}, 1, [True, True, False]),
    ("turns", {"tokens": 2 * TURN}, 1, [True, True, False]),
    ("turns", {"money": 2 * COST}, 1, [True, True, False]),
    ("tests, which are no turns", {"messages": 1}, 0, [True, True, True]),
    ("tests, which take tokens", {"tokens": TURN}, 0, [True, False, False]),
]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("what", "cap", "messages", "may"), TRIED, ids=[f"{r[0]} {r[1]}" for r in TRIED])
async def test_what_somebody_tries_out_is_theirs_with_their_keys(tmp_path, what, cap, messages, may):
    async with world(tmp_path, PRICED, account=Account(can_push=False), kind=Keyed) as w:
        spending = w.gateway.spending
        spending.user_of_key, spending.cap_of_user = LINS, lambda user: Cap(**cap)
        agent = w.gateway.surfaces.all()[0].agent
        assert [await is_tried(spending, agent, messages) for _ in may] == may
        assert (await w.push(id="m1", **{"from": "k1:x"}) == "reply:好的") == may[-1]
        assert await w.push(id="m2", **{"from": "k9:x"}) == "reply:好的"
        found = (await spending.of_user("lin")).spent
        assert found.messages == messages * may.count(True) + may[-1]
        async with spending.trying(""):  # nobody's day
            may_spend()
    async with world(tmp_path, PRICED, account=Account(can_push=False), kind=Keyed) as w:
        assert (await w.gateway.spending.of_user("lin")).spent == found  # it is kept


async def test_long_work_asks_no_more_once_what_it_counted_is_all(tmp_path):
    async with world(tmp_path, PRICED) as w:
        spending = w.gateway.spending
        spending.cap_of_user = lambda user: Cap(tokens=2 * TURN)
        agent = w.gateway.surfaces.all()[0].agent
        async with spending.trying("lin", long=True):
            for _ in range(2):
                may_spend()
                await spending.count_talk(agent, [ModelUsed.of("say", PRICED)], "lin")
            with pytest.raises(ModelFailed):
                may_spend()
        may_spend()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("most", [1, 3, 6, 7, 49])  # of some, a share is no round number
async def test_fifty_that_are_tried_at_once_do_not_overshoot(tmp_path, most):
    async with world(tmp_path, PRICED) as w:
        spending = w.gateway.spending
        spending.cap_of_user = lambda user: Cap(messages=most)
        agent = w.gateway.surfaces.all()[0].agent
        answered = await asyncio.gather(*(is_tried(spending, agent, 1) for _ in range(50)))
        assert answered.count(True) == most


async def test_a_message_that_is_refused_takes_nothing_and_what_waits_goes_on_the_next_day(tmp_path):
    agent = {**ANSWERS, "limits": {"messages_per_day": 1}}
    async with world(tmp_path, PRICED, agent=agent, account=Account(can_push=False)) as w:
        await w.push(id="m0")
        await w.push(id="m1")
        day = day_of(w.gateway.spending._clock(), "Asia/Shanghai")
        [spent], _ = await w.gateway.spending._store.find("all", ALL, day)
        assert Spent(*spent).messages == 1
        clock = w.gateway.spending._clock
        w.gateway.spending._clock = lambda: clock() + 86_400
        assert await w.push(id="m2") == "reply:好的"


NEW_YEAR = datetime(2026, 12, 31, 18, tzinfo=UTC).timestamp()
ZONES = [
    ("Asia/Shanghai", "2027-01-01", 22),
    ("UTC", "2026-12-31", 6),
    ("America/New_York", "2026-12-31", 11),
]


@pytest.mark.parametrize(("zone", "day", "hours"), ZONES)
def test_a_day_ends_by_the_owners_clock(zone, day, hours):
    assert (day_of(NEW_YEAR, zone), seconds_left(NEW_YEAR, zone)) == (day, hours * 3600)


TOLD = [
    ([0.5, 0.7], []),
    ([0.7, 0.8], ["80 %"]),
    ([0.79, 0.81, 0.9, 0.99], ["81 %"]),
    ([0.9, 1.0], ["used up"]),
    ([0.1, 0.85, 1.2, 1.3], ["85 %", "used up"]),
    ([0.5, 1.5], ["used up"]),
]


@pytest.mark.parametrize(("shares", "told"), TOLD)
@pytest.mark.parametrize("kind", ["agent", "key", "user", "all", "person"])
async def test_the_owner_hears_at_80_and_at_100_percent_each_once(kind, shares, told):
    """Two programs share what vanishes, and one of them tells; a person's limit is for the person to hear."""
    spent, said, shared = Sum(), [], InMemory()
    bound, beside = Bound(kind, "shop", "shop", Cap(tokens=1000), lambda: spent), Background()

    def tell(text):
        said.append(text.en)

    both = [Nearly(shared, beside, tell, lambda: "2026-11-30", lambda kind, name: name) for _ in range(2)]
    for before, now in pairwise(shares):
        spent.tokens = round(1000 * now)
        for one in both:
            one.took(bound, before)
        await beside.end(1)
    assert len(said) == (0 if kind == "person" else len(told))
    assert all(part in text for part, text in zip(told, said, strict=False))
