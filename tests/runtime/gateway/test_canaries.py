"""A version that answers a part of the people: whom, for how long, and what ends it."""

import asyncio
import math
import random
from dataclasses import replace

import pytest
from world import ANSWERS, Book, now, world

from runtime.agents.agent import Agent
from runtime.errors import ModelFailed, NotFound
from runtime.gateway.as_public import renamed
from runtime.gateway.canaries import place_of
from runtime.gateway.taking_back import TakingBack, rest
from runtime.gateway.verdict import LIKEWISE, SURE, cannot_tell, is_beyond, worse
from runtime.lang import Text
from runtime.store.control.canaries import Canaries, Canary
from runtime.store.control.table import Table
from runtime.store.messages.compared import Compared, Side, Thumb, Turned, figures_of
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.retention import take
from runtime.store.messages.whose import asked
from runtime.turn.events import TextDelta
from script import DOWN, Script, wrote
from script import says as one_answer

PEOPLE = [f"p\no{n:05}" for n in range(10_000)]
SALT = "salt-of-a-test"


def flow(*blocks, **more):
    return {**ANSWERS, "flow": list(blocks), **more}


def says(text):
    return flow({"type": "reply", "id": "say", "text": text})


MODEL = flow({"type": "model", "id": "answer"})
ASKS = flow(
    {
        "type": "ask",
        "id": "a",
        "fields": [{"name": "n", "title": "人数", "type": "number", "question": "几位？"}],
    },
    {"type": "reply", "id": "say", "text": "{{ a.fields.n }} 位"},
)


def two(folder, second=None, first=None, **canary):
    """Version 1 for all and 2 on canary, for whom it says."""
    rows = Canaries(Table(folder / "canaries.json", Canary))
    if canary:
        rows.begin(Canary(id="p", version=2, salt=SALT, **{"since": 1.0, **canary}))

    class Two(Book):
        canaries = rows

        def __init__(self, agent=ANSWERS):
            super().__init__(first or says("一"))
            self.agents[2] = second or says("二")

        def frozen_agent(self, id, version):
            if version not in self.agents:
                raise NotFound(Text("没有", "none"))
            return super().frozen_agent(id, version)

    return Two


def among(share, *, is_in=True):
    """Somebody who is, or is not."""
    people = (f"u{n}" for n in range(10_000))
    return next(who for who in people if (place_of(SALT, f"p\n{who}") < share) == is_in)


async def ask(w, who, text="你好", id="m1"):
    """What they were answered."""
    before = len(w.account.sent)
    told, reply, response = (await w.push(text, f"{who}-{id}", **{"from": who})).partition("reply:")
    if reply:
        return response
    assert told == "success"
    await w.until(lambda: len(w.account.sent) > before)
    return w.account.sent[-1][1]


# Who


@pytest.mark.parametrize("share", [1, 5, 10, 25, 50, 75, 99])
def test_of_ten_thousand_people_the_share_is_right_within_a_point_and_a_larger_one_only_adds(share):
    places = {who: place_of(SALT, who) for who in PEOPLE}
    assert all(0 <= place < 100 for place in places.values())
    chosen = {who for who in PEOPLE if places[who] < share}
    assert abs(len(chosen) / len(PEOPLE) * 100 - share) < 1
    assert chosen < {who for who in PEOPLE if places[who] < share + 0.9}
    others = {who for who in PEOPLE if place_of("another salt", who) < share}
    assert share == 99 or len(chosen & others) < len(chosen)  # not the same people each time


async def test_whoever_is_among_them_stays_there_after_a_restart_and_when_the_share_grows(tmp_path):
    book, inside, outside = two(tmp_path, share=10), among(10), among(60, is_in=False)
    later = next(f"u{n}" for n in range(999) if 10 <= place_of(SALT, f"p\nu{n}") < 60)
    async with world(tmp_path, book=book) as w:
        assert [await ask(w, who) for who in (inside, later, outside)] == ["二", "一", "一"]
    book.canaries.change("p", 2, share=60, tags=(), by="")
    async with world(tmp_path, book=book) as w:
        assert [await ask(w, who, id="m2") for who in (inside, later, outside)] == ["二", "二", "一"]
        book.canaries.end("p", 2, "stopped", now())
        assert [await ask(w, who, id="m3") for who in (inside, later, outside)] == ["一"] * 3
        versions = "select version from messages order by seq"
        found = await w.gateway.messages.database.read(lambda db: [n for (n,) in db.execute(versions)])
        assert found == [2, 1, 1, 2, 2, 1, 1, 1, 1]


