"""What a message costs the store: each statement is a way to the database and back."""

import asyncio

import pytest
from world import Account, world

from runtime.message import Message
from runtime.store.database.batches import Batches

pytestmark = pytest.mark.usefixtures("engine")

WAYS = [(False, "reply:好的", 2, 8), (True, "success", 3, 11)]
"""Whether it may push; what the callback is answered with; transactions and statements that write."""


class Counted:
    def __init__(self, db, said):
        self._db, self._said = db, said

    def execute(self, sql, parameters=()):
        self._said.append(sql)
        return self._db.execute(sql, parameters)

    def executemany(self, sql, rows):
        self._said.append(sql)
        self._db.executemany(sql, rows)


@pytest.mark.plain("it counts statements")
@pytest.mark.parametrize(("can_push", "answer", "transactions", "statements"), WAYS)
async def test_a_plain_question(tmp_path, monkeypatch, can_push, answer, transactions, statements):
    works, said = [], []
    post = Batches.post

    def counting(batches, work, *, scrub):
        works.append(work)
        return post(batches, lambda db: work(Counted(db, said)), scrub=scrub)

    async with world(tmp_path, account=Account(can_push=can_push)) as w:
        await w.push("你好", id="m0")
        await w.come_to("delivered")
        await asyncio.sleep(3)
        with monkeypatch.context() as patch:
            patch.setattr(Batches, "post", counting)
            assert await w.push("再来", id="m1") == answer
            await w.come_to("delivered", "delivered")
    assert (len(works), len(said)) == (transactions, statements)


async def test_a_turn_of_what_nobody_waits_for_asks_the_store_for_nothing_that_was_known_when_it_came(
    tmp_path,
):
    """As from platforms from which messages are fetched, or over a long connection."""
    async with world(tmp_path, account=Account(can_push=True)) as w:
        [surface] = w.gateway.surfaces.all()
        await w.push("你好", id="m0")
        await w.come_to("delivered")
        looks, read = [], w.gateway.messages.database.read

        async def looking(work):
            looks.append(work.__qualname__.partition(".<")[0])
            return await read(work)

        w.gateway.messages.database.read = looking
        await w.gateway._intake.take(surface, [Message("m1", "u1", "再来")])
        await w.until(lambda: len(w.account.sent) == 2)
        assert not {"Messages.history", "WaitRows.of"}.intersection(looks)
        said = [one["content"] for one in w.models.requests[-1].messages[-3:]]
        assert said == ["你好", "好的", "再来"]
