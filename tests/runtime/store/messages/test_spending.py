"""What each person spent today, asked for by every turn."""

import asyncio
from contextlib import closing

import pytest

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.messages.messages import Messages
from runtime.store.messages.spending import Spending

pytestmark = pytest.mark.usefixtures("engine")

DAY = "2026-11-29"


def spent(name, tokens):
    return ("person", name, DAY, tokens, 0.5, 0, 1)


async def test_what_many_ask_at_once_is_one_question_and_each_gets_his_own(tmp_path, monkeypatch):
    with closing(Messages(tmp_path / "messages.db")) as messages:
        spending = Spending(messages.database)
        await spending.add([spent(f"u{n}", n) for n in range(20)])
        looks, read = [], messages.database.read

        async def counted(work):
            looks.append(work)
            if len(looks) == 2:
                raise StoreFailed(Text("没有", "gone"))
            return await read(work)

        monkeypatch.setattr(messages.database, "read", counted)
        answers = await asyncio.gather(*(spending.find("person", f"u{n}", DAY) for n in range(25)))
        found = [rows for rows, _ in answers]
        assert found == [[spent(f"u{n}", n)] for n in range(20)] + [[]] * 5
        assert len(looks) == 1
        with pytest.raises(StoreFailed):
            await spending.find("person", "u1", DAY)
        assert await spending.find("person", "u1", DAY) == ([spent("u1", 1)], 0)
