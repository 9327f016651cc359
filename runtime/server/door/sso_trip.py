"""What a browser keeps while it is at a provider, and of which provider it came by. It can read neither."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from starlette.responses import Response

from runtime.access.sso.asking.way import Trip
from runtime.server.door.signed import cookie_name, set_cookie
from runtime.store.control.sso import Sso

SECONDS = 10 * 60
"""For the way there and back."""
LEFT_SECONDS = 14 * 24 * 3600
"""As long as a session."""
LARGEST = 3_500
"""Bytes of a cookie; browsers drop what is over 4096 with its name."""
LEFT, LEAVING = "hongyan-came-by", "hongyan-leaving"


@dataclass(frozen=True)
class Travel:
    provider: str
    trip: Trip
    there: str
    """The path that they wanted to go to."""
    invitation: str
    link: str
    """The session that an identity is linked for; "": somebody signs in."""
    until: int
    """Seconds since 1970."""


def begun(provider: str, back: str, there: str, invitation: str, link: str, now: float) -> Travel:
    # letters and digits alone, which is all that some take for a state
    trip = Trip(secrets.token_hex(24), secrets.token_hex(24), secrets.token_urlsafe(48), back)
    return Travel(provider, trip, there, invitation, link, int(now) + SECONDS)


def trip_name(secure: bool) -> str:
    return f"{cookie_name(secure)}-trip"


def hold(sso: Sso, response: Response, travel: Travel, *, secure: bool) -> None:
    """Instead of what was begun before: one at a time, so that nobody fills a browser with them."""
    set_cookie(
        response, trip_name(secure), sso.wrap("trip", json.dumps(asdict(travel))), SECONDS, secure=secure
    )


def let_go(response: Response, *, secure: bool) -> None:
    set_cookie(response, trip_name(secure), "", 0, secure=secure)


def held(
    sso: Sso, cookies: Mapping[str, str], provider: str, state: str, *, secure: bool, now: float
) -> Travel | None:
    """What this browser began with that provider; None for any other, and for what is over."""
    told = sso.unwrap("trip", cookies.get(trip_name(secure), ""))
    if told is None:
        return None
    kept = json.loads(told)  # as we wrote it: it opened
    travel = Travel(**{**kept, "trip": Trip(**kept["trip"])})
    is_it = hmac.compare_digest(travel.trip.state.encode(), state.encode("utf-8", "surrogatepass"))
    return travel if is_it and travel.provider == provider and now < travel.until else None


def remember(sso: Sso, response: Response, provider: str, token: str, root: str, *, secure: bool) -> None:
    """By whom they came, with what ends it there; too long a token is left out."""
    for kept in (token, ""):
        value = sso.wrap("came", json.dumps([provider, kept]))
        if len(value) <= LARGEST:
            break
    _set(response, LEFT, value, LEFT_SECONDS, root, secure=secure)


def leave(response: Response, root: str, *, secure: bool) -> None:
    """They signed out: the sign-in page, next, leads out there as well."""
    _set(response, LEAVING, "1", 60, root, secure=secure)


def forget(response: Response, root: str, *, secure: bool) -> None:
    for name in (LEFT, LEAVING):
        _set(response, name, "", 0, root, secure=secure)


def came_by(sso: Sso, cookies: Mapping[str, str]) -> tuple[str, str] | None:
    """Provider and token of who has just signed out."""
    told = sso.unwrap("came", cookies.get(LEFT, "")) if cookies.get(LEAVING) else None
    if told is None:
        return None
    provider, token = json.loads(told)
    return provider, token


def _set(response: Response, name: str, value: str, seconds: int, root: str, *, secure: bool) -> None:
    path = f"{root}/login"
    response.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")
