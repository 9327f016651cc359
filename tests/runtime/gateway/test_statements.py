"""What a message costs the store: each statement is a way to the database and back."""

import asyncio

import pytest
from world import Account, world

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
