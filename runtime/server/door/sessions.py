"""The login cookie: signed, expiring, ended by logout and by a change of the password."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from runtime.access.owner import Owner
from runtime.errors import NotFound

LIFETIME = 14 * 24 * 3600
"""Seconds."""
YEAR = 365 * 24 * 3600
KNOWN = "known"


@dataclass(frozen=True)
class Session:
    id: str
    expires_at: int
    """Seconds since 1970."""
    signature: str
    """Made with the owner's key of then; a new password makes it worthless."""


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
        if not self._is_genuine(f"{id}.{expires_at}", signature):
            return None
        session = Session(id, int(expires_at), signature)
        return session if self.is_live(session, now) else None

    def is_live(self, session: Session, now: float) -> bool:
        """Whether it is not over: by its time, a logout, or a change of the password."""
        if session.expires_at <= now or not self._is_genuine(
            f"{session.id}.{session.expires_at}", session.signature
        ):
            return False
        return not self._owner.is_ended(session.id)

    def browser(self, cookies: Mapping[str, str], *, secure: bool) -> str:
        """The id of a browser in which the present password was once entered; "" for any other."""
        id, _, signature = cookies.get(known_name(secure), "").partition(".")
        return id if id and self._is_genuine(f"{KNOWN}.{id}", signature) else ""

    def open(self, response: Response, *, secure: bool, now: float) -> None:
        """Set the cookie of a new session."""
        id, expires_at = secrets.token_hex(16), str(int(now) + LIFETIME)
        value = f"{id}.{expires_at}.{self._sign(f'{id}.{expires_at}')}"
        self._set(response, cookie_name(secure), value, LIFETIME, secure=secure)
        browser = secrets.token_hex(16)
        value = f"{browser}.{self._sign(f'{KNOWN}.{browser}')}"
        self._set(response, known_name(secure), value, YEAR, secure=secure)

    def end(self, response: Response, session: Session, *, secure: bool, now: float) -> None:
        """End the session everywhere and remove the cookie. Raises NotSaved."""
        self._owner.end_session(session.id, expires_at=session.expires_at, now=now)
        self._set(response, cookie_name(secure), "", 0, secure=secure)

    def _set(self, response: Response, name: str, value: str, max_age: int, *, secure: bool) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )

    def _is_genuine(self, text: str, signature: str) -> bool:
        try:
            return hmac.compare_digest(self._sign(text).encode(), signature.encode())
        except (NotFound, UnicodeEncodeError):
            return False

    def _sign(self, text: str) -> str:
        return hmac.new(self._owner.session_key(), text.encode(), hashlib.sha256).hexdigest()


def cookie_name(secure: bool) -> str:
    """Browsers refuse a `__Host-` cookie that another host or plain HTTP tries to set."""
    return "__Host-hongyan" if secure else "hongyan"


def known_name(secure: bool) -> str:
    """The cookie of a browser that was let in before; it opens nothing."""
    return f"{cookie_name(secure)}-{KNOWN}"
