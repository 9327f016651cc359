"""What a request says about itself, read from its ASGI scope."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from runtime.languages import is_language, preferred

BEARER = "bearer."
NO_FORMS = ("application/json", "application/octet-stream")


@dataclass(frozen=True)
class Visit:
    """One HTTP request or WebSocket handshake."""

    scope: Scope

    @functools.cached_property
    def headers(self) -> Headers:
        return Headers(scope=self.scope)

    @functools.cached_property
    def cookies(self) -> dict[str, str]:
        return cookie_parser(self.headers.get("cookie", ""))

    @property
    def path(self) -> str:
        """Below the prefix that the whole program may be mounted under."""
        path: str = self.scope["path"]
        return path.removeprefix(self.root) or "/"

    @property
    def root(self) -> str:
        """That prefix, usually ""."""
        root: str = self.scope.get("root_path", "")
        return root

    @property
    def target(self) -> str:
        """Path and query: where a person wanted to go."""
        query = self.scope["query_string"].decode("latin-1")
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_websocket(self) -> bool:
        return bool(self.scope["type"] == "websocket")

    @property
    def is_safe(self) -> bool:
        """Changes nothing, by its method."""
        return not self.is_websocket and self.scope["method"] in ("GET", "HEAD", "OPTIONS")

    @property
    def is_preflight(self) -> bool:
        """Another site's browser asks what it might send (CORS)."""
        return bool(self.scope["type"] == "http" and self.scope["method"] == "OPTIONS")

    @property
    def is_no_form(self) -> bool:
        """By its one media type, which an HTML form cannot write: JSON, or a file's bytes as they are."""
        types = self.headers.getlist("content-type")
        return len(types) == 1 and types[0].partition(";")[0].strip().lower() in NO_FORMS

    @property
    def bearer(self) -> str:
        """The key in the Authorization header, or in the subprotocol bearer.KEY of a WebSocket, with which
        browsers send no header; or ""."""
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return key.strip()
        offered = self.subprotocols if self.is_websocket else ()
        return next((one.removeprefix(BEARER) for one in offered if one.startswith(BEARER)), "")

    @property
    def subprotocols(self) -> Sequence[str]:
        """Those that a WebSocket's client offers."""
        return [one.strip() for one in self.headers.get("sec-websocket-protocol", "").split(",")]

    @property
    def is_secure(self) -> bool:
        return self.scope.get("scheme") in ("https", "wss")

    @property
    def wants_html(self) -> bool:
        return not self.is_websocket and "text/html" in self.headers.get("accept", "")

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @functools.cached_property
    def lang(self) -> str:
        """The visitor's choice, else what the browser prefers."""
        chosen = self.cookies.get("lang", "")
        return chosen if is_language(chosen) else preferred(self.headers.get("accept-language", ""))
