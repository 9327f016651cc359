"""What the owner must hear of, where the owner reads: told once when it begins, and once when it is over."""

import asyncio
import logging
import uuid
from collections.abc import Callable

from runtime.channels import Notice
from runtime.errors import HongyanError, StoreFailed
from runtime.gateway.background import Background
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.lang import Text, as_it_is
from runtime.newest import Newest

log = logging.getLogger(__name__)

PUBLICATIONS = 1000
"""Whose trouble is remembered."""
HOUR = 3600.0
"""Seconds in which the same trouble, coming and going, is told once."""
AGAIN = 30.0
"""Seconds until one that could not be stored is tried again: it may be that the disk is full…"""
PATIENCE = 6 * 3600.0
"""…and seconds after which it is given up."""
WAITING = 100
"""That wait so."""
BEGAN = Text("**{name}**（{channel}）\n{text}", "**{name}** ({channel})\n{text}")
OVER = Text("**{name}**（{channel}）\n已恢复正常。", "**{name}** ({channel})\nAll is well again.")


class Alerts:
    """`where` says to which publication they go; "" for nowhere."""

    def __init__(
        self,
        surfaces: Surfaces,
        saying: Saying,
        background: Background,
        where: Callable[[], str],
    ) -> None:
        self._surfaces = surfaces
        self._saying = saying
        saying.tell = self.tell
        self._background = background
        self._where = where
        self._told = Newest[str, tuple[str, float]](PUBLICATIONS)
        """What was told last of each, and when."""
        self._bad = Newest[str, None](PUBLICATIONS)
        """Those that were told to be in trouble."""
        self._waiting = 0

    def trouble(self, publication: str, text: Text | None) -> None:
        """Answers cannot be sent, for this reason; None: they can again. Never waits."""
        if text is None:
            if publication in self._bad:
                del self._bad[publication]
                self._tell(publication, None)
            return
        now = asyncio.get_running_loop().time()
        before, at = self._told.get(publication, ("", float("-inf")))
        if before == text.en and (publication in self._bad or now - at < HOUR):
            return
        self._told[publication], self._bad[publication] = (text.en, now), None
        self._tell(publication, text)

    def notice(self, publication: str, notice: Notice) -> None:
        self._tell(publication, notice.text)

    def tell(self, text: Text) -> None:
        """What concerns no single publication. Never waits."""
        if target := self._surfaces.find(self._where() or ""):
            self._background.start(self._bring(target, text))

    def _tell(self, publication: str, text: Text | None) -> None:
        there = self._where()
        if there in ("", publication):
            return  # what is wrong with it cannot be said on it
        target, about = self._surfaces.find(there), self._surfaces.accepted_by(publication)
        if target is not None:
            self._background.start(self._say(target, about, publication, text))

    async def _say(self, target: Surface, about: Surface | None, id: str, text: Text | None) -> None:
        name = about.agent.name if about else id
        channel = type(about.channel).about.title if about else as_it_is(id)
        pattern = OVER if text is None else BEGAN
        await self._bring(target, pattern.fill(name=name, channel=channel, text=text or ""))

    async def _bring(self, target: Surface, text: Text) -> None:
        said, key, loop = text.to(target.agent.language), f"alert {uuid.uuid4()}", asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while not await self._is_said(target, said, key, text, is_last=loop.time() >= until):
            self._waiting += 1
            try:
                await asyncio.sleep(AGAIN)
            finally:
                self._waiting -= 1

    async def _is_said(self, target: Surface, said: str, key: str, text: Text, *, is_last: bool) -> bool:
        """Or given up."""
        try:
            await self._saying.say(target, said, key=key)
        except HongyanError as e:
            log.error("an alert cannot be told on %s: %s (%s)", target.id, e.text.en, text.en)
            return is_last or self._waiting >= WAITING or not isinstance(e, StoreFailed)
        return True
