"""Sessions of a page that anybody opens have an end, and whoever comes waits for no look at all others."""

import pytest

from runtime.message import Message
from runtime.store.messages.families import Families, Family
from runtime.store.messages.messages import Messages

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.sealed_too]

SOON = 1e12


@pytest.fixture
async def store(tmp_path):
    opened = Messages(tmp_path / "messages.db")
    yield opened
    opened.close()


async def begin(store, *senders, publication="page", until=SOON):
    for at, sender in enumerate(senders, start=1):
        await store.families.begin(Family(f"f-{sender}", publication, sender, "h", until), at)


async def left(store):
    return await store.families.living([f"f-{sender}" for sender in "abcdefgh"], 1e9)


async def test_of_too_many_those_who_never_wrote_end_first_and_then_the_oldest(store):
    await begin(store, *"abcdefg")
    await begin(store, "h", publication="another")
    for sender in "ad":
        await store.accept("page", Message(f"m-{sender}", sender, "hello"), 1)
    await Families(store.database, most=3, at_once=2).sweep(1e9)
    assert await left(store) == {"f-a", "f-d", "f-g", "f-h"}


async def test_all_that_is_over_goes_at_once(store):
    await begin(store, *"abcde", until=5)
    await begin(store, "f", publication="another")
    await Families(store.database, at_once=2).sweep(6)
    assert await store.families.publications() == {"another"}


async def test_whoever_comes_to_a_crowded_page_is_no_work_for_all_who_came_before(store):
    page = Families(store.database, most=1)
    for at, sender in enumerate("abc", start=1):
        await page.begin(Family(f"f-{sender}", "page", sender, "h", SOON), at)
    assert await left(store) == {"f-a", "f-b", "f-c"}