@pytest.mark.parametrize("first_is_in", [True, False])
async def test_whoever_links_two_doors_keeps_what_they_had_at_the_first(tmp_path, first_is_in):
    first, other = among(10, is_in=first_is_in), among(10, is_in=not first_is_in)
    async with world(tmp_path, book=two(tmp_path, share=10)) as w:
        own = await ask(w, first)
        assert await ask(w, other) != own
        known = w.gateway.messages.remembered
        # whoever gives the code is not who wrote first
        code = await known.give_code(Face("p", other), "shop", now())
        assert await known.take_code(Face("p", first), "shop", code, now()) == "joined"
        assert [await ask(w, who, id="m2") for who in (first, other)] == [own, own]


async def test_whoever_has_a_tag_of_the_list_is_always_among_them(tmp_path):
    async with world(tmp_path, book=two(tmp_path, tags=("试用",))) as w:
        assert await ask(w, "u1") == "一"
        await w.gateway.messages.values.retag(Face("p", "u1"), "shop", lambda tags: [*tags, "试用"], now())
        assert [await ask(w, "u1", id="m2"), await ask(w, "u2")] == ["二", "一"]


# For how long


async def left(folder, text, version):
    """A message in the middle of whose turn the process died; `version`: noted by then."""
    messages = Messages(folder / "messages.db")
    who = among(10)
    accepted = await messages.accept("p", wrote(text, id="a", sender=who), now())
    if version:
        await messages.steps.record(accepted.seq, {"version": version})
    messages.close()


@pytest.mark.parametrize(("noted", "runs", "answer"), [(2, False, "二"), (1, True, "一"), (None, True, "二")])
async def test_a_turn_ends_with_the_version_that_it_began_with_also_after_a_death(
    tmp_path, noted, runs, answer
):
    await left(tmp_path, "你好", noted)
    async with world(tmp_path, book=two(tmp_path, **({"share": 10} if runs else {}))) as w:
        await w.until(lambda: w.account.sent)
        assert w.account.sent == [(among(10), answer)]


async def test_whoever_waits_goes_on_with_the_version_that_they_began_with(tmp_path):
    who, book = among(10), two(tmp_path, ASKS, share=10)
    async with world(tmp_path, book=book) as w:
        assert await ask(w, who) == "几位？"
        book.canaries.end("p", 2, "failures", now())
        assert await ask(w, who, "3", "m2") == "3 位"
        assert await ask(w, who, "3", "m3") == "一"


async def test_a_version_that_is_gone_leaves_everybody_with_the_other_and_its_owner_hears_it_once(tmp_path):
    book, told = two(tmp_path, share=10), []
    async with world(tmp_path, book=book) as w:
        w.gateway._worker.arms.alert = lambda publication, text: told.append(text.en)
        del w.book.agents[2]
        assert [await ask(w, among(10), id=id) for id in ("m1", "m2")] == ["一", "一"]
    [text] = told
    assert "v2 can no longer be read" in text
    assert [(one.version, one.why) for one in book.canaries.past("p")] == [(2, "gone")]


# What ends it


@pytest.mark.parametrize("since", [1.0, 9e9], ids=["", "begun by a clock that was ahead"])
async def test_one_that_fails_always_is_off_within_ten_messages_and_who_meets_it_is_told_why(tmp_path, since):
    book, told = two(tmp_path, MODEL, share=50, since=since), []
    async with world(tmp_path, book=book, models=Script([DOWN])) as w:
        [looks] = [one for one in w.gateway.alarm._sources if isinstance(one, TakingBack)]
        looks._alert = lambda publication, text: told.append(text.en)
        for n in range(40):
            await ask(w, f"u{n}")
            await asyncio.sleep(1)
    [text] = told
    [over] = book.canaries.past("p")
    assert (over.why, book.canaries.find("p")) == ("failures", None)
    canary, stable = over.sides
    assert canary.messages == canary.failed <= 10
    assert (stable.version, stable.failed) == (1, 0)
    assert "it fails more often" in text
    assert f"v2: {canary.messages} messages, {canary.failed} failed" in text


