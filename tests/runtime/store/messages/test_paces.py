"""When something left for a person: counted together, for as long as it counts, and nobody is named."""

from contextlib import closing

import pytest

from runtime.store.messages.beside import reading
from runtime.store.messages.messages import Messages
from runtime.store.messages.paces import Paces

pytestmark = pytest.mark.usefixtures("engine")

PERSON = "ann-of-the-tea-house"


@pytest.fixture
def messages(tmp_path):
    with closing(Messages(tmp_path / "messages.db")) as messages:
        yield messages


@pytest.fixture
def rows(tmp_path):
    def read():
        with reading(tmp_path / "messages.db") as db:
            return [tuple(row) for row in db.execute("select name, at, until from paces order by id")]

    return read


def fewer(most):
    return lambda lately: len(lately) < most


async def leaves(paces, at, most=2, person=PERSON):
    id, lately = await paces.leave("app", person, fewer(most), 60, at)
    return id is not None, [one.at for one in lately]


async def test_what_leaves_is_counted_until_its_time_is_over(messages):
    paces = Paces(messages.database)
    assert await leaves(paces, 100) == (True, [])
    assert await leaves(paces, 110) == (True, [100])
    assert await leaves(paces, 120) == (False, [100, 110])
    assert await leaves(paces, 120, person="bob") == (True, [])
    assert await leaves(paces, 165) == (True, [110])


async def test_what_left_before_a_shorter_time_does_not_count_in_it(messages):
    paces = Paces(messages.database)
    assert await leaves(paces, 100) == (True, [])
    id, lately = await paces.leave("app", PERSON, fewer(1), 10, 115)
    assert (id is not None, lately) == (True, [])


async def test_it_counts_from_when_it_arrived(messages):
    paces = Paces(messages.database)
    id, _ = await paces.leave("app", PERSON, fewer(1), 60, 100)
    paces.arrived(id, 130)
    assert await leaves(paces, 165, most=1) == (False, [130])


async def test_a_clock_that_is_set_back_makes_nobody_wait_for_longer_than_the_time(messages):
    paces = Paces(messages.database)
    assert await leaves(paces, 100_000, most=1) == (True, [])
    assert await leaves(paces, 100, most=1) == (False, [100])
    assert await leaves(paces, 161, most=1) == (True, [])


async def test_what_is_over_is_forgotten_and_nobody_is_named(messages, rows):
    paces = Paces(messages.database)
    await leaves(paces, 100)
    assert PERSON not in str(rows())
    await leaves(paces, 200, person="bob")
    assert [at for _, at, _ in rows()] == [200]
