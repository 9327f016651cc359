"""What is too old goes, by kind; what is young, or still owed to somebody, stays."""

from typing import get_args

import pytest

from runtime.gateway.retaining import is_due, is_sure, retain
from runtime.message import Message
from runtime.person import Note, Summary
from runtime.store.control.retention_days import KindName
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.retention import DAY, KINDS, amount, standing

NOW = 100 * DAY
OLD, YOUNG = "很久以前的话", "昨天的话"
ANN = Face("p", "ann")


@pytest.fixture
async def messages(tmp_path):
    opened = Messages(tmp_path / "messages.db")
    yield opened
    opened.close()


async def said(messages, text, at, *, ends="delivered", file=""):
    seq = (await messages.accept("p", Message(f"{text}{at}", "ann", text), at)).seq
    if file:
        await messages.media.belong(seq, [KeptFile(file, "image/png", 9)])
    if ends == "accepted":
        return seq
    outcome = Outcome(f"关于{text}", 1, trace=[{"type": "model_used", "model": "a/b"}])
    await messages.finish(seq, outcome, [], at, "silent" if ends == "silent" else "answered")
    if ends not in ("answered", "silent"):
        await messages.mark(seq, ends)
    return seq


async def words(messages):
    sql = "select seq, text, reply, trace from messages order by seq"
    return await messages.database.read(lambda db: {row["seq"]: tuple(row)[1:] for row in db.execute(sql)})


async def run(store, **days):
    removed = []

    async def remove(hashes):
        removed.extend(hashes)

    return await retain(store.database, days, remove, NOW), removed


async def test_old_words_go_and_the_young_and_those_that_are_owed_stay(messages):
    old = await said(messages, OLD, 10 * DAY, file="f1")
    owed = {
        state: await said(messages, OLD, 10 * DAY + n, ends=state, file="f2")
        for n, state in enumerate(("accepted", "answered", "held", "kept", "unknown", "unreachable"), 1)
    }
    young = await said(messages, YOUNG, 99 * DAY)
    before = await messages.database.read(lambda db: amount(db, "messages", NOW - 30 * DAY))
    assert (before.many, before.oldest) == (1, 10 * DAY)
    went, removed = await run(messages, messages=30)
    assert (went, removed) == ({"messages": 1}, ["f1"])
    left = await words(messages)
    assert left[old] == ("", "", None)
    assert left[young][0] == YOUNG
    assert all(left[seq][0] == OLD for seq in owed.values())
    assert await run(messages, messages=30) == ({"messages": 0}, [])


async def test_more_than_a_piece_goes_in_one_run(messages):
    for n in range(230):
        await said(messages, f"{OLD}{n}", n, ends="silent")
    went, _ = await run(messages, messages=30)
    assert went == {"messages": 230}


async def test_a_turn_that_waits_keeps_its_words(messages):
    seq = await said(messages, OLD, DAY)
    sql = (
        "insert into waits(publication, sender, seq, version, kind, block, step, what, data, carried,"
        " until, at) values('p', 'ann', ?, 1, 'message', 'a', 'a', '', '', '', 1e12, 1)"
    )
    await messages.database.write(lambda db: db.execute(sql, (seq,)))
    assert (await run(messages, messages=30, media=30))[0] == {"messages": 0, "media": 0}


async def test_each_kind_by_itself(messages):
    seq = await said(messages, OLD, DAY, file="f")
    people = messages.remembered
    await people.keep(ANN, "a", Note("忌口", "花生"), DAY)
    await people.keep(ANN, "a", Note("城市", "北京"), 99 * DAY)
    await people.sum_up(ANN, Summary("问过茶", 1), DAY)
    await messages.consents.keep(ANN, ANN.sender, "v", "yes", seq, DAY)
    assert await run(messages, traces=30) == ({"traces": 1}, [])
    assert (await words(messages))[seq] == (OLD, f"关于{OLD}", None)
    assert await run(messages, media=30) == ({"media": 1}, ["f"])
    assert (await run(messages, memory=30))[0] == {"memory": 2}
    assert [one.name for one in (await people.known(ANN)).notes] == ["城市"]
    assert (await run(messages, consents=30))[0] == {"consents": 1}
    assert not await is_due(messages.database, NOW + DAY - 1)
    assert await is_due(messages.database, NOW + DAY)


def test_what_an_owner_can_set_is_what_there_is():
    assert list(get_args(KindName)) == list(KINDS)


async def test_what_there_is_and_would_go_is_counted_for_each_kind(messages):
    await said(messages, OLD, DAY)
    days = dict.fromkeys(KINDS, 30)
    found = await messages.database.read(lambda db: standing(db, days, NOW))
    assert [one.kind for one in found] == list(KINDS)
    assert {one.kind: (one.many, one.oldest, one.goes) for one in found if one.many} == {
        "messages": (1, DAY, 1),
        "traces": (1, DAY, 1),
    }


YEAR = 365 * DAY
LOOKS = {
    "every day": [(1, True), (2, True), (3, True)],
    "after a rest, a day later": [(9, False), (9.5, False), (10, True), (11, True)],
    "on once a week": [(7, False), (14, True), (21, False), (28, True)],
    "a clock that was ahead and was put right": [(YEAR / DAY, False), (1, True), (2, True)],
    "a clock that is ahead again": [(9, False), (1, True), (12, False), (13, True)],
    "a clock that was behind": [(-9, True), (-8, True), (1, False), (2, True)],
}


@pytest.mark.parametrize("case", LOOKS)
async def test_where_the_clock_may_be_ahead_nothing_goes_for_a_day(messages, case):
    """Days since the last run, and whether what is too old goes."""
    await run(messages, messages=30)
    for day, goes in LOOKS[case]:
        now = NOW + day * DAY
        assert (day, await is_sure(messages.database, now)) == (day, goes)
        if goes and await is_due(messages.database, now):
            await retain(messages.database, {}, None, now)
