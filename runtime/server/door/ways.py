"""The ways in. Each says what whoever comes must be or may do, and the guard asks before anything runs."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import Enum

from starlette._utils import get_route_path
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Scope
from starlette.websockets import WebSocket

from runtime.access.actor import NOBODY, Actor
from runtime.access.permissions import Permission

WHO = "hongyan.who"
ORIGIN = "hongyan.origin"
"""Both in a request's scope, written by the guard and by nobody else."""


ASKS = "hongyan.asks"
"""In a request's scope: what a key must be allowed for the route that answers."""


class Entry(Enum):
    """What opens a way on which no permission is asked for."""

    MACHINE = "a signature, a key or a secret address, which the route checks itself, or nothing at all"
    """No cookie counts here, so there is no Origin or Host to check."""
    ANYBODY = "nothing: a person may come before signing in"
    SIGNED_IN = "signing in: what is asked for behind it says itself what it needs"


Needs = Permission | Entry


class Way(Route):
    """One path."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        *,
        methods: Sequence[str],
        needs: Needs,
        asks: Permission | None = None,
        middleware: Sequence[Middleware] = (),
        most: int | None = None,
    ) -> None:
        """`asks`: what an API key must be allowed, which server.api.key_check looks at. `most`: bytes of a
        body, instead of what the program takes."""
        super().__init__(path, endpoint, methods=methods, middleware=middleware, max_body_size=most)
        self.needs, self.asks = needs, asks

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, {**child, ASKS: self.asks} if self.asks else child


class Socket(WebSocketRoute):
    """A path that a WebSocket opens. See Way."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[WebSocket], Awaitable[None]],
        *,
        needs: Needs,
        asks: Permission,
    ) -> None:
        super().__init__(path, endpoint)
        self.needs, self.asks = needs, asks

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, {**child, ASKS: self.asks}


class Folder(Mount):
    """All that lies below a path; `inside` says what single paths below it need instead."""

    def __init__(
        self, path: str, app: ASGIApp, *, needs: Needs, inside: Mapping[str, Needs] | None = None
    ) -> None:
        super().__init__(path, app)
        self.needs = needs
        self.inside = {f"{self.path}{path}": needs for path, needs in (inside or {}).items()}


class Ways:
    """Raises TypeError for a route that does not say what it needs: such a program does not start."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = list(routes)
        for route in self._routes:
            if not isinstance(getattr(route, "needs", None), Permission | Entry):
                raise TypeError(f"{route!r} does not say what it needs: see server/door/ways.py")

    def needs(self, scope: Scope) -> Needs:
        """Of the route that will answer, which Starlette finds in the same way; of no route: a login."""
        partly: Needs = Entry.SIGNED_IN
        found = False
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return _needs_of(route, scope)
            if match is Match.PARTIAL and not found:
                partly, found = _needs_of(route, scope), True
        return partly


def who_of(request: Request) -> Actor:
    """Who sent it; nobody for a program that shows no login."""
    who: Actor = request.scope.get(WHO, NOBODY)
    return who


def asked_of(request: HTTPConnection) -> Permission:
    """What a key must be allowed for the route of this request. Raises KeyError where that does not say."""
    asks: Permission = request.scope[ASKS]
    return asks


def origin_of(request: Request) -> str:
    """From where it came: the address, and a short mark of the session."""
    return str(request.scope.get(ORIGIN, "")) or address_of_scope(request.scope)


def address_of_scope(scope: Scope) -> str:
    """Nothing where none is known, as behind a Unix socket."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _needs_of(route: BaseRoute, scope: Scope) -> Needs:
    inside: Mapping[str, Needs] = getattr(route, "inside", {})
    needs: Needs = inside.get(get_route_path(scope)) or route.needs  # type: ignore[attr-defined] # Ways checked it
    return needs
