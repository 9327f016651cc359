"""POST /agent/session, …/refresh and …/end: signing in on a page or in an app of ours, and out again."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.access.networks import address_of
from runtime.access.refresh_tokens import LIVES
from runtime.channels import LONGEST_PROOF, SignsIn
from runtime.errors import HongyanError, Invalid, TooMany
from runtime.lang import Text
from runtime.schema import Strict, as_model
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.streams import language, read_json
from runtime.server.door.ways import Way
from runtime.server.people.asking import LARGEST
from runtime.server.people.people import People, over
from runtime.store.messages.families import Family
from runtime.store.vanishing import Share

MOST, SECONDS = 300, 60.0
"""Sessions that begin from one address in a time: a whole office, or a carrier's customers, share one."""
TURNS = 30
"""…and how often one goes on in that time."""
PUBLICATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
NO_STORE = {"cache-control": "no-store"}
TOO_FAST = Text("登录太频繁了，请过一分钟再试。", "Too many sign-ins from here; try again in a minute.")
NOT_TAKEN = Text("这里不收「{name}」。", "{name!r} is not taken here.")
NEEDED = Text("缺少「{name}」。", "{name!r} is missing.")
NO_TEXT = Text(
    "「{name}」应是文字，最多 {most} 个字符。", "{name!r} should be a text of {most} characters at most."
)


class Refresh(Strict):
    refresh: str = Field(min_length=1, max_length=300)
    attempt: str = Field(pattern=r"^[\x21-\x7e]{1,64}$")
    """Chosen at random for each refresh: who repeats one, because no answer came, sends the same."""


class End(Strict):
    refresh: str = Field(min_length=1, max_length=300)


class SessionApi:
    def __init__(self, people: People, browsers: Browsers) -> None:
        self._people, self._browsers = people, browsers

    def routes(self) -> Sequence[Way]:
        each = {"": self.begin, "/refresh": self.refresh, "/end": self.end}
        return [
            self._browsers.route(f"/agent/session{path}", endpoint, ["POST"], None, LARGEST)
            for path, endpoint in each.items()
        ]

    async def begin(self, request: Request) -> Response:
        try:
            return JSONResponse(await self._begun(request), headers=NO_STORE)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))

    async def refresh(self, request: Request) -> Response:
        try:
            return JSONResponse(await self._refreshed(request), headers=NO_STORE)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))

    async def end(self, request: Request) -> Response:
        """Whoever is signed out is so, whatever they show."""
        try:
            shown = self._people.refreshing.read(
                as_model(End, await read_json(request, most=LARGEST)).refresh
            )
            if shown:
                await self._people.families.end(shown.family)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        return Response(status_code=204)

    async def _begun(self, request: Request) -> Mapping[str, object]:
        """Raises HongyanError."""
        people, gateway = self._people, self._people.gateway
        share = Share(("signing in", address_of(request.client)), MOST, SECONDS)
        if wait := await gateway.vanishing.take(share):
            raise TooMany(TOO_FAST, wait)
        data = await read_json(request, most=LARGEST)
        surface = gateway.signing_in.surface(_publication(data))
        assert surface.door
        people.check_origin(request, surface)
        who = await gateway.signing_in.who(surface, _proof(data, surface.door))
        refresh, now = people.refreshing.first(), people.clock()
        family = Family(refresh.family, surface.id, who.sender, refresh.hash, now + LIVES)
        await people.families.begin(family, now)
        await gateway.signing_in.keep(surface, who)
        return people.pair(surface.id, who.sender, refresh)

    async def _refreshed(self, request: Request) -> Mapping[str, object]:
        """Raises HongyanError."""
        people, now = self._people, self._people.clock()
        asked = as_model(Refresh, await read_json(request, most=LARGEST))
        shown = people.refreshing.read(asked.refresh)
        found = await people.families.find(shown.family, now) if shown else None
        if shown is None or found is None:
            raise over()
        if wait := await people.gateway.vanishing.take(Share(("refreshes", shown.family), TURNS, SECONDS)):
            raise TooMany(TOO_FAST, wait)
        publication, sender = found
        surface = people.gateway.surfaces.find(publication)
        if surface is None or surface.door is None:
            raise over()
        people.check_origin(request, surface)
        following = people.refreshing.after(shown, asked.attempt)
        mark = following.hash[:16]
        turned = await people.families.turn(shown.family, shown.hash, following.hash, mark, now, now + LIVES)
        if turned == "over":
            raise over()
        return people.pair(publication, sender, following)


def _publication(data: Mapping[str, Any]) -> str:
    """Raises Invalid."""
    if "publication" not in data:
        raise Invalid(NEEDED.fill(name="publication"), field="publication", code="invalid")
    found = data["publication"]
    return found if isinstance(found, str) and PUBLICATION.fullmatch(found) else "?"


def _proof(data: Mapping[str, Any], door: SignsIn) -> str:
    """Raises Invalid."""
    for name in data:
        if name not in ("publication", door.proof):
            raise Invalid(NOT_TAKEN.fill(name=name[:60]), field=name[:60], code="invalid")
    found = data.get(door.proof)
    if not found and door.needs_proof:
        raise Invalid(NEEDED.fill(name=door.proof), field=door.proof, code="invalid")
    if found is not None and (not isinstance(found, str) or len(found) > LONGEST_PROOF):
        raise Invalid(NO_TEXT.fill(name=door.proof, most=LONGEST_PROOF), field=door.proof, code="invalid")
    return found or ""
