"""A conversation that asks, acts, says something in the middle and is approved; killed, and taken up.

Prints what became of it for each point. A program of its own, since what is killed is a process.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar, Literal

from world import Account, world

from pausing import ABOUT
from runtime import crash
from runtime.blocks import Block, registry
from runtime.errors import HongyanError
from runtime.simulator.fast_loop import FastLoop

POINTS = ["before_block:2", "before_block:5", "after_taken", "after_decision", "after_begun", "before_send:2"]
FLOW = [
    {"type": "act", "id": "act"},
    {
        "type": "ask",
        "id": "ask",
        "fields": [{"name": "n", "title": "人数", "type": "number", "question": "几位？"}],
    },
    {"type": "reply", "id": "wait", "text": "请稍等"},
    {"type": "approve", "id": "ok", "question": "{{ ask.fields.n }}？", "text": "已提交"},
    {"type": "reply", "id": "say", "text": "订好 {{ ask.fields.n }} 位"},
]
AGENT = {"format": 1, "id": "shop", "name": "店", "flow": FLOW}


class Lines(list):
    """What was sent, in a file that outlives the process."""

    def __init__(self, path):
        self.path = path

    def append(self, sent):
        with self.path.open("a") as file:
            file.write(f"{sent[1]}\n")

    def read(self):
        return self.path.read_text().split("\n")[:-1] if self.path.exists() else []


async def converse(folder):
    class Act(Block):
        about: ClassVar = ABOUT
        type: Literal["act"] = "act"

        @property
        def takes_time(self):
            return True

        async def run(self, turn):
            async def work():
                acts.append(("", "act"))
                return True

            await turn.step(self.id, work)
            return {}

    sent, acts = Lines(folder / "sent"), Lines(folder / "acts")
    with registry.including({"act": Act}):
        async with world(folder, agent=AGENT, account=Account(sent=sent)) as w:
            for id, text, answer in (("m1", "订座", "几位？"), ("m2", "三位", "已提交")):
                await w.push(text, id=id)
                await w.until(lambda answer=answer: any(answer in line for line in sent.read()))
            for wait in await w.gateway.messages.waits.open(kind="decision"):
                with contextlib.suppress(HongyanError):
                    await w.gateway.waits.decide(wait.id, yes=True, by="an")
            await w.until(lambda: "订好 3 位" in sent.read(), 30)
    return sent.read(), acts.read()


def in_child(work):
    """Whether the work was killed."""
    if (pid := os.fork()) == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a child failed: {status}")
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def run(folder):
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(converse(folder))


def main(home):
    told = {}
    for point in POINTS:
        folder = home / point.replace(":", "-")
        folder.mkdir()
        os.environ[crash.VARIABLE] = point
        killed = in_child(lambda folder=folder: run(folder))
        del os.environ[crash.VARIABLE]
        in_child(lambda folder=folder: run(folder))
        sent = [line for text in Lines(folder / "sent").read() for line in text.split("\n\n") if line]
        told[point] = {"sent": sent, "acts": Lines(folder / "acts").read(), "killed": killed}
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 # for the test that started it


main(Path(sys.argv[1]))
