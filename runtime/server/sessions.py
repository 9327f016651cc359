"""The login cookie: signed, expiring, ended by logout and by a change of the password."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from runtime.errors import NotFound
from runtime.store.owner import Owner

LIFETIME = 14 * 24 * 3600
"""Seconds."""


@dataclass(frozen=True)
class Session:
    id: str
    expires_at: int
    """Seconds since 1970."""


class Sessions:
    """Reads and writes the cookie. `secure`: the browser came by HTTPS; `now`: seconds since 1970."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def find(self, cookies: Mapping[str, str], *, secure: bool, now: float) -> Session | None:
        """The session of a genuine cookie that is neither expired nor ended."""
        cookie = cookies.get(cookie_name(secure))
        if not cookie:
            return None  # as every callback: it costs nothing
        id, _, rest = cookie.partition(".")
        expires_at, _, signature = rest.partition(".")
        try:
            genuine = hmac.compare_digest(self._sign(id, expires_at).encode(), signature.encode())
        except (NotFound, UnicodeEncodeError):
            return None
        if not genuine or int(expires_at) <= now or self._owner.is_ended(id):
            return None
        return Session(id, int(expires_at))

    def is_live(self, session: Session, now: float) -> bool:
        return session.expires_at > now and not self._owner.is_ended(session.id)

    def open(self, response: Response, *, secure: bool, now: float) -> None:
        """Set the cookie of a new session."""
        id, expires_at = secrets.token_hex(16), str(int(now) + LIFETIME)
        value = f"{id}.{expires_at}.{self._sign(id, expires_at)}"
        self._set(response, value, LIFETIME, secure=secure)

    def end(self, response: Response, session: Session, *, secure: bool, now: float) -> None:
        """End the session everywhere and remove the cookie. Raises NotSaved."""
        self._owner.end_session(session.id, expires_at=session.expires_at, now=now)
        self._set(response, "", 0, secure=secure)

    def _set(self, response: Response, value: str, max_age: int, *, secure: bool) -> None:
        response.set_cookie(
            cookie_name(secure),
            value,
            max_age=max_age,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )

    def _sign(self, id: str, expires_at: str) -> str:
        return hmac.new(self._owner.session_key(), f"{id}.{expires_at}".encode(), hashlib.sha256).hexdigest()


def cookie_name(secure: bool) -> str:
    """Browsers refuse a `__Host-` cookie that another host or plain HTTP tries to set."""
    return "__Host-hongyan" if secure else "hongyan"
