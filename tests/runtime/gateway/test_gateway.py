import asyncio
from types import SimpleNamespace

import pytest
from world import ANSWERS, Account, world

from runtime.agents.agent import Agent
from runtime.channels import WebRequest
from runtime.errors import NotFound, Refused
from runtime.gateway.canned import canned
from runtime.gateway.instant import may_be_instant
from runtime.gateway.job import Job
from runtime.message import Message
from runtime.turn.events import Failed, Replied, TextDelta
from script import DOWN, says, wrote

pytestmark = pytest.mark.usefixtures("engine")

PASSIVE = {"can_push": False}


async def test_an_account_that_may_push_is_acknowledged_at_once_and_pushed_later(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=gate) as w:
        assert await w.push() == "success"
        assert w.account.sent == []
        gate.set()
        await w.until(lambda: w.account.sent)
        assert w.account.sent == [("u1", "龙井")]


async def test_an_instant_answer_costs_no_push(tmp_path):
    greeting = {"event": "followed"}
    async with world(tmp_path) as w:
        assert await w.push("", id="e1", **greeting) == "reply:欢迎"
        assert w.account.sent == []


@pytest.mark.parametrize("query", [{}, {"event": "menu"}], ids=["typed", "by a menu button"])
async def test_a_keyword_is_answered_in_the_response_and_no_model_is_asked(tmp_path, query):
    agent = {**ANSWERS, "keywords": [{"words": ["营业时间"], "text": "九点"}]}
    async with world(tmp_path, agent=agent) as w:
        assert await w.push("营业时间", **query) == "reply:九点"
        assert w.account.sent == []
        assert w.models.requests == []


@pytest.mark.parametrize(
    ("greeting", "language", "said"),
    [
        ("", "zh", "你好，我是「店」的 AI 助手，有什么想问的，直接发给我就好。"),
        (" \n", "en", "Hello, I am the AI assistant of 店. Send me your question."),
    ],
)
def test_a_follower_is_greeted_in_the_default_words_where_the_owner_wrote_none(greeting, language, said):
    agent = Agent.load({**ANSWERS, "language": language, "texts": {"greeting": greeting}})
    assert canned(agent, Message("e1", "u1", "", "event", data={"event": "followed"})) == said


async def test_a_passive_account_is_answered_in_the_response(tmp_path):
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE)) as w:
        assert await w.push() == "reply:龙井"


async def test_a_repeat_starts_no_second_turn_and_gets_the_answer(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE), gate=gate) as w:
        first = asyncio.create_task(w.push())
        await asyncio.sleep(0.5)
        second = asyncio.create_task(w.push())
        await w.until(lambda: w.gateway._worker.find(1).attempts == 2)
        gate.set()
        assert await second == "reply:龙井"
        assert await first == ""
        assert len(w.models.requests) == 1


async def test_an_answer_between_two_attempts_waits_for_the_repeat(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE), gate=gate) as w:
        assert await w.push() == ""
        gate.set()
        await asyncio.sleep(0.05)
        assert await w.push() == "reply:龙井"
        assert await w.push() == "reply:龙井"
        assert len(w.models.requests) == 1


async def test_the_last_attempt_says_that_it_is_thinking_and_the_next_message_brings_the_answer(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE), gate=gate) as w:
        assert [await w.push(), await w.push()] == ["", ""]
        assert await w.push() == "reply:还在想\n点这里看回答 (看回答)"
        gate.set()
        await w.come_to("kept")
        assert await w.push("继续", id="m2") == "reply:龙井"
        assert len(w.models.requests) == 1


async def test_a_new_question_brings_the_kept_answer_and_its_own(tmp_path):
    async with world(tmp_path, says("龙井"), says("碧螺春"), account=Account(**PASSIVE)) as w:
        w.models.gate = asyncio.Event()
        for _ in range(3):
            await w.push()
        w.models.gate.set()
        await asyncio.sleep(0.05)
        assert await w.push("还有呢？", id="m2") == "reply:龙井\n\n碧螺春"


