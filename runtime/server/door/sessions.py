"""The login cookie: signed, expiring, ended by logout and by a change of the password."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

from runtime.access.actor import OWNER, Actor, actor_named
from runtime.access.owner import Owner
from runtime.errors import NotFound

LIFETIME = 14 * 24 * 3600
"""Seconds."""
YEAR = 365 * 24 * 3600
KNOWN = "known"
SESSION = "session"


@dataclass(frozen=True)
class Session:
    id: str
    who: Actor
    expires_at: int
    """Seconds since 1970."""
    cookie: str
    """Signed with the owner's key of then; a new password makes it worthless."""


class Sessions:
    """Reads and writes the cookie. `secure`: the browser came by HTTPS; `now`: seconds since 1970.

    `users` finds who signed in, by id.
    """

    def __init__(self, owner: Owner, users: Callable[[str], Actor | None] = actor_named) -> None:
        self._owner = owner
        self._users = users

    def find(self, cookies: Mapping[str, str], *, secure: bool, now: float) -> Session | None:
        """The session of a genuine cookie that is neither expired nor ended."""
        cookie = cookies.get(cookie_name(secure))
        if not cookie:
            return None  # as every callback: it costs nothing
        match self._opened(SESSION, cookie):
            case [str(id), str(user), int(expires_at)] if who := self._users(user):
                session = Session(id, who, expires_at, cookie)
                return session if self.is_live(session, now) else None
        return None

    def is_live(self, session: Session, now: float) -> bool:
        """Whether it is not over: by its time, a logout, or a change of the password."""
        if session.expires_at <= now or self._opened(SESSION, session.cookie) is None:
            return False
        return not self._owner.is_ended(session.id)

    def who(self, session: Session, now: float) -> Actor | None:
        """Whose it is, with what that one may do by now; None when it is over or its user is gone."""
        return self._users(session.who.id) if self.is_live(session, now) else None

    def browser(self, cookies: Mapping[str, str], *, secure: bool) -> str:
        """The id of a browser in which the present password was once entered; "" for any other."""
        found = self._opened(KNOWN, cookies.get(known_name(secure), ""))
        return found if isinstance(found, str) else ""

    def open(self, response: Response, *, secure: bool, now: float) -> None:
        """Set the cookie of a new session."""
        held = [secrets.token_hex(16), OWNER.id, int(now) + LIFETIME]
        self._set(response, cookie_name(secure), self._signed(SESSION, held), LIFETIME, secure=secure)
        browser = self._signed(KNOWN, secrets.token_hex(16))
        self._set(response, known_name(secure), browser, YEAR, secure=secure)

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

    def _signed(self, what: str, held: Any) -> str:
        """Its time is in what it holds: the library's own would be the clock's, and not the caller's."""
        return str(self._serializer(what).dumps(held))

    def _opened(self, what: str, cookie: str) -> Any:
        """What a genuine cookie holds; None for any other, and when nobody may sign in."""
        try:
            return self._serializer(what).loads(cookie)
        except (BadData, NotFound, UnicodeEncodeError):
            return None

    def _serializer(self, what: str) -> URLSafeSerializer:
        """`what` is in the signature: a cookie of one kind is none of the other."""
        how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(self._owner.session_key(), salt=f"hongyan.{what}", signer_kwargs=how)


def cookie_name(secure: bool) -> str:
    """Browsers refuse a `__Host-` cookie that another host or plain HTTP tries to set."""
    return "__Host-hongyan" if secure else "hongyan"


def known_name(secure: bool) -> str:
    """The cookie of a browser that was let in before; it opens nothing."""
    return f"{cookie_name(secure)}-{KNOWN}"
