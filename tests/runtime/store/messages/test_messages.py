import asyncio

import pytest

from runtime.message import Exchange, Quota
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.parts import Carried, Part, Response, Taken
from script import wrote

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.sealed_too]


@pytest.fixture
def messages(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    yield messages
    messages.close()


async def answered(messages, message, *parts, publication="p"):
    accepted = await messages.accept(publication, message, 1.0)
    await messages.finish(accepted.seq, Outcome("\n".join(parts), 1), parts, 2.0, "answered")
    return accepted.seq


def everything(parts, doubt):
    return Carried("|".join(part.text for part in parts), parts)


async def test_a_repeat_finds_the_first(messages):
    first = await messages.accept("p", wrote(), 1.0)
    again = await messages.accept("p", wrote(), 2.0)
    assert (first.is_new, again.is_new, again.seq) == (True, False, first.seq)


async def test_a_hundred_repeats_at_once_are_one_message(messages):
    accepted = await asyncio.gather(*(messages.accept("p", wrote(), 1.0) for _ in range(100)))
    assert sum(a.is_new for a in accepted) == 1


async def test_the_same_id_from_others_is_another_message(messages):
    await messages.accept("p", wrote(), 1.0)
    assert (await messages.accept("q", wrote(), 1.0)).is_new
    assert (await messages.accept("p", wrote(sender="u2"), 1.0)).is_new


async def test_unfinished_messages_are_found_after_a_restart(messages, tmp_path):
    message = wrote("你好", data={"url": "x"}, history=(Exchange("a", "b"),))
    await messages.accept("p", message, 1.0)
    seq = await answered(messages, wrote(id="m2"), "好")
    later = Messages(tmp_path / "messages.db")
    [first, second] = await later.unfinished()
    assert (first.message, first.state) == (message, "accepted")
    assert (second.seq, second.state) == (seq, "answered")
    later.close()


async def test_history_is_of_this_person_in_order_and_only_before(messages):
    for i in range(4):
        await answered(messages, wrote(f"问{i}", id=f"m{i}"), f"答{i}")
    await answered(messages, wrote("别人", sender="u2"), "不该看到")
    current = await messages.accept("p", wrote("现在", id="now"), 3.0)
    assert await messages.history("p", "u1", current.seq, 2) == [
        Exchange("问2", "答2"),
        Exchange("问3", "答3"),
    ]


async def test_history_says_what_came_that_was_no_text(messages):
    await answered(messages, wrote("", id="m1", kind="image", data={"url": "https://x.example/1"}), "好看")
    await answered(messages, wrote("听到的话", id="m2", kind="voice", data={"media_id": "v"}), "好")
    picture, voice = await messages.history("p", "u1", 99, 5)
    assert picture == Exchange("", "好看", "image", {"url": "https://x.example/1"})
    assert (voice.text, voice.kind) == ("听到的话", "voice")


async def test_a_failed_turn_is_not_remembered_as_conversation(messages):
    accepted = await messages.accept("p", wrote(), 1.0)
    await messages.finish(accepted.seq, Outcome("抱歉", 1, failure="down"), ["抱歉"], 2.0, "answered")
    assert await messages.history("p", "u1", 99, 5) == []


async def test_a_response_carries_what_waits_and_a_repeat_gets_the_same(messages):
    seq = await answered(messages, wrote(), "一", "二")
    assert await messages.parts.carry(seq, "p", "u1", everything, 3.0) == Response("一|二")
    assert await messages.parts.carry(seq, "p", "u1", everything, 4.0) == Response("一|二")
    assert await messages.parts.waiting("p", "u1") == []


async def test_two_responses_never_carry_the_same_part(messages):
    first = await answered(messages, wrote(), "一")
    second = (await messages.accept("p", wrote(id="m2"), 1.0)).seq
    texts = await asyncio.gather(
        messages.parts.carry(first, "p", "u1", everything, 3.0),
        messages.parts.carry(second, "p", "u1", everything, 3.0),
    )
    assert sorted(texts) == [Response(""), Response("一")]


async def test_a_part_is_claimed_once(messages):
    seq = await answered(messages, wrote(), "一")
    claims = await asyncio.gather(*(messages.parts.claim(Part(seq, 0, "一"), 3.0) for _ in range(5)))
    assert sum(claims) == 1


async def test_what_was_being_sent_at_a_crash_is_not_sent_again(messages):
    seq = await answered(messages, wrote(), "一", "二")
    await messages.parts.claim(Part(seq, 0, "一"), 3.0)
    await messages.parts.release(4.0)
    assert await messages.parts.waiting("p", "u1") == [Part(seq, 1, "二")]


async def test_a_part_that_leaves_just_now_is_not_sent_once_more_when_the_operator_wants_it(messages):
    seq = await answered(messages, wrote(), "一", "二")
    await messages.parts.keep([seq], 3.0, told=True)
    await messages.parts.claim(Part(seq, 0, "一"), 4.0)
    await messages.again(seq, 5.0)
    assert await messages.parts.waiting("p", "u1") == [Part(seq, 1, "二")]


async def test_what_became_of_a_part_is_not_recorded_once_it_became_something_else(messages):
    seq = await answered(messages, wrote(), "一")
    await messages.parts.claim(Part(seq, 0, "一"), 3.0)
    await messages.parts.release(4.0)
    await messages.parts.pushed(Part(seq, 0, "一"), "held", "45047", 5.0)
    assert await messages.parts.waiting("p", "u1") == []
    assert await messages.parts.waiting("p", "u1", asked=True) == [Part(seq, 0, "一")]
    assert await messages.database.read(how_far) == ("unknown", "unknown")


def how_far(db):
    sql = "select m.state, p.state from messages m join parts p on p.seq=m.seq"
    return tuple(db.execute(sql).fetchone())


async def test_a_sentence_that_says_where_the_answer_is_counts_as_a_push(messages):
    seq = await answered(messages, wrote(), "一", "二", "三")
    assert (await messages.parts.take("p", "u1", Quota(3, 60), 3.0)).left == 3
    await messages.parts.pushed(Part(seq, 0, "一"), "sent", "", 4.0)
    assert (await messages.parts.take("p", "u1", Quota(3, 60), 5.0)).left == 2
    await messages.parts.noticed(seq, "点这里看", 6.0)
    assert (await messages.parts.take("p", "u1", Quota(3, 60), 7.0)).left == 1
    await messages.accept("p", wrote(id="m2"), 8.0)
    assert (await messages.parts.take("p", "u1", Quota(3, 60), 9.0)).left == 3
    assert (await messages.parts.take("p", "u1", Quota(3, 60), 69.0)).left == 0


@pytest.mark.parametrize("state", ["ready", "kept", "held"])
async def test_an_answer_that_was_seen_on_its_page_is_delivered_and_was_seen_once(state, messages):
    seq = await answered(messages, wrote(), "一", "二")
    other = await answered(messages, wrote(id="m2"), "三")
    if state != "ready":
        await messages.parts.keep([seq], 3.0, told=state == "kept")
    page = await messages.pages.find(await messages.pages.secret(seq), 4.0)
    for at in (5.0, 6.0):
        await messages.pages.seen(page, at)
    assert await messages.parts.waiting("p", "u1", asked=True) == [Part(other, 0, "三")]
    assert await messages.database.read(lambda db: seen(db, seq)) == (
        "delivered", [("sent", "page", 5.0)] * 2, [5.0]
    )  # fmt: skip


def seen(db, seq):
    [state] = db.execute("select state from messages where seq=?", (seq,)).fetchone()
    parts = db.execute("select state, route, at from parts where seq=?", (seq,)).fetchall()
    moments = db.execute("select at from moments where seq=? and what='seen'", (seq,)).fetchall()
    return state, [tuple(part) for part in parts], [at for (at,) in moments]


@pytest.mark.parametrize(
    ("parts", "left", "fits", "chosen"),
    [(0, 0, True, 0), (2, 3, True, 2), (3, 3, True, 3), (4, 3, False, 2), (2, 1, False, 0), (1, 0, False, 0)],
)
def test_of_more_than_may_be_pushed_one_push_is_left_to_say_where_the_rest_is(parts, left, fits, chosen):
    taken = Taken([Part(1, number, "好") for number in range(parts)], left)
    assert (taken.fits, len(taken.chosen)) == (fits, chosen)


@pytest.mark.parametrize(("after", "found"), [(7 * 86_400 - 1, True), (7 * 86_400 + 1, False)])
async def test_a_page_is_open_for_a_week_after_its_answer(after, found, messages):
    seq = await answered(messages, wrote(), "一")
    secret = await messages.pages.secret(seq)
    assert (await messages.pages.find(secret, 2.0 + after) is not None) is found


async def test_what_waits_is_noted_once_and_only_where_something_does(messages):
    seq, other = [await answered(messages, wrote(id=id), "一") for id in ("m1", "m2")]
    await messages.parts.carry(other, "p", "u1", lambda parts, _: Carried("一", parts[1:]), 3.0)
    for _ in range(2):
        await messages.parts.keep([seq, other], 4.0, told=True)
    sql = "select count(*) from moments where what='kept'"
    assert await messages.database.read(lambda db: db.execute(sql).fetchone()[0]) == 1


async def test_nothing_that_is_not_there_is_sent_again(messages):
    assert await messages.again(7, 1.0) is None


async def test_kept_parts_wait_for_the_person(messages):
    seq = await answered(messages, wrote(), "一")
    await messages.parts.keep([seq], 3.0, told=True)
    assert await messages.unfinished() == []
    assert await messages.parts.waiting("p", "u1") == [Part(seq, 0, "一")]


async def test_steps_of_a_turn_are_recalled_and_gone_when_it_is_finished(messages):
    accepted = await messages.accept("p", wrote(), 1.0)
    await messages.steps.record(accepted.seq, {"answer.0": {"text": "好"}})
    assert await messages.steps.recall(accepted.seq, "answer.0") == {"text": "好"}
    await messages.finish(accepted.seq, Outcome("好", 1), ["好"], 2.0, "answered")
    assert await messages.steps.recall(accepted.seq, "answer.0") is None


async def test_facts_are_remembered(messages):
    assert await messages.facts.find("can_push wx1") is None
    await messages.facts.learn("can_push wx1", "yes", 1.0)
    assert await messages.facts.find("can_push wx1") == "yes"


@pytest.mark.parametrize("content", ["{", "[]", "null", "{}", '{"id": "x", "newer": 1}'])
async def test_a_message_that_cannot_be_read_holds_up_no_other(messages, content, caplog):
    for n in (1, 2):
        await messages.accept("p", wrote(id=f"m{n}"), n)
    await messages.database.write(
        lambda db: db.execute("update messages set message=? where seq=1", (content,)).rowcount
    )
    assert [left.seq for left in await messages.unfinished()] == [2]
    assert "message 1 cannot be read" in caplog.text
