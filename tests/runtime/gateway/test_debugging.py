"""Whoever says the secret word sees how answers come about, alone and for a while; nobody learns the word."""

import asyncio
from dataclasses import replace

import pytest
from world import ANSWERS, Book, Plain
from world import world as plain_world

from runtime.agents.agent import Agent
from runtime.channels import Limits
from runtime.errors import BadSettings, NotFound
from runtime.gateway.debugging import _lines
from runtime.lang import Text
from runtime.message import Exchange
from runtime.publish import publish
from runtime.publish.debug_word import remove_word, set_word
from runtime.store.control.control import Control
from runtime.store.messages.messages import Outcome
from runtime.turn.events import Replied
from script import says, wrote

WORD = "sesam4711"
TOLD = says("好的")


class Whole(Plain):
    """What is said in one piece."""

    limits = Limits(5000)

    @classmethod
    def render(cls, markdown):
        return [markdown] if markdown.strip() else []


def world(folder, *answers, **more):
    return plain_world(folder, *answers, kind=Whole, **more)


def book(folder, *, draft=False, hours=4.0):
    control = Control.in_folder(folder / "data")
    control.debug_words.put("p", WORD, hours, draft=draft, by="")

    class Debugged(Book):
        debug_words = control.debug_words

    return Debugged


async def ask(w, text, id, who="u1", **query):
    """What they are told, in one."""
    before = len(w.account.sent)
    _, reply, response = (await w.push(text, id, **{"from": who, **query})).partition("reply:")
    if reply:
        return response
    await w.until(lambda: len(w.account.sent) > before)
    await asyncio.sleep(0.5)
    return "".join(text for _, text in w.account.sent[before:])


async def test_trace_cost_and_version_stand_below_for_that_person_alone_until_the_word_again(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path)) as w:
        assert await ask(w, "你好", "1") == "好的"
        assert "调试已打开" in await ask(w, f"Debug {WORD.upper()}", "2")  # as a phone begins a line
        shown = await ask(w, "你好", "3")
        assert shown.startswith("好的")
        for part in ("v1 ·", "10+5 词元", "费用未知", "answer: script/one"):
            assert part in shown, shown
        assert await ask(w, "你好", "4", "u2") == "好的"
        assert "调试已关闭" in await ask(w, f"调试 {WORD}", "5")
        assert await ask(w, "你好", "6") == "好的"
        kept = await w.gateway.messages.database.read(
            lambda db: [row[0] for row in db.execute("select text from messages order by seq")]
        )
        assert kept == ["你好", "debug ***", "你好", "你好", "debug ***", "你好"]
    assert not said_in(tmp_path)


def test_what_a_turn_cost_is_said_in_the_readers_money():
    def head(lang):
        answered = Outcome("好", 3, prompt_tokens=10, completion_tokens=5, cost=0.01)
        return next(_lines(answered, 1.5, lang))

    assert head("zh").endswith("¥0.0710")
    assert head("en").endswith("$0.0100")


def said_in(folder):
    """Files that hold the word."""
    words = (WORD.encode(), WORD.upper().encode())
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(word in path.read_bytes() for word in words)]


async def test_whoever_follows_the_answer_sees_it_too_and_nothing_of_it_is_remembered(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path)) as w:

        async def streamed(text, id):
            events = w.gateway.stream("p", wrote(text, id=id), pieces=True)
            return [event.text async for event in events if isinstance(event, Replied)][-1]

        assert "调试已打开" in await streamed(f"debug {WORD}", "1")
        shown = await streamed("你好", "2")
        assert shown.startswith("好的\n\n---\n\n- v1 ·")
        await streamed("再说一次", "3")
        assert {"role": "assistant", "content": "好的"} in w.models.requests[-1].messages
        assert "v1 ·" not in str(w.models.requests[-1].messages)
        assert not said_in(tmp_path)


async def test_it_is_forgotten_after_its_hours(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path, hours=0.01)) as w:
        await ask(w, f"debug {WORD}", "1")
        assert "v1 ·" in await ask(w, "你好", "2")
        await asyncio.sleep(60)
        assert await ask(w, "你好", "3") == "好的"


