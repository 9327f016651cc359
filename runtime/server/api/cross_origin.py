"""Which pages of other sites may call the API: those that settings or publications name, and no others.

A page that holds a key shows it to everybody who opens it; so nobody is on the list to begin with.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from runtime.access.keys import ASKS
from runtime.access.permissions import Permission
from runtime.errors import Forbidden
from runtime.lang import Text
from runtime.languages import preferred
from runtime.newest import Newest
from runtime.server.api.rates import SHOWN as RATES
from runtime.server.api.rates import Told
from runtime.server.door.ways import Entry, Way

STAINLESS = (
    "lang",
    "package-version",
    "os",
    "arch",
    "runtime",
    "runtime-version",
    "retry-count",
    "timeout",
    "helper-method",
)
HEADERS = (
    *("authorization", "content-type", "idempotency-key", "last-event-id", "accept"),
    *("a2a-version", "openai-beta"),
    *(f"x-stainless-{one}" for one in STAINLESS),
)
"""What clients of OpenAI's and others send from a page."""
SHOWN = ("retry-after", "x-should-retry", *RATES)
DAY = 24 * 60 * 60
STRANGE = Text(
    "网页 {origin} 不能调用这里；可以的写在 HONGYAN_API_ORIGINS 里。",
    "Pages of {origin} may not call this; HONGYAN_API_ORIGINS names those that may.",
)
NOT_HERE = Text(
    "网页 {origin} 不能调用这里：带密钥的写进 HONGYAN_API_ORIGINS，"
    "聊天网页的写进「发布」里的「可以嵌入的网站」。",
    "Pages of {origin} may not call this: name those with a key in HONGYAN_API_ORIGINS, those with a chat on "
    "Publish under “Sites that may embed it”.",
)
PAGES = 100
"""That were refused and are remembered."""
log = logging.getLogger(__name__)

Known = Callable[[], Collection[str]]


def nowhere() -> Collection[str]:
    return ()


class Cors(CORSMiddleware):
    """The same for origins that come and go while the program runs."""

    def __init__(self, app: ASGIApp, /, known: Known, seen: Newest[str, bool], **rest: Any) -> None:
        """`seen`: pages that were refused and told of."""
        super().__init__(app, **rest)
        self._known, self._seen = known, seen

    def is_allowed_origin(self, origin: str) -> bool:
        return origin in self._known()

    def preflight_response(self, request_headers: Headers) -> Response:
        """A page's script reads nothing of it; its developer sees it beside the request, we in the log."""
        origin = request_headers.get("origin", "")[:100]
        if self.is_allowed_origin(origin):
            return super().preflight_response(request_headers)
        if origin not in self._seen:
            self._seen[origin] = True
            log.warning("a page of %r may not call the API: see HONGYAN_API_ORIGINS", origin)
        lang = preferred(request_headers.get("accept-language", ""), "en")
        return PlainTextResponse(NOT_HERE.fill(origin=origin).to(lang), 400, {"vary": "Origin"})


class Browsers:
    """`origins` as browsers write them: https://example.com. `others`: those that publications name; which
    of these may come to which publication is asked behind the preflight."""

    def __init__(self, origins: Sequence[str], others: Known = nowhere) -> None:
        self._origins, self._others = frozenset(origins), others
        self._cors = Middleware(
            Cors,
            known=lambda: {*self._origins, *others()},
            seen=Newest[str, bool](PAGES),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=list(HEADERS),
            expose_headers=list(SHOWN),
            max_age=DAY,
        )

    def refuse_strange(self, request: HTTPConnection) -> None:
        """Raises Forbidden for a page of a site that settings do not name, whatever name it came by: one that
        made its own name mean our address is of the same origin to its browser."""
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            raise Forbidden(STRANGE.fill(origin=origin[:100]), code="origin")

    def refuse_others(self, request: HTTPConnection) -> None:
        """Raises Forbidden for a page that may come to publications which name it, and to nothing else."""
        origin = request.headers.get("origin")
        if origin in self._others() and origin not in self._origins:
            raise Forbidden(STRANGE.fill(origin=str(origin)[:100]), code="origin")

    def route(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        methods: Sequence[str],
        asks: Permission | None = ASKS,
        most: int | None = None,
    ) -> Way:
        """A route of the API for keys that may do what it `asks`; OPTIONS says what it takes."""
        allowed = ", ".join([*methods, "OPTIONS"])

        async def answer(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"allow": allowed})
            return with_rates(request, await endpoint(request))

        takes, cors = [*methods, "OPTIONS"], [self._cors]
        return Way(path, answer, methods=takes, needs=Entry.MACHINE, asks=asks, middleware=cors, most=most)


def with_rates(request: Request, response: Response) -> Response:
    """What the key has left, where its check found that out."""
    if rates := Told.of(request).rates:
        response.headers.update(dict(rates.headers()))
    return response
