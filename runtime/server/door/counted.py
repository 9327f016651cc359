"""Under which names a try at the door counts: a browser or a network that somebody came in by before has a
count of its own, so that strangers' tries never keep them out."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.requests import Request

from runtime.access.networks import address_of
from runtime.access.sign_ins import SignIns
from runtime.access.tries import Tries, Try
from runtime.server.door.sessions import Sessions
from runtime.server.door.visit import Visit
from runtime.store.control.control import Control
from runtime.store.vanishing import Name


class Counted:
    """`clock`: seconds since 1970."""

    def __init__(
        self, tries: Tries, control: Control, sessions: Sessions, clock: Callable[[], float] = time.time
    ) -> None:
        self._tries = tries
        self._sign_ins = SignIns(control)
        self._sessions = sessions
        self._clock = clock

    @asynccontextmanager
    async def one(self, request: Request, what: str, user: str) -> AsyncIterator[tuple[Try, bool]]:
        """A try to be that user by `what`, and whether the browser is known. Raises Refused (too_often)."""
        visit = Visit(request.scope)
        browser = self._sessions.browser(visit.cookies, user, secure=visit.is_secure)
        async with self._tries.one(self._names(request, what, user, browser)) as this:
            yield this, bool(browser)

    def _names(self, request: Request, what: str, user: str, browser: str) -> list[Name]:
        if browser:
            return [(what, "browser", browser, user)]
        network = address_of(request.client)
        if network and network in self._sign_ins.networks(user, self._clock()):
            return [(what, "from", network, user)]
        return [(what, "network", network), (what, "user", user)]
