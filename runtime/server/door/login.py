"""Log in, log out, choose the language: three small routes and a page of our own."""

import asyncio
import functools
import html
import string
import time
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.access.actor import OWNER
from runtime.access.proof import PASSWORD, Proof
from runtime.access.users import Users
from runtime.errors import Refused
from runtime.lang import Text
from runtime.languages import languages
from runtime.server.body import read_body
from runtime.server.door.arrivals import Arrivals
from runtime.server.door.counted import Counted
from runtime.server.door.others import NoOthers, Offer, Others
from runtime.server.door.sessions import YEAR, Sessions
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
LONGEST_NAME = 40
NAME = Text("登录名", "Name")
LABEL = Text("密码", "Password")
BUTTON = Text("登录", "Log in")
HINT = Text(
    "第一次启动时，密码会显示在终端里。忘了密码？在服务器上运行 python app.py password。",
    "The terminal showed the password at first start. Forgot it? Run python app.py password on the server.",
)
HINT_OF_SOME = Text(
    "忘了密码？请能管理成员的人给您一个新链接。",
    "Forgot your password? Whoever looks after people can give you a new link.",
)
WRONG = Text("密码不对，请再试一次。", "That is not the password. Try again.")
FORM = string.Template(
    """$wrong
<form method="post" action="$action">
<input type="hidden" name="next" value="$next">
$name<label for="password">$label</label>
<input id="password" name="password" type="password" autocomplete="current-password" required$focus>
<button>$button</button>
</form>
$others<p class="hint">$hint</p>"""
)
OTHER = string.Template('<a class="button other" href="$href">$words</a>\n')
NAME_FIELD = string.Template(
    """<label for="name">$label</label>
<input id="name" name="name" value="$name" autocomplete="username" autocapitalize="none" required autofocus>
"""
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
        others: Others | None = None,
    ) -> None:
        self._others = others or NoOthers()
        self._users = users
        self._sessions = sessions
        self._arrivals = arrivals
        self._counted = counted
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
            return RedirectResponse(below_root(request, there), 303)
        return self._page(request, there)

    async def enter(self, request: Request) -> Response:
        form = await form_of(request)
        visit = Visit(request.scope)
        there, password = safe_path(form.get("next", ""), visit.root), form.get("password", "")
        user = form.get("name", "").strip().lower()[:LONGEST_NAME] or OWNER.id
        if closed := self._others.no_password(user):
            return self._page(request, there, closed, 403, name=user)
        try:
            async with self._counted.one(request, "password", user) as (this, is_known):
                if await self._is_password(user, password, is_known=is_known):
                    this.right()
        except Refused as e:
            await self._arrivals.tell(request, user, "account.sign-in", "refused", (e.code,))
            return self._page(request, there, e.text, status_of(e), name=user)
        if not this.was_right:
            await self._arrivals.tell(request, user, "account.sign-in", "refused", (PASSWORD,))
            return self._page(request, there, WRONG, 401, name=user)
        return await self._arrivals.come(request, Proof(user, (PASSWORD,)), there)

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
            await self._arrivals.tell(request, session.user, "account.sign-out", "done")
        return response

    def _page(
        self, request: Request, there: str, wrong: Text | None = None, status: int = 200, *, name: str = ""
    ) -> Response:
        visit = Visit(request.scope)
        lang = visit.lang
        asks_name = len(self._users.all()) > 1
        body = FORM.substitute(
            wrong=alert(wrong, lang),
            action=html.escape(f"{visit.root}/login"),
            next=html.escape(there),
            name=NAME_FIELD.substitute(label=html.escape(NAME.to(lang)), name=html.escape(name))
            if asks_name
            else "",
            focus="" if asks_name else " autofocus",
            label=html.escape(LABEL.to(lang)),
            button=html.escape(BUTTON.to(lang)),
            others="".join(_other(visit, offer, there) for offer in self._others.offers()),
            hint=html.escape((HINT_OF_SOME if asks_name else HINT).to(lang)),
        )
        return small_page(visit, ABOUT, body, status, back=f"/login?next={quote(there)}")

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


def _other(visit: Visit, offer: Offer, there: str) -> str:
    href = f"{visit.root}{offer.path}?next={quote(there, safe='')}"
    return OTHER.substitute(href=html.escape(href), words=html.escape(offer.words.to(visit.lang)))


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


def safe_path(there: str, root: str = "") -> str:
    """A path below `root` on this site to go to, or "/"; pages give it with `root`, links without."""
    if root and there.startswith(f"{root}/"):
        there = there.removeprefix(root)
    plain = there.isprintable() and "\\" not in there
    return there if plain and there.startswith("/") and not there.startswith("//") else "/"


async def form_of(request: Request) -> dict[str, str]:
    try:
        body = await read_body(request, MAX_FORM)
        fields = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except (Refused, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def alert(wrong: Text | None, lang: str) -> str:
    return f'<p class="wrong" role="alert">{html.escape(wrong.to(lang))}</p>' if wrong else ""


def below_root(request: Request, path: str) -> str:
    return f"{Visit(request.scope).root}{path}"
