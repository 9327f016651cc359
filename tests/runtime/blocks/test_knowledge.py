import asyncio
import time
from dataclasses import dataclass, replace

import pytest

from cost import cpu_seconds
from runtime.engine import run
from runtime.knowledge.search.found import Found, Result, Spent
from runtime.knowledge.search.indexes import Indexes
from runtime.knowledge.search.question import question
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.search.words import by_words
from runtime.turn.events import Compared, LookedUp
from script import Script, agent, calls, play, says, services, wrote

FACTS = """营业时间：每天 9:00 到 21:00，节假日照常。

运费：满 99 元包邮，不满收 8 元。

退换货：7 天无理由退货，请保持包装完好。

Wi-Fi password is tea2026."""


@dataclass
class Case:
    id: str
    query: str
    expect: str


CASES = [
    Case("two characters", "运费", "运费"),
    Case("a question", "你们几点开门，营业到几点？", "营业时间"),
    Case("a part of a word", "怎么退货", "退换货"),
    Case("english", "what is the wi-fi password?", "Wi-Fi"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
async def test_the_fitting_passage_comes_first(case):
    [first, *_] = (await Searching().search(case.query, pasted=FACTS)).passages
    assert first.text.startswith(case.expect)


NOTHING = "{{ docs.text or '没有' }} {{ docs.fits }} {{ docs.query }}"


async def test_what_does_not_fit_is_told_and_goes_the_other_way():
    docs = {"type": "knowledge", "id": "docs", "text": FACTS}
    say = {"type": "reply", "id": "say", "text": NOTHING}
    assert (await play(agent(docs, say), wrote("量子力学")))[-1].text == "没有 False 量子力学"
    sorry = {"type": "reply", "id": "sorry", "text": "资料里没有。{{ docs.fits }}"}
    events = await play(agent({**docs, "otherwise": [sorry]}, say), wrote("量子力学"))
    assert events[-1].text == "资料里没有。False"


async def test_later_blocks_see_what_was_found():
    docs = {"type": "knowledge", "id": "docs", "text": FACTS, "top": 1}
    say = {"type": "reply", "id": "say", "text": "{{ docs.text }}"}
    assert (await play(agent(docs, say), wrote("运费多少")))[-1].text.startswith("运费：满 99")


LARGE = "\n\n".join(
    f"第 {n} 条 {chr(0x4E00 + n)}{chr(0x5E00 + n)}：本条说明 {n} 号商品的用法，请读完再用，有疑问找客服。" * 2
    for n in range(1300)
)


async def test_the_loop_stands_still_for_nobody_while_122_000_characters_are_searched():
    assert len(LARGE) > 100_000
    docs = {"type": "knowledge", "id": "docs", "text": LARGE + "\n\n" + LARGE[:30_000], "top": 1}
    flow = agent(docs, {"type": "reply", "id": "say", "text": "{{ docs.text }}"})
    longest = 0.0

    async def watch():
        nonlocal longest
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - began)

    watching = asyncio.create_task(watch())
    turns = await asyncio.gather(*(play(flow, wrote(f"{n} 号商品怎么用")) for n in range(100)))
    watching.cancel()
    assert [events[-1].type for events in turns] == ["replied"] * 100
    assert longest < 0.5, "of the loop's own seconds in one piece"


ODD = ["", " ", '" OR *', "NEAR(a b)", "a AND b NOT c", "\ud83d", "甲\0乙", "好" * 1_000_000, "a1 " * 300_000]


@pytest.mark.parametrize("query", ODD, ids=lambda query: repr(query[:8]))
def test_no_question_is_too_much(query):
    index = Indexes(None).of_text(LARGE)

    def ask():
        with index.reading() as db:
            return by_words(db, question(query), 3)

    assert isinstance(ask(), list)
    assert cpu_seconds(ask, enough=2) < 2


class Bases:
    """Finds what it was told to find."""

    def __init__(self, *found, fits=True):
        self.result = Result(found, fits)

    async def search(self, text, bases=(), wanted=None, pasted=""):
        return self.result


async def looked_up(agent, message, found, *answers):
    """The one event that tells of it."""
    them = replace(services(Script(list(answers)) if answers else None), knowledge=found)
    [told] = [one async for one in run(agent, message, (), them) if isinstance(one, LookedUp)]
    return told


def passage(source, base="tea"):
    return Found(base, 1, source, source, "", None, "保修一年。", 1.0, 0.9)


DOCS = {"type": "knowledge", "id": "docs", "bases": ["tea"]}


async def test_what_was_looked_up_in_bases_is_told_and_where_it_was_found():
    found = Bases(passage("a.pdf"), passage("a.pdf"), passage("b.md"))
    told = await looked_up(agent(DOCS), wrote("保修多久"), found)
    assert told == LookedUp("docs", "保修多久", ("tea",), True, {"tea": ["a.pdf", "b.md"]})


async def test_what_does_not_fit_was_found_nowhere():
    told = await looked_up(agent(DOCS), wrote("你好"), Bases(passage("a.pdf"), fits=False))
    assert (told.fits, told.sources) == (False, {})


async def test_a_tool_that_searches_is_told_of_alike():
    tool = {"type": "search_knowledge", "bases": ["tea"]}
    ask = {"type": "model", "id": "answer", "prompt": {"text": "x"}, "tools": [tool]}
    searches = calls(("search_knowledge", {"query": "保修"}))
    told = await looked_up(agent(ask), wrote("保修多久"), Bases(passage("a.pdf")), searches, says())
    assert (told.block, told.query, told.sources) == ("answer", "保修", {"tea": ["a.pdf"]})


async def test_what_comparing_cost_is_told_by_model():
    found = Bases(passage("a.pdf"))
    found.result = replace(found.result, spent=(Spent("x/embed", 0.1), Spent("x/rerank", None)))
    them = replace(services(), knowledge=found)
    events = [one async for one in run(agent(DOCS), wrote("保修多久"), (), them)]
    told = [(one.model, one.cost) for one in events if isinstance(one, Compared)]
    assert told == [("x/embed", 0.1), ("x/rerank", None)]