async def test_asking_to_continue_before_the_answer_is_there_starts_no_turn(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE), gate=gate) as w:
        for _ in range(3):
            await w.push()
        asking = asyncio.create_task(w.push("看回答", id="m2"))
        await asyncio.sleep(0.05)
        gate.set()
        assert await asking == "reply:龙井"
        assert len(w.models.requests) == 1


async def test_what_does_not_fit_waits_and_is_announced(tmp_path):
    long = "一二三四五六七八九十" * 3
    async with world(tmp_path, says(long), account=Account(**PASSIVE)) as w:
        first = await w.push()
        assert first == "reply:一二三四五六七八九十\n点这里看后面的内容 (看回答)"
        assert await w.push("继续", id="m2") == "reply:一二三四五六七八九十\n\n一二三四五六七八九十"


async def test_an_unknown_account_is_held_and_then_pushed(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=Account(can_push=None), gate=gate) as w:
        assert await w.push() == "success"
        gate.set()
        await w.until(lambda: w.account.sent)


async def test_an_account_that_turns_out_unverified_keeps_the_answer_for_the_next_message(tmp_path):
    account = Account(can_push=None, refusals=["48001"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        assert await w.push() == "success"
        gate.set()
        await w.come_to("held")
        assert await w.push("在吗？", id="m2") == "reply:龙井\n\n龙井"
        assert account.sent == []


async def test_a_refused_token_is_replaced_once_and_the_part_sent_again(tmp_path):
    account = Account(refusals=["40001"])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await w.until(lambda: account.sent)
        assert account.tokens == ["T0", "T1"]


async def test_a_token_that_is_refused_for_ever_is_fetched_twice_only(tmp_path):
    account = Account(refusals=["40001"] * 9)
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await w.until(lambda: len(account.refusals) == 7)
        await w.come_to("held")
        assert len(account.tokens) == 2


async def test_parts_are_pushed_up_to_the_quota_and_the_last_push_says_where_the_rest_is(tmp_path):
    gate = asyncio.Event()
    async with world(tmp_path, says("".join(c * 10 for c in "一二三四")), gate=gate) as w:
        await w.push()
        gate.set()
        await w.until(lambda: len(w.account.sent) == 3)
        await asyncio.sleep(0.05)
        assert [part[0] for _, part in w.account.sent] == ["一", "二", "点"]
        assert await w.states() == ["kept"]
        assert (await w.push("继续", id="m2"))[6] == "三"


async def test_a_late_repeat_does_not_carry_what_is_being_pushed(tmp_path):
    async with world(tmp_path, says("龙井"), account=Account(refusals=["45015"])) as w:
        w.models.gate = asyncio.Event()
        await w.push()
        w.models.gate.set()
        await w.until(lambda: not w.account.refusals)
        await asyncio.sleep(0.05)
        assert await w.push() == "success"
        assert await w.push("继续", id="m2") == "reply:龙井"


class Slow:
    """Takes 9 s for 甲 and 1 s for anything else, and says what it was asked. Implements Models."""

    def __init__(self):
        self.requests = []

    async def complete(self, request, on_text=None, on_reset=None):
        self.requests.append(question := request.messages[-1]["content"])
        await asyncio.sleep(9 if question == "甲" else 1)
        return says(question)


async def test_one_person_is_answered_in_order_and_people_do_not_wait_for_each_other(tmp_path):
    async with world(tmp_path, models=Slow()) as w:
        await w.push("甲", id="m1")
        await w.push("乙", id="m2")
        await w.push("丙", id="m1", **{"from": "u2"})
        await w.until(lambda: len(w.account.sent) == 3, seconds=20)
        assert w.account.sent == [("u2", "丙"), ("u1", "甲"), ("u1", "乙")]
        assert w.models.requests == ["甲", "丙", "乙"]


async def test_a_hundred_repeats_at_once_run_one_turn(tmp_path):
    async with world(tmp_path, says("龙井")) as w:
        await asyncio.gather(*(w.push() for _ in range(100)))
        await w.until(lambda: w.account.sent and w.gateway._worker.find(1) is None)
        assert len(w.models.requests) == 1


async def test_a_stopped_gateway_takes_up_what_it_left(tmp_path):
    stuck = asyncio.Event()
    async with world(tmp_path, says("龙井"), gate=stuck) as w:
        await w.push()
        await w.gateway._worker.drain(0)
    account = Account()
    async with world(tmp_path, says("龙井"), account=account) as w:
        await w.until(lambda: account.sent == [("u1", "龙井")])


async def test_an_answer_that_was_stored_is_delivered_without_asking_the_model_again(tmp_path):
    async with world(tmp_path, says("龙井"), account=Account(can_push=None, refusals=["45015"])) as w:
        w.models.gate = asyncio.Event()
        await w.push()
        accepted = await w.gateway.messages.accept("p", wrote(), 1.0)
        w.models.gate.set()
        await w.come_to("unreachable")
        await w.until(lambda: w.gateway._worker.find(accepted.seq) is None)
        await w.gateway.messages.mark(accepted.seq, "answered")
    account = Account()
    async with world(tmp_path, says("别的"), account=account) as w:
        await w.until(lambda: account.sent == [("u1", "龙井")])
        assert w.models.requests == []


async def test_a_failed_turn_is_answered_with_the_agents_own_sentence(tmp_path):
    async with world(tmp_path, DOWN, account=Account(**PASSIVE)) as w:
        assert await w.push() == "reply:出错了"


async def test_a_bug_is_answered_too_and_does_not_hold_up_the_next_message(tmp_path):
    async with world(tmp_path, ZeroDivisionError(), says("好"), account=Account(**PASSIVE)) as w:
        assert await w.push() == "reply:出错了"
        assert await w.push(id="m2") == "reply:好"


async def test_silent_events_are_acknowledged_and_carry_nothing(tmp_path):
    async with world(tmp_path, says("一" * 30), account=Account(**PASSIVE)) as w:
        await w.push()
        assert await w.push("", id="gone", event="left") == "success"


async def test_kinds_that_the_agent_cannot_read_are_answered_politely(tmp_path):
    async with world(tmp_path, account=Account(**PASSIVE)) as w:
        assert (await w.push("", id="v", kind="voice")).startswith("reply:看不懂")
        assert await w.push("", id="gone", event="left") == "success"
        assert w.models.requests == []


async def test_refusals_and_steps_of_the_set_up_are_seen_by_the_doctor(tmp_path):
    async with world(tmp_path, account=Account(**PASSIVE)) as w:
        await w.gateway.callback("p", WebRequest("GET", {}))
        with pytest.raises(Refused):
            await w.gateway.callback("p", WebRequest("POST", {"signature": "bad"}))
        await w.push()
        assert w.doctor.seen == [("verified", ""), ("refused", "signature"), ("message", "")]
        assert await w.states() == ["delivered"]


async def test_an_unknown_publication_is_not_found(tmp_path):
    async with world(tmp_path) as w:
        with pytest.raises(NotFound):
            await w.gateway.callback("q", WebRequest("POST", {}))


async def test_publishing_again_changes_the_next_answer(tmp_path):
    async with world(tmp_path, account=Account(**PASSIVE)) as w:
        say = {"type": "reply", "id": "say", "text": "第二版"}
        w.book.republish({"format": 1, "id": "shop", "name": "店", "flow": [say]})
        assert await w.push() == "reply:第二版"


async def test_a_stream_ends_with_the_answer_and_a_repeat_gets_it_again(tmp_path):
    async with world(tmp_path, says("龙井")) as w:
        outcome, read = w.gateway.messages.outcome, []

        async def counted(seq):
            read.append(seq)
            return await outcome(seq)

        w.gateway.messages.outcome = counted
        first = [e async for e in w.gateway.stream("p", wrote())]
        again = [e async for e in w.gateway.stream("p", wrote())]
        assert isinstance(first[-1], Replied)
        assert [e.text for e in again] == ["龙井"]
        assert len(read) == 1, "of a repeat, and once"
        assert len(w.models.requests) == 1


@pytest.mark.parametrize("pieces", [True, False])
async def test_the_model_streams_only_for_whoever_reads_along(pieces, tmp_path):
    async with world(tmp_path, says("龙井")) as w:
        events = [e async for e in w.gateway.stream("p", wrote(), pieces=pieces)]
    assert any(isinstance(event, TextDelta) for event in events) is pieces


async def test_a_failed_stream_ends_with_the_reason(tmp_path):
    async with world(tmp_path, DOWN) as w:
        events = [e async for e in w.gateway.stream("p", wrote())]
        assert isinstance(events[-1], Failed)


async def test_the_conversation_is_remembered(tmp_path):
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE)) as w:
        await w.push("什么茶？", id="m1")
        await w.push("还有呢？", id="m2")
        assert [m["content"] for m in w.models.requests[1].messages] == ["什么茶？", "龙井", "还有呢？"]