async def test_a_look_that_takes_long_holds_no_schedule_up_and_is_made_seldom(tmp_path):
    book, began, gate = two(tmp_path, share=50), [], asyncio.Event()
    async with world(tmp_path, book=book) as w:
        [looks] = [one for one in w.gateway.alarm._sources if isinstance(one, TakingBack)]

        async def look(surface, canary, at):
            began.append(canary.version)
            await gate.wait()

        looks._look = look
        for _ in range(3):
            await looks.run_due(now())
            await asyncio.sleep(6)
        assert began == [2]
        gate.set()
        await asyncio.sleep(6)
        await looks.run_due(now())
        await w.until(lambda: len(began) > 1)
    assert [rest(0.01), rest(1.0)] == [0.0, 20.0]


async def test_one_that_fails_as_the_other_does_goes_on(tmp_path):
    book = two(tmp_path, MODEL, first=MODEL, share=50)
    async with world(tmp_path, book=book, models=Script([DOWN])) as w:
        for n in range(40):
            await ask(w, f"u{n}")
            await asyncio.sleep(1)
    assert book.canaries.find("p").version == 2


def played(seed, share, ours, theirs, *, most=600, outage=()):
    """Messages of the canary until it is taken back, and why; each side fails so often and is so slow."""
    random_one, canary, stable = random.Random(seed), [], []
    for n in range(most):
        is_ours = random_one.random() < share
        fails, slow = ours if is_ours else theirs
        failed = random_one.random() < fails or n in outage
        turn = Turned(float(n), f"u{n}", failed, slow * math.exp(random_one.gauss(0, 0.6)))
        (canary if is_ours else stable).append(turn)
        if is_ours and (why := worse(Compared(Side(canary[-200:]), Side(stable)))):
            return why, len(canary)
    return None, len(canary)


@pytest.mark.parametrize(
    ("share", "ours", "theirs", "why", "within"),
    [
        (0.1, (1, 1), (0.02, 1), "failures", 10),
        (0.5, (1, 1), (0.1, 1), "failures", 10),
        (0.9, (1, 1), (0.02, 1), "failures", 10),
        (0.3, (0.02, 2), (0.02, 1), "slow", 50),
    ],
)
def test_what_is_worse_is_found_within_so_many_messages(share, ours, theirs, why, within):
    found = [played(seed, share, ours, theirs) for seed in range(3)]
    assert {one for one, _ in found} == {why}
    assert max(count for _, count in found) <= within, found


@pytest.mark.parametrize(("share", "fails"), [(0.1, 0.02), (0.3, 0.3)])
def test_two_that_are_alike_stay_also_where_what_both_ask_is_down_for_a_while(share, fails):
    outage = range(150, 200)
    assert played(1, share, (fails, 1), (fails, 1), most=300, outage=outage)[0] is None


@pytest.mark.parametrize(
    ("meanwhile", "found"), [([True], None), ([False], "failures"), ([], "failures"), ([True, False], None)]
)
def test_while_the_other_fails_likewise_nothing_is_taken_back(meanwhile, found):
    theirs = [Turned(n, "u", False, 1) for n in range(40)]
    theirs += [Turned(50 + n, "u", failed, 1) for n, failed in enumerate(meanwhile)]
    ours = [Turned(45 + n, "u", True, 1) for n in range(9)]
    assert worse(Compared(Side(ours), Side(theirs))) == found
    if not meanwhile:  # nobody asked it: fewer do not suffice
        assert worse(Compared(Side(ours[:8]), Side(theirs))) is None


def test_what_nobody_notices_is_not_slower():
    theirs = [Turned(n, "u", False, 0.003) for n in range(0, 200, 2)]
    for seconds, found in ((0.006, None), (0.2, None), (0.3, "slow")):
        ours = [Turned(n, "u", False, seconds) for n in range(1, 100, 2)]
        assert worse(Compared(Side(ours), Side(theirs))) == found


def test_no_answer_is_told_to_come_within_nothing():
    for seconds, told in ((0.0, 0.1), (0.04, 0.1), (0.26, 0.3), (7.0, 7.0)):
        assert figures_of(Side([Turned(1, "u", False, seconds)]), 2, 0.0)["seconds"] == told
    assert figures_of(Side(), 2, 0.0)["seconds"] is None


def test_thumbs_down_of_several_people_end_it_and_those_of_one_do_not():
    stable = Side(thumbs=[Thumb(float(n), n % 10 == 0) for n in range(50)])
    disliked = [Thumb(float(n), True) for n in range(8)]
    assert worse(Compared(Side(thumbs=disliked), stable)) == "thumbs"
    assert worse(Compared(Side(thumbs=disliked[:1]), stable)) is None
    liked = [replace(one, bad=n % 10 == 0) for n, one in enumerate(disliked)]
    assert worse(Compared(Side(thumbs=liked), stable)) is None


