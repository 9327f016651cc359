"""What the operator asks about the messages, and that asking harms nobody."""

import sqlite3
from contextlib import suppress
from dataclasses import replace

import pytest
from many_messages import DAY, NOW, fill

from cost import cpu_seconds
from runtime.errors import TooSlow, Unreadable
from runtime.store.messages import insights as module
from runtime.store.messages.beside import reading, writing
from runtime.store.messages.done import finish
from runtime.store.messages.figures import Figures, Slot, either, total
from runtime.store.messages.insights import Insights, Wanted
from runtime.store.messages.messages import Messages
from runtime.store.messages.parts import WAITING

ALL = Wanted(NOW - 30 * DAY, NOW)
SHOPS = ("shop-1", "shop-2", "desk-1")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "messages.db"
    fill(path, 3000)
    return path


@pytest.fixture
def path(engine, many, request):
    if engine == "postgresql":
        server = request.getfixturevalue("postgresql")
        if str(many) not in server.kept:
            server.kept[str(many)] = "many"
            fill(many, 3000)
    return many


@pytest.fixture
def insights(path):
    return Insights(path)


def seqs(found):
    return [line["seq"] for line in found.lines]


def counted(path, where):
    with reading(path) as db:
        return db.execute(f"select count(*) from messages where {where}").fetchone()[0]


def test_the_newest_come_first_page_by_page(insights):
    first, second = insights.find(ALL, 50), insights.find(ALL, 50, 50)
    assert first.total == 3000
    assert seqs(first) == list(range(3000, 2950, -1))
    assert seqs(second)[0] == 2950


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"publications": ("shop-1",)}, "publication='shop-1'"),
        ({"states": ("kept", "unknown")}, "state in ('kept', 'unknown')"),
        ({"failed": True}, "failure<>''"),
        ({"since": NOW - DAY}, f"accepted_at >= {NOW - DAY}"),
    ],
)
def test_a_filter_keeps_what_it_says(insights, path, given, where):
    assert insights.find(replace(ALL, **given), 10).total == counted(path, where) > 0


@pytest.mark.parametrize(
    ("text", "number"),
    [("A2999 什么", 1), ("A2998 已经发货", 1), ("%", 0), ("_", 0), ("\\", 0), ("'; --", 0)],
)
@pytest.mark.plain("no encrypted text is found by its words")
def test_a_text_is_searched_literally_in_message_and_answer(insights, text, number):
    found = insights.find(replace(ALL, text=text), 50)
    assert (found.total, found.more) == (number, False)


@pytest.mark.plain("no encrypted text is found by its words")
def test_a_search_stops_at_enough_and_says_so(insights):
    found = insights.find(replace(ALL, text="订单"), 50)
    assert (found.total, found.more) == (module.MATCHES, True)
    assert seqs(found)[0] == 3000


def test_figures_of_days_add_up_to_those_of_the_whole(insights, path):
    days = [
        Slot(n * 3 + k, shop, NOW - (30 - n) * DAY, NOW - (29 - n) * DAY)
        for n in range(30)
        for k, shop in enumerate(SHOPS)
    ]
    whole = [Slot(k, shop, ALL.since, ALL.until) for k, shop in enumerate(SHOPS)]
    summed = total(insights.figures(days).values())
    assert replace(summed, cost=None) == replace(total(insights.figures(whole).values()), cost=None)
    assert summed.cost == pytest.approx(0.0004 * (3000 - summed.unpriced))
    assert summed.messages == 3000
    assert summed.failed == counted(path, "failure<>''")
    assert summed.unpriced == counted(path, "cost is null")
    assert sum(summed.times.values()) == summed.ways.total() == counted(path, "state='delivered'")


def test_a_slot_without_messages_has_empty_figures(insights):
    assert insights.figures([Slot(7, "shop-1", 0, 1)]) == {7: Figures()}


def test_people_are_counted_once(insights, path):
    with reading(path) as db:
        sql = "select publication, count(distinct sender) from messages group by 1"
        expected = dict(db.execute(sql).fetchall())
    assert insights.people([Slot(k, shop, ALL.since, ALL.until) for k, shop in enumerate(SHOPS)]) == expected


@pytest.mark.parametrize(
    ("moments", "way", "seconds"),
    [
        ([(2.0, "carried")], "response", 2.0),
        ([(1.0, "repeat"), (7.3, "carried")], "response", 7.3),
        ([(20.0, "pushed"), (21.0, "pushed")], "pushed", 20.0),
        ([(40.0, "kept"), (60.0, "carried")], "later", 60.0),
        ([(14.0, "placeholder"), (50.0, "carried")], "later", 50.0),
        ([(14.0, "kept"), (30.0, "seen")], "page", 30.0),
        ([(14.0, "kept")], None, None),
    ],
    ids=[
        "in the response",
        "to a repeat",
        "pushed",
        "on the next message",
        "after being told to wait",
        "on the page",
        "not yet",
    ],
)
def test_how_an_answer_came_and_when(engine, tmp_path, moments, way, seconds):
    path = tmp_path / "messages.db"
    fill(path, 0)
    with writing(path) as db:
        db.execute(
            "insert into messages(publication, sender, key, kind, text, message, state, accepted_at)"
            " values('p', 's', 'k', 'text', '', '{}', 'delivered', 100.0)"
        )
        db.executemany(
            "insert into moments(seq, at, what) values(1, ?, ?)", [(100 + at, what) for at, what in moments]
        )
    figures = Insights(path).figures([Slot(0, "p", 0, 200)])[0]
    assert list(figures.ways) == ([way] if way else [])
    assert figures.seconds(0.5) == seconds


