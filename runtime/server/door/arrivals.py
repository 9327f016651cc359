"""Where every way in ends. Whoever came by a password, a passkey, a link or somebody else's word is let in
here, or asked for what is still missing; and each step is written into the audit log."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.audit.log import Audit
from runtime.access.audit.record import Deed, Status
from runtime.access.networks import address_of
from runtime.access.proof import Proof
from runtime.access.second.second_factors import SecondFactors, Wanted
from runtime.access.users import Users
from runtime.errors import NotFound
from runtime.server.door.sessions import Sessions
from runtime.server.door.signed import Signed, cookie_name, set_cookie
from runtime.server.door.visit import Visit
from runtime.server.door.ways import address_of_scope, origin_of
from runtime.store.control.control import Control
from runtime.store.vanishing import Vanishing

HALF = "half"
HALF_SECONDS = 10 * 60
"""For the second step."""
OF_A_NETWORK, OF_ALL, SECONDS = 30, 300, 900.0
"""Refusals that are written down, in so many seconds; the last says that others may follow it…"""
UNTOLD = "more-not-written"
"""…by this."""
PROVE, SET_UP = "/login/second", "/login/set-up"


@dataclass(frozen=True)
class Half:
    """Somebody who came by one factor, and is asked for another."""

    id: str
    proof: Proof
    there: str
    """The path that they wanted to go to."""


class Arrivals:
    """`clock`: seconds since 1970."""

    def __init__(
        self,
        control: Control,
        sessions: Sessions,
        audit: Audit,
        vanishing: Vanishing,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._users = Users(control, clock)
        self._second = SecondFactors(control, clock)
        self._signed = Signed(control.owner)
        self._sessions = sessions
        self._audit = audit
        self._vanishing = vanishing
        self._clock = clock

    async def come(self, request: Request, proof: Proof, there: str = "/") -> Response:
        """To that path of ours with a session, or to the second step. Raises NotFound, also for who may not
        come in, and NotSaved."""
        if self._users.generation(proof.user) is None:
            raise NotFound(self._users.gone(proof.user))
        wanted = Wanted.NOTHING if proof.is_strong else self._second.wanted(proof.user)
        if wanted is Wanted.NOTHING:
            response: Response = RedirectResponse(_below(request, there), 303)
            await self.let_in(request, response, proof)
            return response
        response = RedirectResponse(_below(request, PROVE if wanted is Wanted.PROOF else SET_UP), 303)
        self._hold(request, response, proof, there)
        await self.tell(request, proof.user, "account.first-step", "done", proof.by)
        return response

    async def let_in(self, request: Request, response: Response, proof: Proof) -> None:
        """With a session from now on. Raises NotFound, NotSaved."""
        visit = Visit(request.scope)
        opened = self._sessions.open(
            response,
            proof,
            visit.cookies,
            secure=visit.is_secure,
            now=self._clock(),
            device=visit.headers.get("user-agent", ""),
            address=request.client.host if request.client else "",
        )
        if half_name(visit.is_secure) in visit.cookies:
            set_cookie(response, half_name(visit.is_secure), "", 0, secure=visit.is_secure)
        await self.tell(request, proof.user, "account.sign-in", "done", proof.by, opened)

    async def tell(
        self,
        request: Request,
        user: str,
        what: str,
        status: Status,
        by: tuple[str, ...] = (),
        session: str = "",
    ) -> None:
        """Who is not there is not named: it may be a password, typed into the wrong box. `session`: the one
        that begins with it."""
        if status == "refused":
            last = await self._untold(request)
            if last is None:
                return
            by = (*by, *filter(None, [last]))
        whose = user if self._users.find(user) else "nobody"
        origin = f"{address_of_scope(request.scope)} {session}" if session else origin_of(request)
        await asyncio.to_thread(self._audit.tell, Deed(whose, origin, what, "user", whose), status, by)

    async def _untold(self, request: Request) -> str | None:
        """What to add to a refusal that is written down; None for one that is not: strangers fill no disk."""
        network = await self._vanishing.count(("refused", address_of(request.client)), SECONDS)
        if network.amount > OF_A_NETWORK:
            return None
        amount = (await self._vanishing.count(("refused",), SECONDS)).amount
        if amount > OF_ALL:
            return None
        return UNTOLD if network.amount == OF_A_NETWORK or amount == OF_ALL else ""

    def half(self, visit: Visit) -> Half | None:
        """Who is half way in, in this browser, with a password that still counts."""
        match self._signed.read(HALF, visit.cookies.get(half_name(visit.is_secure), "")):
            case [str(id), str(user), int(generation), list(by), str(there), int(until)]:
                if self._clock() < until and self._users.generation(user) == generation:
                    return Half(id, Proof(user, tuple(map(str, by))), there)
        return None

    def _hold(self, request: Request, response: Response, proof: Proof, there: str) -> None:
        visit, until = Visit(request.scope), int(self._clock()) + HALF_SECONDS
        generation = self._users.generation(proof.user)
        held = [secrets.token_hex(16), proof.user, generation, list(proof.by), there, until]
        cookie = self._signed.write(HALF, held)
        set_cookie(response, half_name(visit.is_secure), cookie, HALF_SECONDS, secure=visit.is_secure)


def half_name(secure: bool) -> str:
    """The cookie of who is half way in; it opens nothing."""
    return f"{cookie_name(secure)}-{HALF}"


def _below(request: Request, path: str) -> str:
    return f"{Visit(request.scope).root}{path}"
