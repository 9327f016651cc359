"""Hours that were counted say what their messages say, and no longer than that."""

import asyncio
from dataclasses import replace

import pytest
from many_messages import DAY, NOW, fill

from runtime.store.messages.beside import reading, writing
from runtime.store.messages.counting import Counting
from runtime.store.messages.crowd import FEW, Crowd
from runtime.store.messages.figures import Slot, tallied
from runtime.store.messages.insights import Insights, Wanted
from runtime.store.messages.messages import Messages
from runtime.store.messages.tallies import AGAIN, HOUR, begin, keep, missing

BOTH = pytest.mark.usefixtures("engine")
SHOPS = ("shop-1", "shop-2", "desk-1")
SPANS = [(NOW - 2 * DAY, NOW), (NOW - DAY - 1234.5, NOW - 4321.0), (NOW - 2 * DAY, NOW - 2 * DAY + 60)]


def looked(path):
    """All that the overview asks."""
    insights, found = Insights(path), []
    for since, until in SPANS:
        slots = [Slot(n, shop, since, until) for n, shop in enumerate(SHOPS)]
        wanted = Wanted(since, until, SHOPS)
        figures = {
            n: replace(one, cost=round(one.cost or 0, 6)) for n, one in insights.figures(slots).items()
        }
        narrow = replace(wanted, states=("delivered",))
        reasons = insights.failures(wanted), insights.failures(replace(wanted, publications=()))
        totals = [insights.find(one, 5).total for one in (wanted, narrow)]
        found.append((figures, insights.people(slots), reasons, insights.failures(narrow), totals))
    return found


async def count_all(messages, path, now=NOW):
    counting, hours = Counting(messages.database, path), []
    while (hour := await counting.next(now)) is not None:
        hours.append(hour)
    return hours


def whole(path):
    with reading(path) as db:
        rows = db.execute("select hour from tallies where publication='' and counted='whole' order by hour")
        return [row[0] for row in rows.fetchall()]


@BOTH
async def test_what_was_counted_says_the_same_until_a_message_of_it_changes(tmp_path):
    path = tmp_path / "messages.db"
    fill(path, 600, days=2, people=50)
    messages = Messages(path)
    without = looked(path)
    asked = (
        "insert into messages(seq, publication, sender, key, kind, text, message, accepted_at, state)"
        " values(?, ?, 'o', ?, 'start', '', '{}', ?, 'delivered')"
    )
    with writing(path) as db:
        db.executemany(asked, [(9000 + n, SHOPS[n], f"score {n}", NOW - DAY - n) for n in range(3)])
    before = looked(path)
    assert [one[:2] for one in before] == [one[:2] for one in without], "a question is no message in figures"
    hours = await count_all(messages, path)
    assert hours == sorted(whole(path), reverse=True)
    assert len(hours) == 47
    assert looked(path) == before

    with reading(path) as db:
        seq, at = db.execute("select seq, accepted_at from messages where state='kept' limit 1").fetchone()
    with writing(path) as db:
        db.execute("update messages set state='delivered' where seq=?", (seq,))
        db.execute("insert into moments(seq, at, what) values(?, ?, 'seen')", (seq, at + 9))
    assert set(hours) - set(whole(path)) == {int(at // HOUR)}
    after = looked(path)
    assert after != before
    assert await count_all(messages, path) == [int(at // HOUR)]
    assert looked(path) == after
    messages.close()


@BOTH
async def test_an_hour_is_counted_once_it_is_over_and_all_of_it_came_to_an_end(tmp_path):
    path = tmp_path / "messages.db"
    fill(path, 30, days=1 / 24, people=5)
    messages, now = Messages(path), NOW + 2 * HOUR
    last = int(NOW // HOUR)
    with reading(path) as db:
        assert missing(db, last * HOUR + HOUR + 899) == last - 1
        assert missing(db, last * HOUR + HOUR + 901) == last
    with writing(path) as db:
        db.execute("insert into messages(seq, publication, sender, key, kind, text, message, accepted_at)"
                   " values(31, 'shop-1', 'o', 'late', 'text', '', '{}', ?)", (NOW - 5,))  # fmt: skip
    await count_all(messages, path, now)
    assert int((NOW - 5) // HOUR) not in whole(path)
    with writing(path) as db:
        db.execute("update messages set state='silent' where key='late'")
    await count_all(messages, path, now + AGAIN + 1)
    assert int((NOW - 5) // HOUR) in whole(path)
    messages.close()


@BOTH
async def test_of_two_who_count_an_hour_one_does_and_a_change_meanwhile_undoes_it(tmp_path):
    path = tmp_path / "messages.db"
    fill(path, 30, days=1 / 24, people=5)
    messages, hour = Messages(path), int((NOW - 60) // HOUR)
    write = messages.database.write
    both = (write(lambda db, at=at: begin(db, hour, at)) for at in (1.0, 2.0))
    first = await asyncio.gather(*both)
    assert first == [True, False]
    assert await write(lambda db: begin(db, hour, 1.0 + AGAIN)), "the first one died"
    with reading(path) as db:
        found = tallied(db, hour * HOUR, (hour + 1) * HOUR)
    assert not await write(lambda db: keep(db, hour, 1.0, found)), "it was not dead, but late"
    await write(lambda db: db.execute("update messages set failure='late' where state='delivered'").rowcount)
    assert not await write(lambda db: keep(db, hour, 1.0 + AGAIN, found))
    assert whole(path) == []
    messages.close()


@pytest.mark.parametrize("number", [0, 1, FEW, FEW + 1, 3000, 40_000])
def test_a_crowd_is_counted_exactly_while_it_is_small_and_about_then(number):
    pieces = [Crowd() for _ in range(4)]
    for n in range(number):
        pieces[n % 4].add([f"o{n}"])
    pieces[0].add([f"o{n}" for n in range(number)])  # seen everywhere
    crowd = Crowd()
    for piece in pieces:
        crowd.join(piece.pack())
    assert crowd.count() == (number if number <= FEW else pytest.approx(number, rel=0.06))
    again = Crowd()
    again.join(crowd.pack())
    assert again.count() == crowd.count()