async def test_guessing_is_bounded_and_a_repeat_costs_no_try(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path)) as w:
        for n in range(10):
            assert "不对" in await ask(w, "debug wrong-word", f"m{n}")
        assert "试得太多" in await ask(w, f"debug {WORD}", "last")  # also the right one
        assert "已打开" in await ask(w, f"debug {WORD}", "other", "u2")
        await w.push(f"debug {WORD}", "other", **{"from": "u2"})  # the platform sends it once more
        assert "v1 ·" in await ask(w, "你好", "after", "u2")


async def test_where_others_read_it_is_refused_and_nothing_is_shown(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path)) as w:
        assert "别人也看得到" in await ask(w, f"debug {WORD}", "1", "group/u1")
        assert await ask(w, "你好", "2", "group/u1") == "好的"


async def test_another_word_ends_it_for_whoever_said_the_one_before(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    words = control.debug_words

    class Debugged(Book):
        debug_words = words

    words.put("p", WORD, 4.0, draft=False, by="")
    async with world(tmp_path, TOLD, book=Debugged) as w:
        await ask(w, f"debug {WORD}", "1")
        assert "v1 ·" in await ask(w, "你好", "2")
        words.put("p", "another-word", 4.0, draft=True, by="")
        w.gateway.arms.drafts = _unreadable
        assert await ask(w, "你好", "3") == "好的"
        assert "调试已打开" in await ask(w, "debug another-word", "4")
        assert "v1 ·" in await ask(w, "你好", "5")


async def test_it_is_kept_nowhere_however_a_channel_or_a_program_tells_it(tmp_path):
    async with world(tmp_path, TOLD, book=book(tmp_path)) as w:
        data = {"subject": f"Debug {WORD.upper()}", "parts": [{"said": f"debug {WORD}"}]}
        before = (Exchange(f"debug {WORD}", "on"), Exchange("我好", "好"))
        sent = replace(wrote(f"debug {WORD}", id="1"), data=data, handle={"thread": f"Re: debug {WORD}"})
        for message in (sent, replace(wrote("你好", id="2"), history=before)):
            async for _ in w.gateway.stream("p", message):
                pass
        assert "我好" in str(w.models.requests[-1].messages)
        assert WORD not in str(w.models.requests)
    assert not said_in(tmp_path)


async def test_without_a_word_set_it_is_a_message_like_others(tmp_path):
    async with world(tmp_path, TOLD) as w:
        assert await ask(w, f"debug {WORD}", "1") == "好的"
        assert w.models.requests[0].messages[-1]["content"] == f"debug {WORD}"


async def test_the_saved_draft_answers_whoever_said_the_word_and_nobody_else(tmp_path):
    drafts = [Agent.load({**ANSWERS, "flow": [{"type": "reply", "id": "say", "text": "草稿一"}]})]
    async with world(tmp_path, TOLD, book=book(tmp_path, draft=True)) as w:
        w.gateway.arms.drafts = lambda id: drafts[-1]
        await ask(w, f"debug {WORD}", "1")
        assert (await ask(w, "你好", "2")).startswith("草稿一")
        drafts.append(Agent.load({**ANSWERS, "flow": [{"type": "reply", "id": "say", "text": "草稿二"}]}))
        assert (await ask(w, "你好", "3")).startswith("草稿二")
        assert await ask(w, "你好", "4", "u2") == "好的"
        w.gateway.arms.drafts = _unreadable
        assert (await ask(w, "你好", "5")).startswith("好的")


def _unreadable(id):
    raise NotFound(Text("没有", "none"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"word": "short"}, "word"),
        ({"word": "with blank"}, "word"),
        ({"word": "x" * 65}, "word"),
        ({"word": "aaaaaaaaaaaa"}, "word"),
        ({"word": "20261130"}, "word"),
        ({"hours": 0.1}, "hours"),
        ({"hours": 25}, "hours"),
        ({"hours": float("nan")}, "hours"),
    ],
)
def test_what_is_no_word_is_refused_and_one_is_made_where_none_is_given(tmp_path, given, field):
    control = Control.in_folder(tmp_path / "data")
    agent = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
    id = publish(control, agent, "api", {}).publication
    with pytest.raises(BadSettings) as refused:
        set_word(control, id, **given)
    assert refused.value.field == field
    word = set_word(control, id)
    assert (len(word), control.debug_words.opens(id, word)) == (12, True)
    assert not control.debug_words.opens(id, word[:-1])
    assert word not in (tmp_path / "data" / "control" / "debug_words.json").read_text("utf-8")
    remove_word(control, id)
    with pytest.raises(NotFound):
        remove_word(control, id)
