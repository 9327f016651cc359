"""Whoever said that they want nothing unasked is left alone, also once their words are gone."""

import pytest
from test_runs import EVERY_HOUR, SAYS, composed, next_hour, people
from test_scores import MINUTES, Taps, asking, passes, questions, wrote
from world import now, world

from runtime.gateway.retaining import retain
from runtime.message import Message
from runtime.store.messages.people import Face
from runtime.store.messages.wished import WISH
from script import says

DAY = 86_400.0


async def too_old(it):
    async def remove(hashes):
        pass

    await retain(it.gateway.messages.database, {"messages": 1}, remove, now() + 2 * DAY)


async def forgotten(it):
    await it.gateway.messages.remembered.erase(Face("p", "u1"), now())


@pytest.mark.parametrize(
    ("said", "after", "asked"),
    [
        ("不用问", too_old, 1),
        ("stop", too_old, 1),
        ("stop", forgotten, 1),
        ("2", too_old, 2),
    ],
)
async def test_who_wants_no_question_is_asked_none_when_what_they_said_is_gone(tmp_path, said, after, asked):
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        await wrote(it, said)
        await after(it)
        await passes(8 * 24 * 60)
        texts = "select count(*) from messages where text<>''"
        left = await it.gateway.messages.database.read(lambda db: db.execute(texts).fetchone()[0])
        assert left == 0
        await wrote(it, "几点关门")
        await passes(MINUTES + 1)
        assert len(questions(it)) == asked


@pytest.mark.usefixtures("engine")
async def test_who_wants_nothing_is_announced_nothing_until_they_want_it_again(tmp_path):
    everybody = {**EVERY_HOUR, "for": "everybody", "flow": [SAYS]}
    named = {
        **EVERY_HOUR,
        "id": "named",
        "for": "listed",
        "people": ["u1"],
        "flow": [{**SAYS, "id": "told_u1"}],
    }
    async with world(tmp_path, *[says("好")] * 9, agent=composed(everybody, named), kind=Taps) as it:
        for who, text in (("u1", "退订"), ("u2", "不用问"), ("u3", "别停，stop 这个词什么意思")):
            await wrote(it, text, who)
        await too_old(it)
        for who in ("u1", "u2", "u3"):
            await wrote(it, "在吗", who)
        await next_hour(then=20)
        assert await people(it) == [
            ("u1", "stopped"), ("u2", "delivered"), ("u3", "delivered"), ("u1", "delivered"),
        ]  # fmt: skip
        await wrote(it, "订阅")
        await next_hour(then=20)
        assert (await people(it))[4:] == [(who, "delivered") for who in ("u1", "u2", "u3", "u1")]


@pytest.mark.parametrize(
    "message",
    [
        Message("m", "g/u1", "stop", overheard=True),
        Message("m", "u1", "stop", "event", 0.0, {"event": "menu"}),
        Message("m", "u1", "stop", "text", 0.0, {"choice": "停"}),
        Message("m", "u1", "stop it", "text"),
        Message("m", "u1", "stop" * 900, "text"),
    ],
)
async def test_what_is_chosen_or_said_to_others_is_no_wish(tmp_path, message):
    async with world(tmp_path, says("好")) as it:
        surface = it.gateway.surfaces.find("p")
        assert WISH not in (await it.gateway._intake.understood(surface, message)).data
        typed = await it.gateway._intake.understood(surface, Message("n", "u1", " STOP."))
        assert typed.data == {WISH: "nothing"}


@pytest.mark.parametrize("made_up", ["all", 7, None, ["nothing"], {}])
async def test_what_a_surface_brings_as_a_wish_is_one_of_ours_or_none(tmp_path, made_up):
    async with world(tmp_path, says("好")) as it:
        surface = it.gateway.surfaces.find("p")
        await it.gateway._intake.take(surface, [Message("m", "u1", "在吗", data={WISH: made_up})])
        await it.come_to("delivered")
        sql = "select count(*) from moments where what='wished'"
        assert await it.gateway.messages.database.read(lambda db: db.execute(sql).fetchone()[0]) == 0
