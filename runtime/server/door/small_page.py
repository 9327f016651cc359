"""One small page of our own: the login, a question, a place where nothing is. It needs no script."""

import html
import secrets
from pathlib import Path
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from runtime.lang import Text
from runtime.languages import Language, language, languages
from runtime.server.door.page_file import page_file
from runtime.server.door.visit import Visit

PAGE = Path(__file__).parent / "small_page.html"
POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TITLE = Text("鸿雁", "Hongyan")
NOTHING = Text("这里没有页面。", "There is no page here.")
HOME = Text("回到首页", "Go to the start page")
AGAIN = Text("再试一次", "Try again")


def small_page(
    visit: Visit, about: Text, body: str, status: int = 200, *, back: str = "/", script: str = ""
) -> Response:
    """`body`: HTML of ours; `back`: the path that the language switch returns to; `script`: of ours, which
    adds to a page that does without."""
    lang, nonce = visit.lang, secrets.token_urlsafe(16)
    page = page_file(PAGE).substitute(
        locale=language(lang).locale,
        nonce=nonce,
        title=html.escape(TITLE.to(lang)),
        about=html.escape(about.to(lang)),
        body=body + (f'<script nonce="{nonce}">{script}</script>' if script else ""),
        languages="·".join(_choice(visit, one, back) for one in languages()),
    )
    policy = POLICY.format(nonce=nonce) + (f"; script-src 'nonce-{nonce}'" if script else "")
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(page, status, headers)


def _choice(visit: Visit, language: Language, back: str) -> str:
    there = html.escape(f"{visit.root}/lang/{language.code}?next={quote(back, safe='')}")
    current = ' aria-current="true"' if language.code == visit.lang else ""
    name, locale = html.escape(language.name), html.escape(language.locale)
    return f'<a href="{there}" hreflang="{language.code}" lang="{locale}"{current}>{name}</a>'


def nothing_here(visit: Visit) -> Response:
    """404, as a page with a way back."""
    return small_page(visit, NOTHING, _way_home(visit), 404, back=visit.target)


def not_yours(visit: Visit, missing: Text) -> Response:
    """403, with the way back."""
    return small_page(visit, missing, _way_home(visit), 403, back=visit.target)


def trouble(visit: Visit, what: Text, status: int, *, ways: bool = True) -> Response:
    """What went wrong, as a page; `ways`: with a button that asks for the same address again."""
    # an empty address is the page's own, below whatever prefix it was reached
    again = f'<a class="button" href="">{html.escape(AGAIN.to(visit.lang))}</a>' if ways else ""
    return small_page(visit, what, again, status, back=visit.target)


def _way_home(visit: Visit) -> str:
    return f'<a class="button" href="{html.escape(visit.root)}/">{html.escape(HOME.to(visit.lang))}</a>'
