"""Log in, log out, choose the language: three small routes and a page of our own."""

import asyncio
import functools
import html
import secrets
import string
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.body import read_body
from runtime.server.limiter import Limiter, address_of
from runtime.server.page import LOCALES
from runtime.server.sessions import Sessions
from runtime.server.visit import Visit
from runtime.store.owner import Owner

PAGE = Path(__file__).parent / "login.html"
MAX_FORM = 8 * 1024
POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
YEAR = 365 * 24 * 3600
ACCOUNT = "owner"

TITLE = Text("鸿雁", "Hongyan")
ABOUT = Text("搭好智能体，一键发布到微信。", "Build an agent, publish it to WeChat.")
LABEL = Text("密码", "Password")
BUTTON = Text("登录", "Log in")
HINT = Text(
    "第一次启动时，密码会显示在终端里。忘了密码？在服务器上运行 <code>python app.py password</code>。",
    "The terminal showed the password at first start. Forgot it? "
    "Run <code>python app.py password</code> on the server.",
)
WRONG = Text("密码不对，请再试一次。", "That is not the password. Try again.")
TOO_OFTEN = Text(
    "试错次数太多，请 {minutes} 分钟后再试。", "Too many wrong passwords. Try again in {minutes} minutes."
)


class Login:
    """The owner's door. Wrong passwords are bounded by address, and all together."""

    def __init__(self, owner: Owner, sessions: Sessions, limiter: Limiter) -> None:
        self._owner = owner
        self._sessions = sessions
        self._limiter = limiter

    def routes(self) -> list[Route]:
        return [
            Route("/login", self.show, methods=["GET"]),
            Route("/login", self.enter, methods=["POST"]),
            Route("/logout", self.leave, methods=["POST"]),
            Route("/lang/{lang:str}", choose_language, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        there = safe_path(request.query_params.get("next", ""))
        visit = Visit(request.scope)
        if self._sessions.find(visit.cookies, secure=visit.is_secure, now=time.time()):
            return RedirectResponse(_below_root(request, there), 303)
        return _page(request, there)

    async def enter(self, request: Request) -> Response:
        form = await _form(request)
        there, password = safe_path(form.get("next", "")), form.get("password", "")
        now = time.time()
        names = self._names(request)
        wait = max(self._limiter.wait(name, now) for name in names)
        if wait:
            return _page(request, there, TOO_OFTEN.fill(minutes=int(wait // 60) + 1), 429)
        for name in names:
            self._limiter.count(name, now)
        if not await asyncio.to_thread(self._owner.is_password, password):
            return _page(request, there, WRONG, 401)
        for name in names:
            self._limiter.forgive(name)
        response = RedirectResponse(_below_root(request, there), 303)
        self._sessions.open(response, secure=Visit(request.scope).is_secure, now=now)
        return response

    async def leave(self, request: Request) -> Response:
        response = RedirectResponse(_below_root(request, "/login"), 303)
        visit, now = Visit(request.scope), time.time()
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=now)
        if session:
            self._sessions.end(response, session, secure=visit.is_secure, now=now)
        return response

    def _names(self, request: Request) -> list[str]:
        """What a failure is counted for. Whoever sits at this machine cannot be locked out by others."""
        address = address_of(request.client)
        is_here = address.startswith("127.") or address == "::/64"
        return [address] if is_here else [address, ACCOUNT]


async def choose_language(request: Request) -> Response:
    lang = request.path_params["lang"]
    if lang not in LOCALES:
        return PlainTextResponse("", 404)
    came_from = urlsplit(request.headers.get("referer", ""))._replace(scheme="", netloc="")
    there = request.query_params.get("next") or came_from.geturl()
    response = RedirectResponse(_below_root(request, safe_path(there)), 303)
    secure = Visit(request.scope).is_secure
    response.set_cookie("lang", lang, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return response


def safe_path(there: str) -> str:
    """A path on this site to go to, or "/"."""
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
    nonce = secrets.token_urlsafe(16)
    root = visit.root
    error = f'<p class="wrong" role="alert">{html.escape(wrong.to(lang))}</p>' if wrong else ""
    back = quote(f"/login?next={quote(there)}")
    current = ' aria-current="true"'
    page = _template().substitute(
        locale=LOCALES[lang],
        nonce=nonce,
        title=TITLE.to(lang),
        about=ABOUT.to(lang),
        wrong=error,
        action=html.escape(f"{root}/login"),
        next=html.escape(there),
        label=LABEL.to(lang),
        button=BUTTON.to(lang),
        hint=HINT.to(lang),
        zh=html.escape(f"{root}/lang/zh?next={back}"),
        en=html.escape(f"{root}/lang/en?next={back}"),
        zh_current=current if lang == "zh" else "",
        en_current=current if lang == "en" else "",
    )
    headers = {"content-security-policy": POLICY.format(nonce=nonce), "cache-control": "no-store"}
    return HTMLResponse(page, status, headers)


@functools.cache
def _template() -> string.Template:
    return string.Template(PAGE.read_text(encoding="utf-8"))


def _below_root(request: Request, path: str) -> str:
    return f"{Visit(request.scope).root}{path}"
