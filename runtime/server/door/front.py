"""What the outside of a request says, made true before anybody reads it: who came, how, and below which path.

Proxies add headers that every client can write as well. They are believed from a proxy that the settings
name, and nobody behind this door sees them.
"""

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

FORWARDED = (b"x-forwarded-", b"x-original-", b"x-rewrite-")
"""Beginnings of names that are dropped."""
CLAIMS = (b"forwarded", b"x-real-ip", b"x-gradio-server")
"""The last is Gradio's: where a page says that its server is."""
SECURE = {"http": "https", "ws": "wss"}


class Front:
    """Sets scheme, client and root path. `public_url` may change while the program runs."""

    def __init__(self, app: ASGIApp, public_url: Callable[[], str], proxies: Sequence[str] = ()) -> None:
        self._app = app
        self._public_url = public_url
        behind_proxy = ProxyHeadersMiddleware(self._enter, list(proxies))  # type: ignore[arg-type] # uvicorn has types of its own
        self._known: ASGIApp = behind_proxy if proxies else self._enter  # type: ignore[assignment] # as above

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        await self._known(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        public = urlsplit(self._public_url())
        headers = [header for header in scope["headers"] if not _is_claim(header[0])]
        scope = {**scope, "headers": headers, **_below(public.path, scope)}
        if public.scheme == "https" and _host(headers) == public.netloc.lower().encode():
            # nobody reaches the public name but through what speaks HTTPS for us
            scope["scheme"] = SECURE.get(scope["scheme"], scope["scheme"])
        await self._app(scope, receive, send)


def _is_claim(name: bytes) -> bool:
    return name in CLAIMS or name.startswith(FORWARDED)


def _host(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    return next((value.lower() for name, value in headers if name == b"host"), b"")


def _below(root: str, scope: Scope) -> Scope:
    """Path and root path: a proxy may cut the public address's path off, or leave it there."""
    if not root:
        return {}
    path: str = scope["path"]
    if path == root:
        path = f"{root}/"
    elif not path.startswith(f"{root}/"):
        path = root + path
    return {"path": path, "raw_path": quote(path).encode(), "root_path": root}
