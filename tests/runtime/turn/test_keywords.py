"""Answers that an owner wrote down are given at once, word for word."""

import pytest

from runtime import engine
from runtime.agents.agent import Agent
from runtime.errors import BadAgent
from runtime.message import Message
from runtime.turn.events import Replied
from runtime.turn.keyword_settings import Keyword
from runtime.turn.keywords import known_answer
from script import Script, services

HOURS = Keyword(words=["营业时间", "Opening Hours"], text="9:00–21:00")
REFUND = Keyword(words=["退款", "退货"], match="contains", text="七天内可退")
ALL = [HOURS, REFUND, Keyword(words=["时间"], match="contains", text="什么时间？")]

CASES = {
    "the word": ("营业时间", "9:00–21:00"),
    "blanks around it": ("  营业时间\n", "9:00–21:00"),
    "another case": ("opening HOURS", "9:00–21:00"),
    "wide letters": ("ｏｐｅｎｉｎｇ ｈｏｕｒｓ", "9:00–21:00"),
    "in a sentence, where the word must be all": ("你们营业时间是？", "什么时间？"),
    "in a sentence": ("我想退款怎么办", "七天内可退"),
    "the first of two that fit": ("退款要多少时间", "七天内可退"),
    "none": ("你好", None),
    "nothing": ("  ", None),
}


@pytest.mark.parametrize(("said", "answer"), CASES.values(), ids=CASES)
def test_what_counts_as_said(said, answer):
    assert known_answer(ALL, Message("1", "u", said)) == answer


@pytest.mark.parametrize(
    ("kind", "counts"), [("voice", True), ("event", True), ("link", False), ("location", False)]
)
def test_what_was_spoken_or_chosen_counts_and_what_a_link_is_called_does_not(kind, counts):
    assert (known_answer(ALL, Message("1", "u", "退款", kind)) is not None) == counts


def agent(**more):
    flow = [{"type": "model", "id": "answer"}]
    return Agent.load({"format": 1, "id": "shop", "name": "店", "flow": flow, **more})


async def test_no_model_is_asked():
    models = Script()
    told = [
        event
        async for event in engine.run(
            agent(keywords=[HOURS.model_dump()]), Message("1", "u", "营业时间"), [], services(models)
        )
    ]
    assert told == [Replied("9:00–21:00", 0)]
    assert models.requests == []


BAD = {
    "no word": {"words": [], "text": "x"},
    "an empty word": {"words": [" "], "text": "x"},
    "no text": {"words": ["a"], "text": ""},
    "another way to match": {"words": ["a"], "text": "x", "match": "regex"},
    "an unknown field": {"words": ["a"], "text": "x", "reply": "y"},
    "a word that is a number": {"words": [1], "text": "x"},
}


@pytest.mark.parametrize("keyword", BAD.values(), ids=BAD)
def test_what_is_no_keyword_is_named(keyword):
    with pytest.raises(BadAgent) as refused:
        agent(keywords=[HOURS.model_dump(), keyword])
    assert refused.value.field.startswith("keywords.1")
