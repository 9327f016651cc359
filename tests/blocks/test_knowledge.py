from dataclasses import dataclass

import pytest

from runtime.blocks.knowledge import search, terms
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
def test_the_fitting_passage_comes_first(case):
    assert search(FACTS, case.query, 2)[0].startswith(case.expect)


def test_nothing_fits():
    assert search(FACTS, "量子力学", 3) == []


def test_a_long_paragraph_is_cut_after_sentences():
    long = "茶叶要密封保存。" * 100
    assert all(len(p) <= 400 and p.endswith("。") for p in search(long, "密封保存", 20))


def test_chinese_is_read_in_pairs():
    assert terms("退换货 OK") == ["退换", "换货", "ok"]


async def test_later_blocks_see_what_was_found():
    docs = {"type": "knowledge", "id": "docs", "text": FACTS, "top": 1}
    say = {"type": "reply", "id": "say", "text": "{{ docs.text }}"}
    assert (await play(agent(docs, say), wrote("运费多少")))[-1].text.startswith("运费：满 99")
