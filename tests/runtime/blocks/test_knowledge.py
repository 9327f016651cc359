import asyncio
import time
from dataclasses import dataclass

import pytest

from cost import cpu_seconds
from runtime.knowledge.search.indexes import Indexes
from runtime.knowledge.search.question import question
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.search.words import by_words
from script import agent, play, wrote

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
    assert cpu_seconds(ask) < 2
