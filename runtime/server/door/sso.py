"""Sign in by a provider's word: there, and back."""

import html
import json
import logging
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.networks import address_of
from runtime.access.proof import Proof
from runtime.access.sso.asking.way import Came, stranger
from runtime.access.sso.identities import Identities
from runtime.access.sso.kinds import Net
from runtime.access.sso.only import Only
from runtime.errors import Conflict, HongyanError, NotFound, Refused
from runtime.lang import Text, as_it_is
from runtime.server.door import sso_trip
from runtime.server.door.arrivals import Arrivals
from runtime.server.door.forms import safe_path
from runtime.server.door.others import Offer
from runtime.server.door.sessions import Sessions
from runtime.server.door.small_page import small_page
from runtime.server.door.sso_trip import Travel
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of
from runtime.store.control.control import Control
from runtime.store.control.sso_records import ProviderRecord
from runtime.store.vanishing import Share, Vanishing

MOST = 60
"""Steps of one network…"""
SECONDS = 60.0
"""…in so many seconds: each may ask a provider."""
BY = Text("用 {name} 登录", "Sign in with {name}")
ABOUT = Text("用 {name} 登录", "Sign in with {name}")
AGAIN = Text("回到登录页", "Back to the sign-in page")
NOT_BEGUN = Text(
    "这次登录不是在这个浏览器里开始的，或者已经过期、用过了。请从登录页重新开始。",
    "This sign-in was not begun in this browser, is over, or was used. Begin again at the sign-in page.",
)
OUT_OF_ORDER = Text(
    "「{name}」现在登录不了。请过一会儿再试；管理员可以在「登录方式」页点「检查」，看是哪里不对。",
    "Signing in with {name} does not work just now. Try again later; whoever looks after the settings can "
    "press “Check” on the page Sign-in, which says what is wrong.",
)
OTHER_SESSION = Text(
    "您已经不在开始关联时的登录里了。请到「我的账号」重新关联。",
    "You are not in the session any more that began this. Link it again on My account.",
)
CROWDED = Text("试得太快了，请过一分钟再试。", "Too many tries. Try again in a minute.")
LEFT = Text("您已退出登录。", "You are signed out here.")
LEFT_THERE = Text("也退出「{name}」", "Sign out at {name}, too")
IN_AGAIN = Text("重新登录", "Sign in again")

log = logging.getLogger(__name__)


