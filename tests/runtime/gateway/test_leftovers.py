"""A turn is gone when it is done: nothing of it waits for the garbage collector, which runs seldom here."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from world import Account, world

from leftovers import leftovers
from runtime.channels._text.markdown import to_chat_text
from runtime.message import Message
from runtime.models.reading.unfinished import Unfinished
from script import DOWN, Script, agent, calls, play, says

MARKDOWN = (
    "# 题\n\n**粗** `码` [链接](https://a.example/x) ![图](https://a.example/y) <b>粗</b> &amp; \\*\n\n"
    "- 一\n- 二\n\n> 引\n\n|a|b|\n|-|-|\n|1|2|\n\n```\ncode\n```\n"
)
TOOLS = agent({"type": "model", "id": "answer", "tools": [{"type": "clock"}]})
BRANCHES = agent(
    {
        "type": "branch",
        "id": "which",
        "cases": [{"title": "甲", "when": "True", "flow": [{"type": "model", "id": "answer"}]}],
        "otherwise": [],
    },
    {"type": "reply", "id": "say", "text": "答：{{ answer.text }}"},
)


def pieces(*texts):
    unfinished = Unfinished(lambda _: None)
    unfinished.begin(True, 0)
    for text in texts:
        unfinished.read([{"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}], "m")
    unfinished.read([{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}], "m")
    unfinished.answer("m")


THOUGHTS = ("<think>想", "</think>你`a`", "```\nx\n```\n好")


async def messages(folder, numbers):
    async with world(folder, account=Account(can_push=True)) as w:
        await w.push(id="first")
        await w.come_to("delivered")
        with leftovers() as found:
            for number in numbers:
                await w.push(id=f"m{number}", **{"from": f"u{number}"})
            await w.come_to(*["delivered"] * (1 + len(numbers)))
            await w.until(lambda: not w.gateway._worker._live)
        return found


async def streamed(folder, **how):
    async with world(folder) as w:
        with leftovers() as found:
            async for _ in w.gateway.stream("p", Message("s1", "key:1", "你好"), **how):
                pass
            await w.until(lambda: not w.gateway._worker._live)
        return found


@dataclass(frozen=True)
class Work:
    id: str
    do: Any
    """Makes a coroutine, or does it at once."""


WORKS = [
    Work("a turn with branches", lambda: play(BRANCHES, models=Script([says("好")]))),
    Work(
        "a turn with a tool, watched",
        lambda: play(TOOLS, models=Script([calls(("clock", {})), says("好")]), stream=True),
    ),
    Work("a turn whose model failed", lambda: play(TOOLS, models=Script([DOWN]))),
    Work("an answer that was read in pieces", lambda: pieces(*THOUGHTS)),
    Work("an answer as it is shown", lambda: to_chat_text(MARKDOWN)),
]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.id)
async def test_work_leaves_nothing_for_the_collector(work):
    async def do():
        if asyncio.iscoroutine(working := work.do()):
            await working

    await do()  # what is made once and kept
    with leftovers() as found:
        await do()
    assert found == {}


async def test_messages_leave_nothing_for_the_collector(tmp_path):
    assert await messages(tmp_path, range(5)) == {}


@pytest.mark.parametrize("how", [{}, {"needs_listener": True}, {"pieces": False}], ids=str)
async def test_requests_leave_nothing_for_the_collector(tmp_path, how):
    assert await streamed(tmp_path, **how) == {}


class Holder:
    def __init__(self):
        self.me = self


Holder.__module__ = "runtime.test"


def test_what_holds_itself_would_be_found():
    with leftovers() as found:
        Holder()
    assert found == {"runtime.test.Holder": 1}
