"""Messages that wait at a platform: fetched on a signal, and now and then without one."""

import asyncio
import logging

from runtime.channels import Page
from runtime.errors import HongyanError
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.intake import Intake
from runtime.gateway.surfaces import Surface
from runtime.newest import Newest

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks at which publication is due."""
PUBLICATIONS = 1000
"""That are remembered."""
PAUSES = (1.0, 3.0, 9.0)
"""Before another try, when the platform or the disk refused; then it is left until it is due."""


class Fetching:
    """One page after another, for each publication. What it brought is stored together with its
    cursor: no death loses a page, and one that comes again brings nothing new."""

    def __init__(self, context: Context, sender: Sender, intake: Intake) -> None:
        self._surfaces = context.surfaces
        self._sender = sender
        self._intake = intake
        self._facts = context.messages.facts
        self._background = context.background
        self._wanted: dict[str, bool] = {}
        """Publications that are being fetched; True: a signal came meanwhile."""
        self._due = Newest[str, float](PUBLICATIONS)

    def signal(self, surface: Surface) -> None:
        """Something waits there. Never waits."""
        if surface.id in self._wanted:
            self._wanted[surface.id] = True
            return
        self._wanted[surface.id] = False
        self._background.start(self._fetch(surface))

    async def watch(self) -> None:
        """At the start what came while nobody was here, and then what no signal told of."""
        now = asyncio.get_running_loop().time
        while True:
            for surface in self._surfaces.all():
                if surface.fetcher and now() >= self._due.get(surface.id, 0.0):
                    self._due[surface.id] = now() + surface.fetcher.fetch_seconds
                    self.signal(surface)
            await asyncio.sleep(LOOK)

    async def _fetch(self, surface: Surface) -> None:
        try:
            again = True
            while again:
                self._wanted[surface.id] = False
                await self._all_pages(surface)
                again = self._wanted[surface.id]
        finally:
            del self._wanted[surface.id]

    async def _all_pages(self, surface: Surface) -> None:
        for pause in (*PAUSES, None):
            try:
                while await self._one_page(surface):
                    pass
                return
            except HongyanError as e:
                log.warning("messages of %s cannot be fetched: %s", surface.id, e.text.en)
                if pause is not None:
                    await asyncio.sleep(pause)

    async def _one_page(self, surface: Surface) -> bool:
        """Whether there is another one. Raises SendFailed, StoreFailed: then nothing was taken."""
        name = f"cursor {surface.id}"
        cursor = await self._facts.find(name) or ""
        page: Page = await self._sender.fetch(surface, cursor)
        if page.messages or page.cursor != cursor:
            await self._intake.take(surface, page.messages, fact=(name, page.cursor))
        return page.more and page.cursor != cursor  # a cursor that stands still would go on for ever
