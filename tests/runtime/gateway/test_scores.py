"""How satisfied somebody was is asked once, when it can be; what they say to it is a score or a message."""

import asyncio
from dataclasses import replace

import pytest
from world import Account, Book, Plain, now, world

from runtime.channels import ApiRequest, ChoiceLimits, Chooses
from runtime.gateway.score_words import read, refuses, spoken_in
from runtime.message import Message, Quota
from runtime.person import Handing
from runtime.store.messages.compared import sides
from runtime.store.messages.insights import Insights
from runtime.store.messages.scores import scores as told
from script import says

MINUTES = 30


class Taps(Chooses, Plain):
    """With something to tap, in whole messages, so that a question takes one push."""

    choice_limits = ChoiceLimits(most=5, text=40, value=40, question=400)

    @classmethod
    def render(cls, markdown):
        return [markdown] if markdown else []

    limits = replace(Plain.limits, most=2000)

    def quota(self, message):
        return Quota(message.data.get("pushes", 5), 48 * 3600)

    def push_choices(self, choices, to, key, after=None):
        words = "|".join(one.value for one in choices.options)
        return ApiRequest("push", {"to": to, "part": f"{choices.question} [{words}]"})


def asking(folder, *answers, kind=Taps, minutes=MINUTES, **more):
    made = world(folder, *(answers or [says("九点")] * 9), kind=kind, **more)

    class Asking:
        async def __aenter__(self):
            it = await made.__aenter__()
            it.book.record = replace(it.book.record, score_after=minutes)
            await asyncio.sleep(6)
            return it

        async def __aexit__(self, *error):
            return await made.__aexit__(*error)

    return Asking()


async def wrote(it, text="几点", who="u1", id="", **more):
    surface = it.gateway.surfaces.find("p")
    sent = len(it.account.sent)
    message = Message(id or f"{text} {now()}", who, text, at=now(), **more)
    await it.gateway._intake.take(surface, [message])
    await it.until(lambda: len(it.account.sent) > sent)
    await asyncio.sleep(1)


async def passes(minutes):
    asyncio.get_running_loop().ahead += minutes * 60
    await asyncio.sleep(6)


def questions(it):
    return [(to, part) for to, part in it.account.sent if "[score 1|" in part]


def scores(folder):
    with Insights(folder / "messages.db").reading() as db:
        found = told(db, ["p"], 0.0, 1e12)
    return [(one.seq, one.score, one.text, one.by) for one in found]


@pytest.mark.usefixtures("engine")
async def test_whoever_is_silent_is_asked_once_and_what_they_type_is_their_score(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES - 1)
        assert questions(it) == []
        for _ in range(3):
            await passes(2)
        assert [to for to, _ in questions(it)] == ["u1"]
        assert len(it.account.sent) == 2  # the answer and the question
        assert "满意吗" in questions(it)[0][1]
        await wrote(it, "5")
        assert scores(tmp_path) == [(1, 5, "", "")]
        await wrote(it, "3：太慢")
        await wrote(it, "原因：其实还行")
        assert scores(tmp_path) == [(1, 3, "其实还行", "")]
        assert len(it.models.requests) == 1
        await wrote(it, "几点开门")
        await passes(MINUTES * 2)
        assert (len(questions(it)), len(it.models.requests)) == (1, 2)
        await wrote(it, "5")  # something else was said since
        assert (scores(tmp_path)[0][1], len(it.models.requests)) == (3, 3)
        await passes(8 * 24 * 60)
        await wrote(it)
        await passes(MINUTES + 1)
        assert len(questions(it)) == 2


def offers(value):
    return says(f"请看\n- [下一页](menu:{value.replace(' ', '%20')})")


async def test_a_score_behind_other_words_is_nobodys(tmp_path):
    async with asking(tmp_path, says("九点"), offers("score 5"), says("好"), says("好")) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        await wrote(it, "几点开门")  # what is offered now stands behind the question
        await wrote(it, "score 5", kind="event", data={"event": "menu"})
        assert scores(tmp_path) == []
        await wrote(it, "score 1", kind="event", data={"event": "menu"})
        assert [one[1] for one in scores(tmp_path)] == [1]


async def test_who_had_it_said_that_they_want_no_question_is_asked(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it, "退订", data={"choice": "下一页"})
        await passes(MINUTES + 1)
        assert len(questions(it)) == 1


