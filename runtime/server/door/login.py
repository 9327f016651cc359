"""Log in, log out, choose the language: three small routes and a page of our own."""

import asyncio
import functools
import html
import string
import time
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.networks import address_of
from runtime.access.owner import Owner
from runtime.errors import Refused
from runtime.lang import Text
from runtime.languages import languages
from runtime.server.body import read_body
from runtime.server.door.sessions import YEAR, Sessions
from runtime.server.door.slowdown import Slowdown
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of

MAX_FORM = 8 * 1024
AT_ONCE = 2
"""Passwords that are checked side by side: each takes 50 ms of CPU and 32 MB."""
MOST_CHECKS = 50
"""Strangers that wait for a check; with more, one has to come again."""

ABOUT = Text("搭好智能体，一键发布到微信。", "Build an agent, publish it to WeChat.")
LABEL = Text("密码", "Password")
BUTTON = Text("登录", "Log in")
HINT = Text(
    "第一次启动时，密码会显示在终端里。忘了密码？在服务器上运行 <code>python app.py password</code>。",
    "The terminal showed the password at first start. Forgot it? "
    "Run <code>python app.py password</code> on the server.",
)
WRONG = Text("密码不对，请再试一次。", "That is not the password. Try again.")
FORM = string.Template(
    """$wrong
<form method="post" action="$action">
<input type="hidden" name="next" value="$next">
<label for="password">$label</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>$button</button>
</form>
<p class="hint">$hint</p>"""
)
LEAVING = string.Template('<form method="post" action="$action"><button>$button</button></form>')
CROWDED = Text("现在登录的人太多，请过几秒再试。", "Too many are logging in. Try again in a few seconds.")
LEAVE = Text("退出登录？", "Log out?")
LEAVE_BUTTON = Text("退出登录", "Log out")


class Login:
    """The owner's door. Strangers' tries are paced by network; the owner's browsers wait behind nobody."""

    def __init__(self, owner: Owner, sessions: Sessions, slowdown: Slowdown) -> None:
        self._owner = owner
        self._sessions = sessions
        self._slowdown = slowdown
        self._checks = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    def routes(self) -> list[Way]:
        return [
            Way("/login", self.show, methods=["GET"], needs=Entry.ANYBODY),
            Way("/login", self.enter, methods=["POST"], needs=Entry.ANYBODY),
            Way("/logout", self.ask, methods=["GET"], needs=Entry.ANYBODY),
            Way("/logout", self.leave, methods=["POST"], needs=Entry.ANYBODY),
            *(_language(one.code) for one in languages()),
        ]

    async def show(self, request: Request) -> Response:
        there = safe_path(request.query_params.get("next", ""), Visit(request.scope).root)
        if self._is_inside(request):
            return RedirectResponse(_below_root(request, there), 303)
        return _page(request, there)

    async def enter(self, request: Request) -> Response:
        form = await _form(request)
        visit = Visit(request.scope)
        there, password = safe_path(form.get("next", ""), visit.root), form.get("password", "")
        browser = self._sessions.browser(visit.cookies, secure=visit.is_secure)
        name = f"browser {browser}" if browser else address_of(request.client)
        try:
            await self._slowdown.wait(name)
            is_right = await self._is_password(password, is_known=bool(browser))
        except Refused as e:
            return _page(request, there, e.text, status_of(e))
        if not is_right:
            return _page(request, there, WRONG, 401)
        await self._slowdown.forgive(name)
        response = RedirectResponse(_below_root(request, there), 303)
        self._sessions.open(response, secure=visit.is_secure, now=time.time())
        return response

    async def ask(self, request: Request) -> Response:
        """A link changes nothing: it leads to the button that does."""
        if not self._is_inside(request):
            return RedirectResponse(_below_root(request, "/login"), 303)
        visit = Visit(request.scope)
        body = LEAVING.substitute(
            action=html.escape(f"{visit.root}/logout"), button=LEAVE_BUTTON.to(visit.lang)
        )
        return small_page(visit, LEAVE, body, back="/logout")

    async def leave(self, request: Request) -> Response:
        response = RedirectResponse(_below_root(request, "/login"), 303)
        visit, now = Visit(request.scope), time.time()
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=now)
        if session:
            self._sessions.end(response, session, secure=visit.is_secure, now=now)
        return response

    def _is_inside(self, request: Request) -> bool:
        visit = Visit(request.scope)
        return self._sessions.find(visit.cookies, secure=visit.is_secure, now=time.time()) is not None

    async def _is_password(self, password: str, *, is_known: bool) -> bool:
        """Strangers share a few places; the owner's browser waits behind nobody. Raises Refused."""
        if is_known:
            return await asyncio.to_thread(self._owner.is_password, password)
        if self._waiting >= MOST_CHECKS:
            raise Refused(CROWDED, code="too_often")
        self._waiting += 1
        try:
            async with self._checks:
                return await asyncio.to_thread(self._owner.is_password, password)
        finally:
            self._waiting -= 1


def _language(lang: str) -> Way:
    choose = functools.partial(choose_language, lang)
    return Way(f"/lang/{lang}", choose, methods=["GET"], needs=Entry.ANYBODY)


async def choose_language(lang: str, request: Request) -> Response:
    came_from = urlsplit(request.headers.get("referer", ""))._replace(scheme="", netloc="")
    there = request.query_params.get("next") or came_from.geturl()
    response = RedirectResponse(_below_root(request, safe_path(there, Visit(request.scope).root)), 303)
    secure = Visit(request.scope).is_secure
    response.set_cookie("lang", lang, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return response


def safe_path(there: str, root: str = "") -> str:
    """A path below `root` on this site to go to, or "/"; pages give it with `root`, links without."""
    if root and there.startswith(f"{root}/"):
        there = there.removeprefix(root)
    plain = there.isprintable() and "\\" not in there
    return there if plain and there.startswith("/") and not there.startswith("//") else "/"


async def _form(request: Request) -> dict[str, str]:
    try:
        body = await read_body(request, MAX_FORM)
        fields = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except (Refused, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def _page(request: Request, there: str, wrong: Text | None = None, status: int = 200) -> Response:
    visit = Visit(request.scope)
    lang = visit.lang
    error = f'<p class="wrong" role="alert">{html.escape(wrong.to(lang))}</p>' if wrong else ""
    body = FORM.substitute(
        wrong=error,
        action=html.escape(f"{visit.root}/login"),
        next=html.escape(there),
        label=html.escape(LABEL.to(lang)),
        button=html.escape(BUTTON.to(lang)),
        hint=html.escape(HINT.to(lang)),
    )
    return small_page(visit, ABOUT, body, status, back=f"/login?next={quote(there)}")


def _below_root(request: Request, path: str) -> str:
    return f"{Visit(request.scope).root}{path}"