async def test_an_agent_without_memory_loads_nothing_of_the_conversation(tmp_path):
    says_before = {"type": "set", "id": "before", "values": {"it": "{{ message.last_reply }}"}}
    input = "{{ message.text }}|{{ before.it }}"
    flow = [says_before, {"type": "model", "id": "answer", "input": input}]
    forgetful = {**ANSWERS, "memory": {"type": "none"}, "flow": flow}
    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE), agent=forgetful) as w:
        await w.push("什么茶？", id="m1")
        await w.push("还有呢？", id="m2")
        assert [m["content"] for m in w.models.requests[1].messages] == ["还有呢？|"]


async def test_a_bug_in_the_delivery_does_not_hold_up_the_next_message(tmp_path):
    gate = asyncio.Event()
    async with world(
        tmp_path, says("甲"), says("乙"), account=Account(refusals=[ZeroDivisionError()]), gate=gate
    ) as w:
        await w.push(id="m1")
        await w.push(id="m2")
        gate.set()
        await w.until(lambda: ("u1", "乙") in w.account.sent)


REPLY = {"type": "reply", "id": "say", "text": "好"}
MODEL = {"type": "model", "id": "answer"}
LAST = {"type": "model", "id": "last"}


@pytest.mark.parametrize(
    ("flow", "instant"),
    [
        ([REPLY], True),
        ([MODEL], False),
        ([MODEL, REPLY], False),
        ([{"type": "branch", "id": "b", "cases": [{"when": "true", "flow": [REPLY]}]}, MODEL], True),
        ([{"type": "branch", "id": "b", "cases": [{"when": "true", "flow": [MODEL]}]}, REPLY], True),
        ([{"type": "branch", "id": "b", "cases": [{"when": "true", "flow": [MODEL]}]}, LAST], False),
    ],
    ids=["reply", "model", "model first", "reply in a branch", "reply after a branch", "models only"],
)
def test_only_a_flow_that_may_answer_at_once_holds_the_callback_for_a_moment(flow, instant):
    assert may_be_instant(Agent.load({**ANSWERS, "flow": flow}).flow) is instant


