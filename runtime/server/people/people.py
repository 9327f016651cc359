"""Who a request of a page or an app of ours is from: `Authorization: Bearer` with a token of ours.

A token says who somebody was minutes ago; that they still are is looked up with each request, in whatever
process, so what ends a session ends it everywhere at once.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from runtime.access.access_tokens import LIVES, AccessTokens, Claims, UnknownKey, is_token
from runtime.access.refresh_tokens import LIVES as REFRESH_LIVES
from runtime.access.refresh_tokens import RefreshToken, RefreshTokens
from runtime.channels import SignsIn, registry
from runtime.errors import Forbidden, NotSaved, Refused, Unreadable
from runtime.gateway.gateway import Gateway
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.schema import label
from runtime.server.api.taken_files import SentFile
from runtime.server.door.origins import Origins
from runtime.server.door.visit import Visit
from runtime.server.people.sent_files import FileIds, unknown
from runtime.store.control.control import Control
from runtime.store.messages.families import Families

NO_TOKEN = Text(
    "缺少令牌。请先登录（POST /agent/session），再在 Authorization 头里写 Bearer 和它。",
    "No token. Sign in first (POST /agent/session), then send Authorization: Bearer and the token.",
)
OVER = Text(
    "登录已经结束，请重新登录（POST /agent/session）。",
    "You are signed out; sign in anew (POST /agent/session).",
)
STRANGE = Text(
    "网页 {origin} 不能用这个发布；可以的写在它的「{setting}」里。",
    "Pages of {origin} may not use this publication; its setting “{setting}” names those that may.",
)
NO_PAGES = Text(
    "别的网站的网页（{origin}）不能用这个发布。",
    "Pages of other sites ({origin}) may not use this publication.",
)

APART = 1.0
"""Seconds between two looks for keys of others."""


@dataclass(frozen=True)
class Person:
    """Who is signed in. `family`: by which it ends; `until`: when their token is over, seconds since 1970."""

    surface: Surface
    sender: str
    family: str
    until: float

    @property
    def publication(self) -> str:
        return self.surface.id


class People:
    def __init__(
        self,
        gateway: Gateway,
        control: Control,
        public_url: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.gateway, self._control, self.clock = gateway, control, clock
        self._tokens, self.refreshing = AccessTokens(control, clock), RefreshTokens(control)
        self._origins, self.files = Origins(public_url), FileIds(control.marks_of)
        self._looking: asyncio.Future[None] | None = None
        self._looked_at = -APART

    @property
    def families(self) -> Families:
        return self.gateway.messages.families

    @staticmethod
    def comes(request: HTTPConnection) -> bool:
        """Whether a person does, and no program with a key."""
        return is_token(Visit(request.scope).bearer)

    async def of(self, request: HTTPConnection, shown: str = "") -> Person:
        """`shown`: a token that came another way. Raises Refused: no_token, bad_token, token_expired,
        session_over; Forbidden (origin)."""
        shown = shown or Visit(request.scope).bearer
        if not shown:
            raise Refused(NO_TOKEN, code="no_token")
        claims = await self._claims(shown)
        found = await self.families.find(claims.family, self.clock())
        surface = self.gateway.surfaces.find(claims.publication)
        if found != (claims.publication, claims.sender) or surface is None or surface.door is None:
            raise over()
        self.check_origin(request, surface)
        return Person(surface, claims.sender, claims.family, claims.until)

    async def _claims(self, shown: str) -> Claims:
        """Of a key that another instance made just now, too. Raises Refused."""
        try:
            return self._tokens.read(shown)
        except UnknownKey:
            await self._caught_up()
            return self._tokens.read(shown)

    async def _caught_up(self) -> None:
        """One look for all who wait, and seldom: whoever makes up names of keys costs nothing."""
        now = time.monotonic()
        if now - self._looked_at >= APART:
            self._looked_at = now
            self._looking = asyncio.ensure_future(off_loop(self._control.token_keys.catch_up))
        if self._looking:
            with suppress(NotSaved, Unreadable):
                await asyncio.shield(self._looking)

    async def still(self, person: Person) -> Surface:
        """The publication as it is now. Raises Refused (session_over)."""
        found = await self.families.find(person.family, self.clock())
        surface = self.gateway.surfaces.find(person.publication)
        if found is None or surface is None or surface.door is None:
            raise over()
        return surface

    def check_origin(self, request: HTTPConnection, surface: Surface) -> None:
        """Raises Forbidden for a page of a site that the publication does not name, whose owner is told; an
        app has no origin."""
        origin, visit, door = request.headers.get("origin"), Visit(request.scope), surface.door
        if origin is None or (self._origins.knows(visit) and self._origins.is_ours(visit)):
            return
        if door and origin in door.origins:
            return
        if door is None or not door.origins_in:
            raise Forbidden(NO_PAGES.fill(origin=origin[:100]), code="origin")
        self.gateway.onlooker.saw(surface.id, "strange", origin, self.clock())
        name = label(type(surface.channel).Settings.model_fields[door.origins_in], door.origins_in)
        raise Forbidden(STRANGE.fill(origin=origin[:100], setting=name), code="origin")

    def origins(self) -> Collection[str]:
        """Of all publications, for preflights, which do not say to which they go."""
        found: set[str] = set()
        for publication in self._control.publications():
            kind = registry().get(publication.channel)
            if publication.enabled and kind and issubclass(kind, SignsIn):
                surface = self.gateway.surfaces.find(publication.id)
                found.update(surface.door.origins if surface and surface.door else ())
        return found

    async def file(self, id: str, publication: str, sender: str) -> SentFile:
        """One of theirs that is still here, and stays so until a message has it. Raises Invalid."""
        file = self.files.read(id, publication, sender)
        if not await self.gateway.kept.use(file.hash):
            raise unknown(id)
        return file

    def retention(self) -> Mapping[str, int]:
        """Days for which kinds of data are kept, where that is bounded."""
        return self._control.retention().days

    def pair(self, publication: str, sender: str, refresh: RefreshToken) -> dict[str, object]:
        """What somebody who signed in goes on by, as they are told it."""
        return {
            "token": self._tokens.make(publication, sender, refresh.family),
            "expires_in": LIVES,
            "refresh": refresh.text,
            "refresh_expires_in": REFRESH_LIVES,
        }


def over() -> Refused:
    return Refused(OVER, code="session_over")
