"""People who hold whole conversations with an agent that waits, while the gateway dies."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.chaos.outside import Caller
from bench.chaos.states import in_doubt, stored
from bench.chaos.trial import Running
from bench.chaos.whole import SAID
from runtime.simulator import Crowded
from runtime.simulator.history import QUESTION

FIRST = 7_000_001
AGAIN = "回到刚才的问题"
"""What stands above a question that is asked again below another answer."""
REMINDED = 40.0
"""Seconds after the beginning of a conversation."""
LOOK = 20.0
"""Seconds after which a person opens the page of what did not arrive."""
PATIENCE = 600.0
"""Seconds after which somebody gives up."""
ANSWERED = ("1", "4.1", "4.2", "5", "6")
"""What the person waits for, before each of their messages and at the end."""


@dataclass
class Talk:
    mark: str
    person: str
    number: int
    """Of this person's, from 1."""
    seen_elsewhere: set[str] = field(default_factory=set)
    """Places whose delivery is in doubt: the person read them on the page."""
    stuck: str = ""
    """At which place it ended too soon."""


@dataclass
class People:
    """`caller` calls once for each conversation, when the talk is under way."""

    made: Crowded
    running: Running
    caller: Caller = field(init=False)
    talks: list[Talk] = field(default_factory=list)
    opened: dict[str, list[bool]] = field(default_factory=dict)
    """By person, each time that they opened the chat: whether the platform is sure that it was told."""
    _marks: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST))

    async def hold(self, number: int, talks: int) -> None:
        """One person's conversations, one after the other."""
        for one in range(talks):
            mark = f"Q{next(self._marks)}E"
            due = datetime.now(UTC) + timedelta(seconds=REMINDED)
            person = await self.write(number, f"{mark} {due.isoformat(timespec='seconds')}")
            talk = Talk(mark, person, one + 1)
            self.talks.append(talk)
            calling = asyncio.create_task(self._meanwhile(number, talk))
            await self._talk(number, talk)
            await calling
            if talk.stuck:
                return

    async def _talk(self, number: int, talk: Talk) -> None:
        for place in ANSWERED:
            if not await self._heard(talk, place):
                talk.stuck = place
                return
            if place != ANSWERED[-1]:
                await asyncio.sleep(self._dice.uniform(0.0, 0.5))
                await self.write(number, f"a{place} {talk.mark.replace('Q', 'Q' + place.replace('.', ''))}")

    async def _meanwhile(self, number: int, talk: Talk) -> None:
        await asyncio.sleep(self._dice.uniform(0.5, 6.0))
        sure = await self.made.opened_by(number)
        if sure is not False:
            self.opened.setdefault(talk.person, []).append(bool(sure))
        await self.caller.call(talk.mark, talk.person)

    async def write(self, number: int, text: str) -> str:
        """As somebody who writes again when nothing was taken, also when told to: never when it was."""
        marked = QUESTION.search(text)
        while True:
            taken = await self.made.written_by(number, text)
            was_answered = marked is not None and marked[1] in self.made.told()
            if (taken.is_sure and not was_answered) or await self._is_stored(text):
                return taken.person

    async def _is_stored(self, text: str) -> bool:
        """What is on its way through a socket may be there a moment later."""
        for _ in range(20):
            if stored(self.running.home, text):
                return True
            await asyncio.sleep(0.1)
        return False

    async def _heard(self, talk: Talk, place: str) -> bool:
        began = self._now()
        while self._now() - began < PATIENCE:
            if place in self.places(talk.mark):
                return True
            if self._now() - began > LOOK and self.in_doubt(f"〔{talk.mark} {place}〕"):
                talk.seen_elsewhere.add(place)
                return True
            await asyncio.sleep(0.05)
        return False

    def places(self, mark: str) -> list[str]:
        """Of what was shown of a conversation, in the order in which it was."""
        return [place for at in self.said() for whose, place, _ in at if whose == mark]

    def said(self) -> Iterator[list[tuple[str, str, str]]]:
        """In the order in which it was seen, of a bubble that grew when it had done so. What is asked again
        below another answer is no second question."""
        for shown in sorted(self.made.everybody_saw(), key=lambda shown: shown.at):
            yield SAID.findall(shown.text.partition(AGAIN)[0])

    def in_doubt(self, words: str) -> bool:
        """Whether this was said, and perhaps did not arrive."""
        return in_doubt(self.running.home, words)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def _dice(self) -> random.Random:
        return self.running.dice
