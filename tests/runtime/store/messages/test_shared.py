"""A place that everybody may claim is one person's alone, whoever else claims at that moment."""

import asyncio

import pytest

from runtime.message import Message
from runtime.shared import MOST, Wanted
from runtime.store.messages.beside import reading
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.shared_list import SharedList

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.sealed_too]

NOON = "2026-12-01 12:00"


@pytest.fixture
async def stores(tmp_path):
    """Of two processes with one file."""
    opened = [Messages(tmp_path / "messages.db") for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


async def claims(store, who, key=NOON, *, places=1, step="claim", publication="p", message="m", **more):
    face = Face(publication, who)
    seq = (await store.accept(publication, Message(message, who, "约"), 1)).seq
    wanted = Wanted("slots", key, places, **more)
    return await store.shared.claim(face, "shop", wanted, 5, seq=seq, step=step)


async def keys(store, cap=1, beginning=""):
    return await store.shared.full("shop", "slots", cap, beginning)


async def test_of_fifty_who_claim_at_once_in_two_processes_and_publications_as_many_have_it_as_it_takes(
    stores, tmp_path
):
    for key, cap in ((NOON, 1), ("2026-12-01 15:00", 7)):
        all_at_once = (
            claims(stores[n % 2], f"u{n}", key, cap=cap, publication="pq"[n % 3 == 0], message=key)
            for n in range(50)
        )
        outcomes = await asyncio.gather(*all_at_once)
        got = [one for one in outcomes if one.outcome == "taken"]
        assert sorted(one.number for one in got) == list(range(1, cap + 1))
        assert {one.outcome for one in outcomes} == {"taken", "full"}
        assert min(one.left for one in got) == 0
    assert len(SharedList(tmp_path / "messages.db").claims("shop", "slots")) == 8


async def test_what_one_person_may_have_is_counted_and_what_they_have_already_is_told_again(stores, tmp_path):
    store = stores[0]
    assert (await claims(store, "ann")).outcome == "taken"
    table = [
        # claimed again in another message; another key; beyond what one may have in all; more than there are
        ({"step": "b", "message": "2"}, "again", 1),
        ({"key": "13:00", "most": 1, "message": "3"}, "enough", 0),
        ({"key": "13:00", "places": 2, "cap": 9, "message": "4"}, "enough", 0),
        ({"key": "13:00", "places": 3, "cap": 2, "each": None, "message": "5"}, "full", 0),
        ({"key": "13:00", "places": MOST, "cap": None, "each": None, "message": "6"}, "enough", 0),
        ({"key": "13:00", "places": 2, "cap": 2, "each": None, "message": "7"}, "taken", 2),
    ]
    for more, outcome, held in table:
        claimed = await claims(store, "ann", **more)
        assert (claimed.outcome, claimed.held) == (outcome, held), more
    assert await keys(store, beginning="2026-12") == [NOON]
    assert await keys(store, cap=2) == ["13:00"]
    [noon, later] = SharedList(tmp_path / "messages.db").claims("shop", "slots")[::-1]
    assert (noon.sender, noon.places, later.places) == ("ann", 1, 2)


async def test_a_step_that_is_done_again_claims_and_gives_back_once(stores):
    one, other = stores
    first = await claims(one, "ann")
    assert await claims(other, "ann") == first
    seq = (await one.accept("p", Message("2", "ann", "退"), 2)).seq
    ann = Face("p", "ann")
    for store in stores:
        assert await store.shared.release(ann, "shop", "slots", NOON, seq=seq, step="r") == 1
    assert await claims(other, "ann") == first  # its step is known: nothing is claimed anew
    assert await one.shared.held(ann, "shop", "slots") == []
    assert await one.shared.release(ann, "shop", "slots", "", seq=seq, step="r2") == 0
    assert (await claims(one, "bob")).number == 2  # no number twice


async def test_an_operator_frees_one_says_how_many_there_are_and_a_person_takes_theirs_along(
    stores, tmp_path
):
    store, desk = stores[0], SharedList(tmp_path / "messages.db")
    await claims(store, "ann")
    desk.set_places("shop", "slots", NOON, 2, 3)
    assert (await claims(store, "bob")).left == 0
    assert (await claims(store, "cy", message="1")).outcome == "full"
    [ann, bob] = desk.claims("shop", "slots", NOON)
    assert not desk.free("other", ann.id)
    assert [desk.free("shop", ann.id) for _ in range(2)] == [True, False]
    assert (await claims(store, "cy", message="2")).number == 3
    desk.set_places("shop", "slots", NOON, 0, 4)  # closed, and nobody loses theirs
    assert [(one.key, one.taken, one.places) for one in desk.keys("shop")] == [(NOON, 2, 0)]
    people = PeopleList(tmp_path / "messages.db")
    [place] = people.export(Face("p", "bob"))["surfaces"][0]["places"]
    assert (place["key"], place["number"], place["at"]) == (NOON, bob.number, 5)
    await claims(store, "bob", "张三的座位", message="3")
    people.erase(Face("p", "bob"), 9)
    assert [one.sender for one in desk.claims("shop", "slots")] == ["cy"]
    assert [(one.key, one.taken) for one in desk.keys("shop")] == [(NOON, 1)]
    with reading(tmp_path / "messages.db") as db:
        assert db.execute("select count(*) from shared_keys where key like '%张三%'").fetchone()[0] == 0
    wanted = Wanted("slots", "13:00")
    seq = (await store.accept("p", Message("late", "bob", "约"), 1)).seq
    people.erase(Face("p", "bob"), 9)
    gone = await store.shared.claim(Face("p", "bob"), "shop", wanted, 9, seq=seq, step="s")
    assert (gone.outcome, await keys(store)) == ("gone", [NOON])  # closed by the operator, and not 13:00
    assert await store.shared.rooms("shop", "slots", ["13:00"]) == []
