"""Blocks for tests: one that waits, one that does what may be done once."""

from collections import Counter
from typing import ClassVar, Literal

from runtime.blocks import Block, Waits
from runtime.lang import Text
from runtime.schema import About
from runtime.turn.waiting import Wait

ABOUT = About(Text("试", "Test"), Text("试", "For tests"))
DONE = Counter()


class Pause(Waits, Block):
    """Says something and waits for the answer."""

    about: ClassVar[About] = ABOUT
    type: Literal["pause"] = "pause"
    kind: str = "message"
    says: str = "几位？"
    hours: float = 24

    async def run(self, turn):
        until = turn.now().timestamp() + self.hours * 3600
        came = await turn.wait(
            self.id, Wait(self.kind, turn.render(self.says), until=until, token="secret-token")
        )
        return {"yes": "", "text": turn.message.text, **came.data}


class Act(Block):
    """Does something that may be done once."""

    about: ClassVar[About] = ABOUT
    type: Literal["act"] = "act"

    @property
    def takes_time(self):
        return True

    async def run(self, turn):
        async def work():
            DONE[turn.path + self.id] += 1
            return True

        await turn.step(self.id, work)
        return {"text": turn.message.text}
