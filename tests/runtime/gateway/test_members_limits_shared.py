"""What all keys of one person may take together, asked for at two instances at once."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from world import Account, Plain, world

from runtime.caps import Cap
from runtime.gateway import owner
from runtime.store.database import place
from runtime.store.sealing import sealed_database
from script import says, wrote

TURN, MOST = 100, 6
PRICED = replace(says("好的"), prompt_tokens=95)
ROUND = 20
"""Questions at once, at each instance, each by another key."""


class Keyed(Plain):
    by_key = True


@pytest.fixture
def one_database(in_postgresql, monkeypatch, tmp_path):
    """For whatever folder; each gateway is told from the others as if it ran on a machine of its own."""
    url, numbers = in_postgresql.url_of(tmp_path / "messages.db"), iter(range(1, 100))
    monkeypatch.setattr(place, "url_of", lambda path: url)
    monkeypatch.setenv(sealed_database.VARIABLE, "the-same-for-all-of-them")
    monkeypatch.setattr(owner, "name", lambda: f"machine{next(numbers)}///")


async def asked(w, name, count):
    """How many of them were answered."""

    async def ask(n):
        message = wrote(id=f"{name}{n}", sender=f"k{name}{n}:c")
        return [event async for event in w.gateway.stream("p", message, pieces=False)][-1]

    ends = await asyncio.gather(*(ask(n) for n in range(count)))
    return [getattr(end, "code", "") for end in ends].count("")


@pytest.mark.usefixtures("one_database")
@pytest.mark.parametrize("cap", [{"messages": MOST}, {"tokens": MOST * TURN}], ids=["messages", "tokens"])
@pytest.mark.parametrize(("before", "most"), [(0, 2 * MOST), (MOST - 1, MOST + 1), (MOST, MOST)])
async def test_two_instances_at_once_overshoot_by_what_runs_at_the_other_and_then_by_nothing(
    tmp_path, cap, before, most
):
    """Of a fresh day that is what fits in; near its end, where turns go one by one, a single turn."""
    async with AsyncExitStack() as opened:
        both = []
        for name in "ab":
            (tmp_path / name).mkdir()
            given = {"account": Account(can_push=False), "kind": Keyed, "several": True}
            both.append(await opened.enter_async_context(world(tmp_path / name, PRICED, **given)))
        for w in both:
            w.gateway.spending.user_of_key = lambda key: "lin"
            w.gateway.spending.cap_of_user = lambda user: Cap(**cap)
        answered = 0
        for n in range(before):  # one after the other, now here and now there
            answered += await asked(both[n % 2], f"first{n}", 1)
        assert answered == before
        answered += sum(await asyncio.gather(*(asked(w, f"at once{w is both[0]}", ROUND) for w in both)))
        assert MOST <= answered <= most
        assert [await asked(w, f"later{w is both[0]}", 3) for w in both] == [0, 0]
        for w in both:
            assert (await w.gateway.spending.of_user("lin")).spent.tokens == answered * TURN
