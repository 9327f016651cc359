"""Check-ups that are under way, for whoever looks on: what was found so far, and what is still to come."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from runtime.checkup import order
from runtime.checkup.check import Finding, examined
from runtime.checkup.opening import patient
from runtime.checkup.patient import Ways
from runtime.lang import Text
from runtime.newest import Newest
from runtime.publish.doctor import Doctor
from runtime.store.control.control import Control

PUBLICATIONS = 100
"""Whose newest check-up is remembered."""


@dataclass
class Checkup:
    """One check-up. `planned`: every check's name and title, in order."""

    began: float
    planned: Sequence[tuple[str, Text]]
    found: list[Finding] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        return self.task is None or self.task.done()

    @property
    def is_stopped(self) -> bool:
        """Whether somebody ended it before its last check."""
        return self.task is not None and self.task.cancelled()


class Checkups:
    """The newest of each publication; it goes on when nobody looks."""

    def __init__(self, control: Control, doctor: Doctor, ways: Ways, public_url: Callable[[], str]) -> None:
        self.ways = ways
        self._control, self._doctor, self._public_url = control, doctor, public_url
        self._newest = Newest[str, Checkup](PUBLICATIONS)

    def begin(self, publication: str) -> Checkup:
        """The one that is under way, or a new one. Call it on the loop. Raises NotFound, Unreadable."""
        newest = self._newest.get(publication)
        if newest is not None and not newest.is_over:
            return newest
        who = patient(self._control, self._doctor, self.ways, publication, self._public_url())
        checks = order.checks(who)
        titles = [(check.id, who.channel.words.fill(check.title)) for check in checks]
        made = Checkup(self.ways.clock(), titles)

        async def run() -> None:
            async for finding in examined(who, checks):
                made.found.append(finding)

        made.task = asyncio.get_running_loop().create_task(run(), name=f"check-up of {publication}")
        self._newest[publication] = made
        return made

    def newest(self, publication: str) -> Checkup | None:
        return self._newest.get(publication)

    def stop(self, publication: str) -> None:
        """End the one that is under way; what was found so far stays. Call it on the loop."""
        newest = self._newest.get(publication)
        if newest is not None and newest.task is not None:
            newest.task.cancel()