async def test_an_answer_is_not_put_into_a_response_that_nobody_hears(tmp_path):
    """The platform hung up, as when the callback waited for a start: its repeat gets the answer."""

    async def hung_up():
        return False

    async with world(tmp_path, says("龙井"), account=Account(**PASSIVE)) as w:
        request = WebRequest("POST", {"signature": "good", "id": "m1"}, "你好".encode())
        assert (await w.gateway.callback("p", request, hung_up)).status == 503
        assert await w.push() == "reply:龙井"
        assert len(w.models.requests) == 1


@pytest.mark.parametrize(
    ("costs", "sum"), [((0.25, 0.5), 0.75), ((0.25, None), None), ((None, None), None)], ids=str
)
async def test_what_a_turn_cost_is_known_only_where_every_round_says_it(costs, sum, tmp_path):
    flow = [{"type": "model", "id": "first"}, {"type": "model", "id": "answer"}]
    answers = [says("好", cost=cost) for cost in costs]
    async with world(tmp_path, *answers, agent={**ANSWERS, "flow": flow}, account=Account(**PASSIVE)) as w:
        await w.push()
        assert (
            await w.gateway.messages.database.read(
                lambda db: db.execute("select cost from messages").fetchone()[0]
            )
            == sum
        )


async def test_a_copy_made_on_the_way_is_no_new_attempt():
    surface = SimpleNamespace(responder=SimpleNamespace(response_seconds=4.5))
    job = Job(1, surface, wrote())
    assert [job.arrived(now) for now in (0, 0.1, 5, 5.2, 10)] == [1, 1, 2, 2, 3]