def test_the_median_and_the_95th_of_a_hundred():
    figures = Figures()
    figures.times.update({float(n): 1 for n in range(1, 101)})
    assert (figures.seconds(0.5), figures.seconds(0.95), figures.seconds(1.0)) == (50.0, 95.0, 100.0)


def test_failures_are_counted_by_reason(insights, path):
    reasons = dict(insights.failures(ALL))
    assert reasons["timeout"] == counted(path, "failure='timeout'")
    assert reasons["unreachable"] == counted(path, "state='unreachable'")


def test_how_messages_ended_of_late_is_told(insights, path):
    since = NOW - DAY
    recent = f"publication='shop-1' and accepted_at >= {since} and state not in ('accepted', 'answered')"
    recent += " and state<>'fetch' and not (kind='event' and state='silent')"
    wrong = "(failure<>'' or state in ('unreachable', 'abandoned', 'unknown'))"
    found = insights.lately("shop-1", since)
    assert found.messages == counted(path, recent) > 0
    assert found.failed == counted(path, f"{recent} and {wrong}")
    assert insights.lately("nobody", since).messages == 0


def test_a_conversation_is_one_persons_oldest_first(insights):
    rows = insights.conversation(3000, 5)
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
    assert len({(row["publication"], row["sender"]) for row in rows}) == 1
    assert insights.newest_of(rows[0]["seq"]) == 3000


def test_a_message_comes_with_all_that_is_known(insights):
    whole = insights.message(2999)
    assert [noted["what"] for noted in whole.moments][:2] == ["accepted", "answered"]
    assert whole.trace[0]["type"] == "block_started"
    assert len(whole.parts) == 1
    assert insights.message(3001) is None


async def test_what_is_done_is_to_do_no_longer(engine, tmp_path):
    path = tmp_path / "messages.db"
    fill(path, 400)
    insights, messages = Insights(path), Messages(path)
    before = insights.todo("kept", 0)
    await finish(messages.database, before.lines[0]["seq"], NOW)
    after = insights.todo("kept", 0)
    messages.close()
    assert after.total == before.total - 1 > 0
    assert seqs(after) == seqs(before)[1:]


def test_asking_cannot_write(insights):
    with pytest.raises(Unreadable, match=r"read-?only"), insights.reading() as db:
        db.execute("delete from messages")


def test_asking_does_not_wait_for_the_writer_nor_stop_it(path, insights):
    with suppress(Interrupted), writing(path) as writer:
        writer.execute("update messages set reply='x' where seq=1")
        assert insights.message(1).row["reply"] != "x"
        raise Interrupted
    assert insights.message(1).row["reply"] != "x"


class Interrupted(Exception):
    """Nothing of what was begun is to be kept."""


def test_a_query_that_takes_too_long_is_stopped(insights, path):
    hurried = Insights(path, seconds=0.0)
    with pytest.raises(TooSlow):
        hurried.figures([Slot(k, shop, 0, NOW) for k, shop in enumerate(SHOPS)] * 20)


@pytest.mark.of_files
def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Unreadable, match="nothing"):
        Insights(tmp_path / "nothing.db").publications()


def plan(path, sql, given):
    with sqlite3.connect(path) as db:
        return [row[3] for row in db.execute(f"explain query plan {sql}", given)]


@pytest.mark.of_files
def test_no_list_reads_all_messages(path):
    """The index holds all that is asked, newest first; none but a period's messages is looked at."""
    where, given = module._where(replace(ALL, failed=True))
    newest = f"{either('seq, accepted_at', where)} order by accepted_at desc limit 50"
    assert "SEARCH messages USING COVERING INDEX ended (accepted_at>? AND accepted_at<?)" in [
        step.strip() for step in plan(path, newest, given)
    ]


@pytest.mark.of_files
def test_the_gateways_question_about_a_person_looks_at_nobody_else(path):
    """An index for the operator once drew it to all messages of the publication."""
    assert "(publication=? AND sender=?)" in plan(path, WAITING, ("shop-1", "o"))[0]


def test_a_month_is_counted_within_a_second(insights):
    slots = [Slot(k, shop, ALL.since, ALL.until) for k, shop in enumerate(SHOPS)]
    counted = cpu_seconds(insights.figures, slots, enough=0.5)
    assert counted + cpu_seconds(insights.find, ALL, 50, enough=0.5) < 1