@pytest.mark.parametrize(
    ("code", "meanwhile", "found", "untold"),
    [
        ("connection", [], None, True),  # an outage, and nobody asked the other version
        ("connection", [False], None, True),  # or one did, just before it
        ("connection", [False] * 3, "failures", False),
        ("connection", [True] * 3, None, False),
        ("no_answer", [], "failures", False),  # which no provider has
        ("no_answer", [False], "failures", False),
    ],
)
def test_an_outage_is_no_fault_of_a_version_that_has_most_of_the_people(code, meanwhile, found, untold):
    theirs = [Turned(n, "u", False, 1) for n in range(40)]
    theirs += [Turned(50 + n, "u", failed, 1, code) for n, failed in enumerate(meanwhile)]
    both = Compared(Side([Turned(45 + n, "u", True, 1, code) for n in range(10)]), Side(theirs))
    assert (worse(both), cannot_tell(both)) == (found, untold)


async def test_where_nothing_can_be_told_the_owner_hears_so_once_and_the_canary_stays(tmp_path):
    book, told = two(tmp_path, MODEL, share=99), []
    down = ModelFailed(Text("连不上", "cannot be reached"), code="connection")
    async with world(tmp_path, book=book, models=Script([down])) as w:
        [looks] = [one for one in w.gateway.alarm._sources if isinstance(one, TakingBack)]
        looks._alert = lambda publication, text: told.append(text.en)
        for n in (n for n in range(40) if place_of(SALT, f"p\nu{n}") < 99):
            await ask(w, f"u{n}")
            await asyncio.sleep(1)
    assert book.canaries.find("p").version == 2
    [text] = told
    assert "nothing can be told" in text


async def test_neither_retention_nor_being_forgotten_changes_where_somebody_wrote_first(tmp_path):
    first, other = among(10), among(10, is_in=False)
    async with world(tmp_path, book=two(tmp_path, share=10)) as w:
        for who in (first, other):
            await ask(w, who)
        known, database = w.gateway.messages.remembered, w.gateway.messages.database
        code = await known.give_code(Face("p", other), "shop", now())
        await known.take_code(Face("p", first), "shop", code, now())
        at = now() + 10_000
        while (await database.write(lambda db: take(db, "messages", at, at))).many:
            pass
        assert (await asked(database, Face("p", other))).first == Face("p", first)
        assert [await ask(w, who, id="m2") for who in (first, other)] == ["二", "二"]
        await known.erase(Face("p", first), now())
        assert await ask(w, first, id="m3") == "二"


def model(id, *more):
    return flow({"type": "model", "id": id}, *more)


@pytest.mark.parametrize(
    ("live", "canary", "names"),
    [
        (model("answer"), model("answer"), {"answer": "answer"}),
        (model("answer"), model("better"), {"better": "answer", "answer": "answer~"}),
        (
            model("answer"),
            flow(
                {"type": "model", "id": "answer"},
                {"type": "model", "id": "last"},
            ),
            {"last": "answer", "answer": "answer~"},
        ),
        (says("好"), model("answer"), {}),
        (model("answer"), says("好"), {"answer": "answer~"}),
    ],
)
def test_blocks_of_another_version_are_told_by_the_names_that_listeners_know(live, canary, names):
    assert renamed(Agent.load(canary), Agent.load(live)) == names


@pytest.mark.parametrize("share", [100 - 1e-9, 0.0])
async def test_text_of_a_canary_grows_for_who_listens_as_that_of_the_other(tmp_path, share):
    book = two(tmp_path, model("better"), first=model("answer"), share=share, tags=("t",))
    async with world(tmp_path, "一二", book=book, models=Script([one_answer("一二")])) as w:
        events = [event async for event in w.gateway.stream("p", wrote("你好"))]
    grown = [(one.block, one.text) for one in events if isinstance(one, TextDelta)]
    assert grown == [("answer", "一"), ("answer", "二")]


@pytest.mark.parametrize(("bad_of_forty", "is_told"), [(0, True), (40, False)])
def test_what_came_before_an_outage_of_both_is_no_part_of_what_comes_after_it(bad_of_forty, is_told):
    """Four in a row are enough where the other version fails never."""
    usual = {3.0: (bad_of_forty, 40)}
    ours = [(float(at), True) for at in range(1, 6)]
    assert is_beyond(ours, lambda at: usual.get(at, (0, 40)), SURE, down=LIKEWISE) is is_told