async def test_a_tap_counts_later_too_and_the_newest_of_a_flood(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        await wrote(it, "几点开门")
        for n in (1, 5, 2):
            await wrote(it, f"score {n}", kind="event", data={"event": "menu"})
        assert scores(tmp_path) == [(1, 2, "", "")]
        await passes(8 * 24 * 60)
        await wrote(it, "score 5", kind="event", data={"event": "menu"})
        assert "过期" in it.account.sent[-1][1]
        await wrote(it, "score 5", who="u2", kind="event", data={"event": "menu"})
        assert scores(tmp_path) == [(1, 2, "", "")]


@pytest.mark.parametrize(
    "event",
    [
        {"of": "2-000000000000", "score": 5},
        {"of": "1-0", "score": 5},
        {"of": 2, "score": 5},
        {"of": None, "score": 9},
        {"of": None, "score": "5"},
        {"of": None, "score": True},
    ],
)
async def test_nobody_scores_what_another_was_asked_nor_beyond_the_scale(tmp_path, event):
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        await wrote(it, "4")
        mine = await it.gateway._intake.understood(
            it.gateway.surfaces.find("p"), Message("x", "u1", "score 4", "event", 0.0, {"event": "menu"})
        )
        assert scores(tmp_path) == [(1, 4, "", "")]
        data = {"event": "scored", **event}
        if event["of"] is None:
            data["of"] = mine.data["of"]
        for who in ("u1", "u2") if event["of"] is not None else ("u1",):
            await it.gateway.acts.judged("p", Message(f"f{who}", who, "", "event", 0.0, data))
        of_another = {"event": "scored", "of": mine.data["of"], "score": 1}
        await it.gateway.acts.judged("p", Message("f", "u2", "", "event", 0.0, of_another))
        await asyncio.sleep(1)
        assert scores(tmp_path) == [(1, 4, "", "")]


def of_canary(folder):
    [path] = folder.glob("messages.db")
    found = sides(path, "p", 1, 2, 0.0, now() + 1)
    return [(one["good"], one["bad"], one["messages"]) for one in found]


async def test_points_are_what_people_think_of_a_version_and_the_question_is_no_answer_of_it(tmp_path):
    async with asking(tmp_path) as it:
        for who in ("u1", "u2", "u3"):
            await wrote(it, who=who)
        await passes(MINUTES + 1)
        for who, points in (("u1", "1"), ("u2", "5"), ("u3", "3")):
            await wrote(it, points, who)
        assert of_canary(tmp_path) == [(1, 1, 3), (0, 0, 0)]
        rendered = it.gateway.metrics.render().decode()
        assert 'hongyan_scores_total{channel="plain",score="5"} 1.0' in rendered


def busy(change):
    async def do(it):
        await it.gateway.messages.database.write(lambda db: db.execute(change).rowcount)

    return do


async def human(it):
    handing = Handing(reason="r", summary="", sentiment="", priority=1, due=None, silent=True)
    await it.gateway.messages.tickets.open(("p", "u1"), "shop", handing, now(), seq=1, step="s")


async def pauses(it):
    it.book.record = replace(it.book.record, rests_since=now())


async def refused(it):
    await wrote(it, "不用问")


WAITS = """insert into waits(publication, sender, seq, version, kind, block, step, what, data, carried, until,
at) values('p','u1',1,1,'message','b','s','{}','{}','',1e12,0)"""


@pytest.mark.parametrize(
    ("message", "then"),
    [
        ({"overheard": True, "who": "g/u1"}, None),
        ({"data": {"pushes": 3}}, None),
        ({}, busy("update messages set accepted_at=accepted_at-172800 where seq=1")),
        ({}, busy("update messages set state='bounced' where seq=1")),
        ({}, busy("update messages set failure='aside' where seq=1")),
        ({}, busy(WAITS)),
        ({}, human),
        ({}, pauses),
        ({}, refused),
    ],
)
async def test_nobody_is_asked_in_a_group_beyond_a_quota_amid_something_or_against_their_will(
    tmp_path, message, then
):
    async with asking(tmp_path) as it:
        await wrote(it, **message)
        if then:
            await then(it)
        await passes(MINUTES + 1)
        await passes(MINUTES + 1)
        assert questions(it) == []


async def test_who_wants_no_question_says_so_and_has_peace(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it, "hello there")
        await passes(MINUTES + 1)
        assert "satisfied" in questions(it)[0][1]
        await wrote(it, "Don’t ask!")
        assert "not be asked" in it.account.sent[-1][1]
        assert len(it.models.requests) == 1
        await passes(8 * 24 * 60)
        await wrote(it, "hello again")
        await passes(MINUTES + 1)
        assert len(questions(it)) == 1


async def test_whoever_comes_back_from_an_operator_is_asked_at_once_and_the_score_is_theirs(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it)
        await human(it)
        desk = it.gateway.operating
        await desk.take(1, "ann")
        await desk.say(1, "ann", "您好")
        await it.until(lambda: ("u1", "您好") in it.account.sent)
        await desk.hand_back(1, "ann")
        await asyncio.sleep(21)
        assert len(questions(it)) == 1
        await wrote(it, "⭐️⭐️⭐️⭐️")
        assert scores(tmp_path) == [(1, 4, "", "ann")]


@pytest.mark.parametrize("step", [-7200, 7200, -30])
async def test_a_clock_that_is_set_asks_nobody_twice_and_holds_nobody_up(tmp_path, step):
    async with asking(tmp_path) as it:
        await wrote(it)
        await passes(MINUTES + 1)
        await passes(step / 60)
        await wrote(it, who="u2")
        await passes(MINUTES + 1)
        await passes(max(0, -step / 60))
        assert sorted(to for to, _ in questions(it)) == ["u1", "u2"]


async def test_a_start_asks_whom_the_stop_kept_waiting_and_a_question_that_was_stored_comes_once(tmp_path):
    async with asking(tmp_path) as it:
        await wrote(it)
    asyncio.get_running_loop().ahead += MINUTES * 60 + 60
    account = Account()
    for _ in range(2):
        async with world(tmp_path, says("九点"), kind=Taps, account=account, book=scored_book) as it:
            await asyncio.sleep(12)
            assert len(questions(it)) == 1


def scored_book(agent):
    book = Book(agent)
    book.record = replace(book.record, score_after=MINUTES)
    return book


async def test_what_was_over_when_the_owner_began_to_ask_is_not_asked_of(tmp_path):
    async with asking(tmp_path, minutes=0) as it:
        await wrote(it)
        await passes(MINUTES + 5)
        it.book.record = replace(it.book.record, score_after=MINUTES)
        await passes(5)
        assert questions(it) == []


@pytest.mark.parametrize(
    ("typed", "score", "note"),
    [
        ("5", 5, ""),
        (" ５ ", 5, ""),
        ("五", 5, ""),
        ("4分", 4, ""),
        ("3 stars.", 3, ""),
        ("五星", 5, ""),
        ("4/5", 4, ""),
        ("★★★☆☆", 3, ""),
        ("⭐️⭐️", 2, ""),
        ("2：太慢了\n真的", 2, "太慢了\n真的"),
        ("非常满意", 5, ""),
        ("very dissatisfied", 1, ""),
        ("why: slow", None, "slow"),
        ("不用问。", 0, ""),
        ("Unsubscribe", 0, ""),
        ("6", "none", ""),
        ("0", "none", ""),
        ("55", "none", ""),
        ("5 斤", "none", ""),
        ("5，还有货吗", "none", ""),
        ("2 boxes please", "none", ""),
        ("⭐⭐⭐⭐⭐⭐", "none", ""),
        ("★★★★☆☆", "none", ""),
        ("五块钱一斤吗", "none", ""),
        ("为什么", "none", ""),
        ("5:", "none", ""),
        ("", "none", ""),
        ("5：" + "慢" * 600, "none", ""),
        ("满意吗", "none", ""),
    ],
)
def test_what_is_a_score_and_what_is_a_message_like_any(typed, score, note):
    said = read(typed)
    assert (("none", "") if said is None else (said.score, said.note)) == (score, note)
    assert refuses(typed) is (score == 0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("几点", "zh"),
        ("When?", "en"),
        ("1", "xx"),
        ("いつですか", "xx"),
        ("何時ですか", "xx"),
        ("iPhone 多少钱", "zh"),
        ("когда", "xx"),
    ],
)
def test_the_question_is_in_the_words_of_whom_it_asks(text, language):
    assert spoken_in(text, "xx") == language
