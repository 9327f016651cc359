"""Equal questions are answered as before, where the answer has to do with nobody in particular."""

import struct
from contextlib import closing
from dataclasses import replace

import pytest

from runtime.engine import run
from runtime.message import Exchange
from runtime.store.messages.answers import Answers
from runtime.store.messages.messages import Messages
from runtime.templating.prompts import Prompts
from runtime.turn.answer_cache import AnswerCache
from runtime.turn.events import ModelUsed, Replied
from script import Script, agent, calls, says, services, wrote

ASK = {"type": "model", "id": "say", "prompt": {"text": "你是客服"}}
NEAR = {"type": "near"}


class Meanings:
    """Two texts that have the same of these words mean the same."""

    async def meanings(self, texts):
        return [struct.pack("<3e", *(float(word in text) for word in "退茶门")) for text in texts]


@pytest.fixture
def store(tmp_path):
    with closing(Messages(tmp_path / "messages.db")) as messages:
        yield Answers(messages.database)


async def told(answers, models, one, text="怎么退货", **more):
    """Whether a model was asked for it, and how it was answered."""
    asked, history = len(models.requests), more.pop("history", ())
    shared = replace(services(models), answers=answers, knowledge=Meanings(), prompts=Prompts([]))
    events = [event async for event in run(one, wrote(text, **more), history, shared)]
    used = [event for event in events if isinstance(event, ModelUsed)]
    assert isinstance(events[-1], Replied), events[-1]
    return len(models.requests) - asked, events[-1].text, [(event.cached, event.cost) for event in used]


def clerk(cache="exact", **more):
    block = {**ASK, **more.pop("block", {})}
    kind = {"type": cache} if isinstance(cache, str) else cache
    return agent(*more.pop("before", ()), block, **{"cache": kind, **more})


async def test_the_same_question_is_paid_for_once_by_whoever_asks_in_memory_and_after_a_restart(store):
    models = Script([says("七天", cost=0.5), says("别的")])
    assert await told(AnswerCache(store), models, clerk()) == (1, "七天", [("", 0.5)])
    answers = AnswerCache(store)
    for text in ("怎么退货", " 怎么退货 ", "怎麼退貨"):
        assert await told(answers, models, clerk(), text, sender="u2") == (0, "七天", [("exact", 0.0)]), text
    assert (await told(answers, models, clerk(), "怎么换货"))[0] == 1
    off = clerk("off")
    assert [(await told(answers, models, off))[0] for _ in range(2)] == [1, 1]


MANY = [Exchange("你好", "你好")]
OFF = [
    ("the conversation is seen", {}, {"history": MANY}),
    ("tools are offered", {"block": {"tools": [{"type": "clock"}]}}, {}),
    ("a number is in it", {}, {"text": "订单 1234567 呢"}),
    ("an address is in it", {}, {"text": "发到 ann@example.com"}),
    ("the person is in the prompt", {"block": {"prompt": {"text": "他叫 {{ person.name }}"}}}, {}),
    ("the conversation is in the prompt", {"block": {"prompt": {"text": "{{ conversation }}"}}}, {}),
    ("all of the message is", {"block": {"prompt": {"text": "{{ message }}"}}}, {}),
    ("its last answer is", {"block": {"input": "{{ message['last_reply'] }}{{ message.text }}"}}, {}),
    ("a value was set", {"block": {"prompt": {"text": "{{ v.x }}"}},
                         "before": [{"type": "set", "id": "v", "values": {"x": "1"}}]}, {}),
    ("facts are kept of people", {"memory": {"facts": True}}, {}),
    ("it is long", {}, {"text": "长" * 600}),
]  # fmt: skip


async def test_what_has_to_do_with_somebody_is_always_asked_anew(store):
    for name, more, message in OFF:
        models, answers = Script([says("好")]), AnswerCache(store)
        for _ in range(2):
            assert (await told(answers, models, clerk("exact", **more), **message))[0] == 1, name
    models = Script([says("好")])
    variables = [{"name": "shop", "default": "茶铺"}]
    shop = clerk(block={"prompt": {"text": "你在 {{ shop }}，他说 {{ message.text }}"}}, variables=variables)
    assert [(await told(AnswerCache(store), models, shop))[0] for _ in range(2)] == [1, 0]


async def test_a_call_of_a_tool_and_half_an_answer_are_not_kept(store):
    for answer in (replace(says("一半"), finish="length"), calls(("clock", {}))):
        models = Script([answer, says("好")])
        for _ in range(2):
            await told(AnswerCache(store), models, clerk(), f"问 {answer.finish}")
        assert len(models.requests) > 1, answer.finish


async def test_what_means_the_same_is_answered_alike_but_never_with_another_number_or_prompt(store):
    models, answers = Script([says("七天"), says("别的")]), AnswerCache(store)
    near = clerk(NEAR)
    assert (await told(answers, models, near, "想把东西退了"))[0] == 1
    assert await told(answers, models, near, "可以退吗") == (0, "七天", [("near", 0.0)])
    for text in ("几点关门", "可以退 3 件吗", "可以退五件吗"):
        assert (await told(answers, models, near, text))[0] == 1, text
    other = clerk(NEAR, block={"prompt": {"text": "你是店长"}})
    assert (await told(answers, models, other, "可以退吗"))[0] == 1
    assert (await told(answers, models, clerk(NEAR, name="新版"), "可以退吗"))[0] == 1


async def test_it_ends_with_its_time_and_with_whoever_asked(store):
    now, answers = 1000.0, AnswerCache(store)
    db = store._database
    columns = "publication, sender, key, kind, text, message, accepted_at"
    insert = f"insert into messages({columns}) values('p', 'u', 'k', 'text', '', '{{}}', ?)"
    await db.write(lambda db: db.execute(insert, (now,)))
    for key, seq in (("a", 1), ("b", None)):
        await store.keep(key, "g", ("问", b"", "{}"), seq, now, now + 3600)
    assert await store.find("a", now + 3599) == "{}"
    assert await store.find("a", now + 3600) is None
    assert await answers.find("a", now) == "{}"
    await db.write(lambda db: db.execute("delete from answers where seq=1"))
    assert await answers.find("a", now) is None, "not for a moment longer"
    await db.write(lambda db: db.execute("update messages set state='recalled'"))
    await store.keep("c", "g", ("问", b"", "{}"), 1, now, now + 3600)
    assert await store.find("c", now) is None, "of somebody who was forgotten meanwhile nothing is kept"
    await store.keep("d", "g", ("问", b"", "{}"), None, now + 3600, now + 9000)
    assert await store.alike("g", now + 3600, 9) == [("问", b"", "{}")]
