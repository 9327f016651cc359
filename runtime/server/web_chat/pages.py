"""GET /chat/{publication}: a page on which people talk to an agent.
/chat/{publication}/widget.js: the same within other sites.

Both show one script of ours. The page may be framed by nobody; which sites the widget may come from is asked
with each request that it sends.
"""

import asyncio
import html
import json
import re
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from runtime.channels import Opens
from runtime.gateway.gateway import Gateway
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.languages import language
from runtime.safety.inert_html import plain
from runtime.server.bundling.packed import packed
from runtime.server.door.origins import HOST
from runtime.server.door.page_file import page_file
from runtime.server.door.small_page import trouble
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.web_chat import scripts

PAGE = Path(__file__).parent / "page.html"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "connect-src 'self' {socket}; img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
SOON = "public, max-age=300"
"""For what changes with the owner's settings."""
ANY_SITE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""It says the same to everybody, and no cookie counts."""
GONE = Text(
    "这个对话不存在，或者已经下线。请向给您地址的人要新的。",
    "There is no such chat, or it is offline. Ask whoever gave you the address for a new one.",
)
NO_SCRIPT = Text("请打开浏览器的 JavaScript 再来。", "Switch JavaScript on in your browser to chat here.")
LONGEST = 200
"""Characters of what is said about the agent in a page's head."""


class WebChat:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Way]:
        return [
            Way("/chat/assets/{name}", self.asset, methods=["GET"], needs=Entry.MACHINE),
            Way("/chat/{publication}", self.page, methods=["GET"], needs=Entry.MACHINE),
            Way("/chat/{publication}/widget.js", self.widget, methods=["GET"], needs=Entry.MACHINE),
        ]

    async def asset(self, request: Request) -> Response:
        found = (await asyncio.to_thread(scripts.assets)).get(request.path_params["name"])
        if found is None:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        response = await found.serve(request)
        response.headers.update(ANY_SITE)
        return response

    async def page(self, request: Request) -> Response:
        visit, nonce = Visit(request.scope), secrets.token_urlsafe(16)
        surface = self._find(request)
        if surface is None:
            return trouble(visit, GONE, 404, ways=False)
        script = (await asyncio.to_thread(scripts.script)).name
        body = page_file(PAGE).substitute(
            locale=language(visit.lang).locale,
            title=html.escape(_title(surface)),
            about=html.escape(plain(surface.agent.description)[:LONGEST]),
            nonce=nonce,
            script=f"./assets/{script}",
            given=_in_script({**_given(surface), "lang": visit.cookies.get("lang", "")}),
            noscript=html.escape(NO_SCRIPT.to(visit.lang)),
        )
        policy = POLICY.format(nonce=nonce, socket=_socket(visit))
        return HTMLResponse(body, headers={"content-security-policy": policy, "cache-control": "no-store"})

    async def widget(self, request: Request) -> Response:
        surface = self._find(request)
        if surface is None:
            return Response(status_code=404, headers={"cache-control": "no-store"})
        text = await asyncio.to_thread(scripts.loader, _given(surface))
        response = packed(text, "text/javascript").response(request)
        response.headers.update({**ANY_SITE, "cache-control": SOON})
        return response

    def _find(self, request: Request) -> Surface | None:
        found = self._gateway.surfaces.find(request.path_params["publication"])
        return found if found and found.door and isinstance(found.channel, Opens) else None


def _given(surface: Surface) -> dict[str, object]:
    """What the script has to know before it asks."""
    door, channel = surface.door, surface.channel
    assert door
    assert isinstance(channel, Opens)
    return {
        "publication": surface.id,
        "title": _title(surface),
        "color": door.color or channel.about.color,
        "position": channel.corner,
        "branding": channel.names_us,
    }


def _title(surface: Surface) -> str:
    door = surface.door
    return plain((door and door.title) or surface.agent.name)


def _in_script(given: object) -> str:
    """As JSON that ends no script element, whatever is in it."""
    return re.sub(r"[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(given))


def _socket(visit: Visit) -> str:
    """Of our own host; not all browsers take 'self' for a WebSocket's, too."""
    host = visit.host.lower()
    return f"{'wss' if visit.is_secure else 'ws'}://{host}" if HOST.fullmatch(host) else ""
