"""Whoever may only read conversations is offered no button in the insights that would be refused."""

import asyncio

import pytest
from insights_world import World, show

from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import ALWAYS, Permission
from runtime.person import Handing, Note, Summary
from runtime.shared import Wanted
from runtime.store.control.records import Publication
from runtime.store.messages.message_json import dump
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from script import wrote

P = Permission
READS = frozenset({P.CONVERSATIONS_READ, P.CONVERSATIONS_EXPORT, P.AGENTS_VIEW}) | ALWAYS
ANSWERS = READS | {P.CONVERSATIONS_ANSWER}
ANN = Face("shop-1", "ann")
AGENT = {
    "id": "shop",
    "name": "茶铺",
    "shared": [{"name": "slots", "title": "时段", "keys": ["10:00"]}],
    "starts": [{"on": "schedule", "id": "weekly", "cron": "0 9 * * 1", "flow": []}],
    "person": [{"name": "size", "title": "尺码", "type": "text"}],
    "flow": [{"type": "reply", "id": "say", "text": "好"}],
}
HARMLESS = {"刷新"}
"""It only draws anew."""


@pytest.fixture
def world(tmp_path):
    """Of everything with a button one."""
    made = World(tmp_path)
    version = made.control.freeze("shop-1", AGENT).number
    made.control.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", version=version, created_at=0)
    )
    made.seq = made.message(sender="ann", text="花生", state="kept", message=dump(wrote("花生")))
    made.waiting("decision", "可以退吗？")
    made.handed("ann", made.seq)
    messages = Messages(made.path)

    async def work():
        await messages.remembered.keep(ANN, "shop", Note("忌口", "花生"), 5)
        await messages.remembered.sum_up(ANN, Summary("聊过", made.seq), 5)
        await messages.shared.claim(ANN, "shop", Wanted("slots", key="10:00"), 2, seq=made.seq, step="s")
        handing = Handing("退", "", "calm", 1)
        await messages.tickets.open(("shop-1", "ann"), "shop", handing, 5, seq=made.seq, step="t")

    asyncio.run(work())
    messages.close()
    return made


PAGES = {
    "message": P.CONVERSATIONS_ANSWER,
    "conversation": P.CONVERSATIONS_ANSWER,
    "todo": P.CONVERSATIONS_ANSWER,
    "ticket": P.CONVERSATIONS_ANSWER,
    "waiting": P.CONVERSATIONS_ANSWER,
    "places": P.CONVERSATIONS_ANSWER,
    "person": P.CONVERSATIONS_ERASE,
    "runs": P.AGENTS_PUBLISH,
}
"""What acting there needs."""


def acting(world, name, who):
    world.who = who
    id = 1 if name == "ticket" else world.seq
    page = show(name, id=id)
    return {one.label for one in page.button} - HARMLESS


@pytest.mark.parametrize("name", PAGES)
def test_whoever_only_reads_is_offered_no_deed(world, name):
    assert acting(world, name, Actor("ada", READS)) == set()
    assert acting(world, name, OWNER)


@pytest.mark.parametrize("name", ["person", "runs"])
def test_whoever_answers_is_offered_no_more_than_that(world, name):
    assert acting(world, name, Actor("ada", ANSWERS)) == set()


def test_fields_of_whoever_may_not_change_them_are_shown_and_closed(world):
    world.who = Actor("ada", ANSWERS)
    page = show("person", id=world.seq)
    assert {"花生"} <= {one.value for one in page.text_input}
    assert all(one.disabled for one in [*page.text_input, *page.text_area])
