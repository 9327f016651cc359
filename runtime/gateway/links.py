"""Connections that we hold to platforms: one for each account whose channel connects."""

import asyncio
import logging
from collections import defaultdict

from runtime.errors import HongyanError
from runtime.gateway.account_link import AccountLink, link_name
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.intake import Intake
from runtime.gateway.sharing import Sharing
from runtime.gateway.surfaces import Surface

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at which publications connect."""


class Links:
    def __init__(self, context: Context, sender: Sender, abilities: Abilities, intake: Intake) -> None:
        self._context = context
        self._sender = sender
        self._abilities = abilities
        self._intake = intake
        self._held: dict[str, tuple[AccountLink, asyncio.Task[None]]] = {}
        """By account."""

    async def watch(self) -> None:
        """Connect what is published, and again what was published anew; let go what was taken back."""
        while True:
            try:
                await self._look()
            except HongyanError as e:  # a disk that refuses for a while
                log.error("it cannot be told who connects: %s", e.text.en)
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        found: dict[str, dict[str, Surface]] = defaultdict(dict)
        for one in self._context.surfaces.all():
            if one.connector:
                found[link_name(one)][one.id] = one
        for name, (link, task) in list(self._held.items()):
            goes_on = link.sharing.update(found[name]) and not task.done()
            if not goes_on or not found[name]:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                del self._held[name]
                if found[name]:
                    self._begin(name, link)
        for name, surfaces in found.items():
            if surfaces and name not in self._held:
                sharing = Sharing(name)
                sharing.update(surfaces)
                link = AccountLink(sharing, self._context, self._sender, self._abilities, self._intake)
                self._begin(name, link)
        for link, _ in self._held.values():
            await link.tell_others()

    def _begin(self, name: str, link: AccountLink) -> None:
        self._held[name] = link, self._context.background.start(link.keep())
