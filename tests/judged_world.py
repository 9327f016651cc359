"""A home in which people asked, judged, and operators answered."""

import asyncio
import json

from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.person import Handing
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.ratings import answer_mark
from script import wrote

PUBLICATION, AGENT = "shop-1", "shop"


class JudgedWorld:
    """Every deed comes at its own second, `now`."""

    def __init__(self, home, kinds=()):
        self.home, self.now = home, 1_000_000.0
        self.control = Control.in_folder(home / "data")
        publication = Publication(id=PUBLICATION, agent=AGENT, channel="api", version=1, created_at=0)
        self.control.save_publication(publication)
        agent = {"id": AGENT, "name": "茶铺", "safety": {"masking": {"kinds": list(kinds)}}}
        self.control.freeze(PUBLICATION, agent)

    def do(self, work):
        """With the store open."""

        async def run():
            messages = Messages(self.home / "data" / "messages.db")
            try:
                return await work(messages)
            finally:
                await asyncio.to_thread(messages.close)

        self.now += 1
        return asyncio.run(run())

    def asked(self, text, reply, sender="ann", publication=PUBLICATION, **more):
        """A message that was answered so; its number and key."""
        id = f"m{self.now:.0f}"

        async def work(messages):
            sent = await messages.accept(publication, wrote(text, sender=sender, id=id, **more), self.now)
            parts = [AnswerPart(reply)] if reply else []
            await messages.finish(sent.seq, Outcome(reply, 1), parts, self.now, "answered")
            return sent.seq, id

        return self.do(work)

    def judged(self, asked, verdict, why="", sender="ann", of=""):
        seq, key = asked
        mark = of or answer_mark(PUBLICATION, sender, key, seq)
        data = {"event": "rated", "of": mark, "verdict": verdict}
        event = Message(f"r{self.now:.0f}", sender, why, "event", self.now, data)

        async def work(messages):
            sent = await messages.accept(PUBLICATION, event, self.now)
            await messages.mark(sent.seq, "silent")

        self.do(work)

    def scored(self, asked, score, why="", sender="ann", by=""):
        """They were asked how satisfied they were after that message, and answered so."""
        key, data = f"score {asked[0]}", {"score": asked[0], "by": by, "language": "zh"}

        async def work(messages):
            question = Message(key, sender, "", "start", self.now, data)
            sent = await messages.accept(PUBLICATION, question, self.now)
            done = (Outcome("满意吗", 1), [AnswerPart("满意吗")], self.now, "answered")
            await messages.finish(sent.seq, *done)
            mark = answer_mark(PUBLICATION, sender, key, sent.seq)
            told = {"event": "scored", "of": mark, "score": score}
            event = Message(f"e{self.now:.0f}", sender, why, "event", self.now, told)
            sent = await messages.accept(PUBLICATION, event, self.now)
            await messages.mark(sent.seq, "silent")

        self.do(work)

    def corrected(self, asked, *words, sender="ann", by="carl"):
        async def work(messages):
            handing = Handing(reason="wrong", summary="", sentiment="", priority=1, due=None, silent=False)
            lane, tickets = (PUBLICATION, sender), messages.tickets
            id = await tickets.open(lane, AGENT, handing, self.now, seq=asked[0], step="s")
            await tickets.take(id, by, self.now)
            for n, one in enumerate(words):
                await tickets.say(id, by, one, [AnswerPart(one)], f"k{n}", self.now)
            await tickets.move(id, by, "done", "handed_back", self.now)

        self.do(work)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]
