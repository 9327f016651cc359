"""Log in, log out, choose the language: three small routes and a page of our own."""

import asyncio
import functools
import html
import string
import time
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.actor import OWNER
from runtime.access.proof import PASSKEY, PASSWORD, Proof
from runtime.access.users import Users
from runtime.errors import NotFound, Refused
from runtime.lang import Text
from runtime.languages import languages
from runtime.server.door.arrivals import Arrivals
from runtime.server.door.counted import Counted
from runtime.server.door.forms import below_root, form_of, safe_path
from runtime.server.door.passkey_forms import PasskeyForms
from runtime.server.door.sessions import YEAR, Sessions
from runtime.server.door.sign_in_page import SignInPage
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of

AT_ONCE = 2
"""Passwords that are checked side by side: each takes 50 ms of CPU and 32 MB."""
MOST_CHECKS = 50
"""Strangers that wait for a check; with more, one has to come again."""

LONGEST_NAME = 40
WRONG = Text("密码不对，请再试一次。", "That is not the password. Try again.")
WRONG_ONLY = Text(
    "没有登录成功。这里只用单点登录；密码只给应急的主人用。",
    "That opened nothing. People come in by single sign-on here; a password is for an owner in an emergency.",
)
LEAVING = string.Template('<form method="post" action="$action"><button>$button</button></form>')
CROWDED = Text("现在登录的人太多，请过几秒再试。", "Too many are logging in. Try again in a few seconds.")
LEAVE = Text("退出登录？", "Log out?")
LEAVE_BUTTON = Text("退出登录", "Log out")


class Login:
    """Strangers' tries are counted by network and by whom they try to be; known browsers by themselves."""

    def __init__(
        self,
        users: Users,
        sessions: Sessions,
        arrivals: Arrivals,
        counted: Counted,
        page: SignInPage,
        passkeys: PasskeyForms,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._arrivals = arrivals
        self._counted = counted
        self._page = page
        self._passkeys = passkeys
        self._checks = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    def routes(self) -> list[Way]:
        return [
            Way("/login", self.show, methods=["GET"], needs=Entry.ANYBODY),
            Way("/login", self.enter, methods=["POST"], needs=Entry.ANYBODY),
            Way("/login/passkey", self.enter_by_passkey, methods=["POST"], needs=Entry.ANYBODY),
            Way("/logout", self.ask, methods=["GET"], needs=Entry.ANYBODY),
            Way("/logout", self.leave, methods=["POST"], needs=Entry.ANYBODY),
            *(_language(one.code) for one in languages()),
        ]

    async def show(self, request: Request) -> Response:
        visit = Visit(request.scope)
        there = safe_path(request.query_params.get("next", ""), visit.root)
        if self._is_inside(request):
            return RedirectResponse(below_root(request, there), 303)
        return await self._page.others.leads_out(request) or self._page.show(visit, there)

    async def enter(self, request: Request) -> Response:
        form = await form_of(request)
        visit = Visit(request.scope)
        there, password = safe_path(form.get("next", ""), visit.root), form.get("password", "")
        user = form.get("name", "").strip().lower()[:LONGEST_NAME] or OWNER.id
        try:
            async with self._counted.one(request, "password", user) as (this, is_known):
                is_right = await self._is_password(user, password, is_known=is_known)
                if is_right and self._page.others.no_password(user) is None:
                    this.right()
        except Refused as e:
            await self._arrivals.tell(request, user, "account.sign-in", "refused", (e.code,))
            return self._page.show(visit, there, e.text, status_of(e), name=user)
        if not this.was_right:
            await self._arrivals.tell(request, user, "account.sign-in", "refused", (PASSWORD,))
            # the same for whose password is off, after the same work: nobody learns whose is not
            text = WRONG_ONLY if self._page.others.is_only() else WRONG
            return self._page.show(visit, there, text, 401, name=user)
        return await self._arrivals.come(request, Proof(user, (PASSWORD,)), there)

    async def enter_by_passkey(self, request: Request) -> Response:
        """Two factors in one: what somebody has, and their finger or PIN on it."""
        form = await form_of(request)
        visit = Visit(request.scope)
        there, user = safe_path(form.get("next", ""), visit.root), ""
        try:
            user = (await self._passkeys.proved(visit, form, "sign-in")).user
            if closed := self._page.others.no_password(user):
                raise Refused(closed, code="unknown")
            return await self._arrivals.come(request, Proof(user, (PASSKEY,), is_strong=True), there)
        except (Refused, NotFound) as e:
            await self._arrivals.tell(request, user, "account.sign-in", "refused", (PASSKEY, e.code))
            return self._page.show(visit, there, e.text, 401)

    async def ask(self, request: Request) -> Response:
        """A link changes nothing: it leads to the button that does."""
        if not self._is_inside(request):
            return RedirectResponse(below_root(request, "/login"), 303)
        visit = Visit(request.scope)
        body = LEAVING.substitute(
            action=html.escape(f"{visit.root}/logout"), button=LEAVE_BUTTON.to(visit.lang)
        )
        return small_page(visit, LEAVE, body, back="/logout")

    async def leave(self, request: Request) -> Response:
        response = RedirectResponse(below_root(request, "/login"), 303)
        visit, now = Visit(request.scope), time.time()
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=now)
        if session:
            self._sessions.end(response, session, secure=visit.is_secure, now=now)
            self._page.others.left(request, response)
            await self._arrivals.tell(request, session.user, "account.sign-out", "done")
        return response

    def _is_inside(self, request: Request) -> bool:
        visit = Visit(request.scope)
        return self._sessions.find(visit.cookies, secure=visit.is_secure, now=time.time()) is not None

    async def _is_password(self, user: str, password: str, *, is_known: bool) -> bool:
        """Strangers share a few places; a known browser waits behind nobody. Raises Refused."""
        if is_known:
            return await asyncio.to_thread(self._users.is_password, user, password)
        if self._waiting >= MOST_CHECKS:
            raise Refused(CROWDED, code="too_often")
        self._waiting += 1
        try:
            async with self._checks:
                return await asyncio.to_thread(self._users.is_password, user, password)
        finally:
            self._waiting -= 1


def _language(lang: str) -> Way:
    choose = functools.partial(choose_language, lang)
    return Way(f"/lang/{lang}", choose, methods=["GET"], needs=Entry.ANYBODY)


async def choose_language(lang: str, request: Request) -> Response:
    came_from = urlsplit(request.headers.get("referer", ""))._replace(scheme="", netloc="")
    there = request.query_params.get("next") or came_from.geturl()
    response = RedirectResponse(below_root(request, safe_path(there, Visit(request.scope).root)), 303)
    secure = Visit(request.scope).is_secure
    response.set_cookie("lang", lang, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return response
