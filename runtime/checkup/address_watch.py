"""Our outgoing address: whether platforms still let it in, asked before an answer is refused for it.

The platform itself is asked, for a token, which sends nothing to anybody: no other service has to know of us.
"""

import asyncio
import logging
from collections.abc import Callable

from runtime.channels import AsksPlatform
from runtime.checkup import platform
from runtime.checkup.opening import patient
from runtime.checkup.patient import Ways
from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.newest import Newest
from runtime.publish.doctor import Doctor
from runtime.store.control.control import Control

log = logging.getLogger(__name__)

FIRST = 60.0
"""Seconds after the start."""
EVERY = 600.0
"""Seconds between two looks: a token lives for two hours, and would hide a new address for as long."""
PUBLICATIONS = 1000
"""That are remembered."""


class AddressWatch:
    """Tells the doctor, who tells the owner on the publish page and in insights; and the log."""

    def __init__(self, control: Control, doctor: Doctor, ways: Ways) -> None:
        self._control, self._doctor, self._ways = control, doctor, ways
        self._told = Newest[str, Text](PUBLICATIONS)

    async def run(self, is_ours: Callable[[], bool]) -> None:
        """For as long as the program runs. `is_ours`: whether the messages are worked on here."""
        await asyncio.sleep(FIRST)
        while True:
            if is_ours():
                await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Ask once for each account."""
        for record in self._control.publications():
            if not record.enabled:
                continue
            try:
                await self._ask(record.id)
            except HongyanError as e:
                log.warning("it cannot be told whether %s lets our address in: %s", record.id, e.text.en)

    async def _ask(self, publication: str) -> None:
        who = patient(self._control, self._doctor, self._ways, publication, "")
        if not platform.has_allow_list(who):
            return
        assert isinstance(who.channel, AsksPlatform)
        await platform.secret(who)
        now = self._ways.clock()
        if who.refused is not None and who.refused.code in who.channel.codes.address:
            text = who.refused.text
            log.error("%s does not let our address in: %s", publication, text.en)
            self._told[publication] = text
            self._doctor.trouble(publication, text, now)
        elif who.refused is None:
            told = self._told.pop(publication, None)
            if told is not None and self._doctor.state(publication, now).trouble == told:
                self._doctor.trouble(publication, None, now)
