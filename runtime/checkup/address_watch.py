"""Our outgoing address: whether platforms still let it in, asked before an answer is refused for it.

The platform itself is asked, for a token, which sends nothing to anybody: no other service has to know of us.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

from runtime.channels import AsksPlatform, Checked
from runtime.checkup import platform
from runtime.checkup.opening import patient
from runtime.checkup.patient import Patient, Ways
from runtime.errors import HongyanError
from runtime.lang import Text
from runtime.newest import Newest
from runtime.publish.doctor import Doctor
from runtime.store.control.control import Control

Tell = Callable[[str, Text | None, float], None]
"""As Observer.trouble."""

log = logging.getLogger(__name__)

FIRST = 60.0
"""Seconds after the start."""
EVERY = 600.0
"""Seconds between two looks: a token lives for two hours, and would hide a new address for as long."""
PUBLICATIONS = 1000
"""That are remembered."""


class _Told(NamedTuple):
    address: str
    text: Text


class AddressWatch:
    """Tells as the gateway does what it finds itself: on the publish page, in alerts; and in the log."""

    def __init__(self, control: Control, doctor: Doctor, ways: Ways, tell: Tell) -> None:
        self._control, self._doctor, self._ways, self._tell = control, doctor, ways, tell
        self._told = Newest[str, _Told](PUBLICATIONS)

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
            self._refused(publication, _seen(who), who.refused.text, now)
        elif who.refused is None:
            told = self._told.pop(publication, None)
            if told is not None and self._doctor.state(publication, now).trouble == told.text:
                self._tell(publication, None, now)

    def _refused(self, publication: str, address: str, text: Text, now: float) -> None:
        """Told once for each address: the sentence has the id of a call in it, and is another each time."""
        told = self._told.get(publication)
        if told is not None and told.address == address:
            return
        log.error("%s does not let our address in: %s", publication, text.en)
        self._told[publication] = _Told(address, text)
        self._tell(publication, text, now)


def _seen(who: Patient) -> str:
    """The address as the platform saw it, where it says so."""
    channel, refusal = who.channel, who.refusal
    return channel.seen_address(refusal) if isinstance(channel, Checked) and refusal is not None else ""