class SingleSignOn:
    """Implements Others. `public_url`: where the world reaches us, "" when it is not known."""

    def __init__(
        self,
        control: Control,
        net: Net,
        sessions: Sessions,
        arrivals: Arrivals,
        vanishing: Vanishing,
        public_url: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sso, self._net = control.sso, net
        self._identities, self._only = Identities(control, clock), Only(control)
        self._sessions, self._arrivals = sessions, arrivals
        self._vanishing, self._public_url, self._clock = vanishing, public_url, clock

    def routes(self) -> list[Way]:
        return [
            Way("/login/sso/{id:str}", self.begin, methods=["GET"], needs=Entry.ANYBODY),
            Way("/login/sso/{id:str}/back", self.back, methods=["GET"], needs=Entry.ANYBODY),
        ]

    def offers(self) -> Sequence[Offer]:
        return [
            Offer(BY.fill(name=one.name), f"/login/sso/{one.id}") for one in self._sso.all() if one.enabled
        ]

    def no_password(self, user: str) -> Text | None:
        return self._only.shuts_out(user)

    def is_only(self) -> bool:
        return self._only.is_on()

    async def begin(self, request: Request) -> Response:
        """To the provider. Whatever sends somebody here, it signs in nobody but them."""
        visit, query = Visit(request.scope), request.query_params
        provider = self._found(request.path_params["id"])
        if provider is None:
            return self._trouble(visit, None, NOT_BEGUN, 404)
        if there := self._elsewhere(visit):
            return RedirectResponse(f"{there}{visit.path}?{urlencode(dict(query))}", 303)
        link = ""
        if ticket := query.get("link", ""):
            link = self._linking(visit, ticket)
            if not link:
                return self._trouble(visit, provider, OTHER_SESSION, 403)
        travel = sso_trip.begun(
            provider.id,
            f"{self._base(visit)}/login/sso/{provider.id}/back",
            safe_path(query.get("next", ""), visit.root),
            query.get("invitation", "")[:100],
            link,
            self._clock(),
        )
        try:
            await self._pace(request)
            way = self._net.way(provider, self._sso.secret(provider))
            address = await way.address(travel.trip, visit.headers.get("user-agent", ""))
        except HongyanError as e:
            return await self._failed(request, provider, e)
        response = RedirectResponse(address, 303, {"cache-control": "no-store"})
        sso_trip.hold(self._sso, response, travel, secure=visit.is_secure)
        return response

    async def back(self, request: Request) -> Response:
        """From the provider. What the browser began is over, whether it went well or not."""
        visit = Visit(request.scope)
        provider = self._found(request.path_params["id"])
        try:
            response = await self._came_back(request, visit, provider)
        except HongyanError as e:
            response = await self._failed(request, provider, e)
        sso_trip.let_go(response, secure=visit.is_secure)
        return response

    async def _came_back(self, request: Request, visit: Visit, provider: ProviderRecord | None) -> Response:
        query = {name: value for name, value in request.query_params.items() if len(value) <= 4096}
        state, secure, now = query.get("state", ""), visit.is_secure, self._clock()
        if provider is None:
            raise stranger(NOT_BEGUN)
        travel = sso_trip.held(self._sso, visit.cookies, provider.id, state, secure=secure, now=now)
        if travel is None:
            raise stranger(NOT_BEGUN)
        if await self._vanishing.take(Share(("sso state", state), 1, sso_trip.SECONDS)):
            raise stranger(NOT_BEGUN)
        await self._pace(request)
        came = await self._net.way(provider, self._sso.secret(provider)).who(travel.trip, query, now)
        if travel.link:
            return self._link(visit, provider, came, travel)
        user = self._identities.come(provider, came, travel.invitation)
        proof = Proof(user.id, (provider.name,), _is_strong(provider, came))
        response = await self._arrivals.come(request, proof, travel.there)
        if came.token:
            sso_trip.remember(self._sso, response, provider.id, came.token, visit.root, secure=secure)
        return response

    def _link(self, visit: Visit, provider: ProviderRecord, came: Came, travel: Travel) -> Response:
        """Raises Refused, Conflict."""
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=self._clock())
        if session is None or session.id != travel.link:
            raise stranger(OTHER_SESSION)
        self._identities.link(provider, came, session.user)
        return RedirectResponse(f"{visit.root}/account", 303)

    def left(self, request: Request, response: Response) -> None:
        visit = Visit(request.scope)
        sso_trip.leave(response, visit.root, secure=visit.is_secure)

    async def leads_out(self, request: Request) -> Response | None:
        visit = Visit(request.scope)
        came = sso_trip.came_by(self._sso, visit.cookies)
        provider = self._found(came[0]) if came else None
        if came is None or provider is None:
            return None
        try:
            way = self._net.way(provider, self._sso.secret(provider))
            address = await way.end_address(came[1], f"{self._base(visit)}/login")
        except HongyanError as e:
            log.warning("nobody is signed out at %s: %s", provider.id, e.text.en)
            address = ""
        if not address:
            return None
        lang = visit.lang
        out = html.escape(LEFT_THERE.fill(name=provider.name).to(lang))
        again = html.escape(IN_AGAIN.to(lang))
        body = (
            f'<a class="button" href="{html.escape(address)}">{out}</a>'
            f'<p class="hint"><a href="{html.escape(visit.root)}/login">{again}</a></p>'
        )
        response = small_page(visit, LEFT, body, back="/login")
        response.headers["refresh"] = f"1; url={address}"
        sso_trip.forget(response, visit.root, secure=visit.is_secure)
        return response

    async def _failed(self, request: Request, provider: ProviderRecord | None, e: HongyanError) -> Response:
        """A person is told what they can do; what is wrong with the settings, the log and the check tell."""
        name = provider.name if provider else "-"
        is_theirs = isinstance(e, Conflict | NotFound) or (isinstance(e, Refused) and e.code != "provider")
        if not is_theirs:
            log.warning("nobody comes in by %s: %s", name, e.text.en)
        await self._arrivals.tell(request, "nobody", "account.sign-in", "refused", (name, e.code or "failed"))
        text = e.text if is_theirs else OUT_OF_ORDER.fill(name=name)
        return self._trouble(Visit(request.scope), provider, text, status_of(e) if is_theirs else 503)

    def _trouble(self, visit: Visit, provider: ProviderRecord | None, text: Text, status: int) -> Response:
        back = f"{visit.root}/login"
        body = (
            f'<p class="wrong" role="alert">{html.escape(text.to(visit.lang))}</p>'
            f'<a class="button" href="{html.escape(back)}">{html.escape(AGAIN.to(visit.lang))}</a>'
        )
        about = ABOUT.fill(name=provider.name) if provider else as_it_is("")
        return small_page(visit, about, body, status, back="/login")

    def _found(self, id: str) -> ProviderRecord | None:
        return next((one for one in self._sso.all() if one.id == id and one.enabled), None)

    def _linking(self, visit: Visit, ticket: str) -> str:
        """The session of whoever wanted it on their account, by that ticket; "" for anybody else."""
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=self._clock())
        told = self._sso.unwrap("link", ticket)
        user, until = json.loads(told) if told else ("", 0)
        return session.id if session and session.user == user and self._clock() < until else ""

    def _base(self, visit: Visit) -> str:
        """The public address, else the one that they came by, whose host the guard knows."""
        return self._public_url() or f"{'https' if visit.is_secure else 'http'}://{visit.host}{visit.root}"

    def _elsewhere(self, visit: Visit) -> str:
        """The public address for whoever came by another: the provider would lead to where no cookie is."""
        public = urlsplit(self._public_url())
        return self._public_url() if public.netloc and public.netloc.lower() != visit.host.lower() else ""

    async def _pace(self, request: Request) -> None:
        """Raises Refused."""
        name = ("sso", "network", address_of(request.client))
        if await self._vanishing.take(Share(name, MOST, SECONDS)):
            raise Refused(CROWDED, code="too_often")


def _is_strong(provider: ProviderRecord, came: Came) -> bool:
    """Whether two factors were asked for there: where an owner said that of the provider, whose own word for
    it (`amr`, RFC 8176) adds nothing, but is believed where it says that a password was all."""
    return provider.is_strong and came.claims.get("amr") != ["pwd"]
