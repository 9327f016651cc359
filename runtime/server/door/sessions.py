"""The login cookie: signed, expiring, ended by logout, by another password, and by whoever may end it."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from runtime.access.actor import OWNER, Actor
from runtime.access.proof import WORDS, Proof
from runtime.access.second.second_factors import SecondFactors
from runtime.access.sign_ins import SignIns
from runtime.access.sso.only import Only
from runtime.access.users import Users
from runtime.errors import NotFound
from runtime.server.door.signed import Signed, cookie_name, set_cookie
from runtime.store.control.control import Control
from runtime.store.control.user_records import SignIn

LIFETIME = 14 * 24 * 3600
"""Seconds."""
YEAR = 365 * 24 * 3600
MOST_KNOWN = 8
"""People whose passwords were entered in one browser."""
KNOWN = "known"
SESSION = "session"


@dataclass(frozen=True)
class Session:
    id: str
    who: Actor
    user: str
    """Whose id they signed in by."""
    expires_at: int
    """Seconds since 1970."""
    cookie: str

    @property
    def mark(self) -> str:
        """By which records name it: nobody gets back to the session from there."""
        return mark_of(self.id)


class Sessions:
    """Reads and writes the cookie. `secure`: the browser came by HTTPS; `now`: seconds since 1970.

    `users` finds who signed in, by id.
    """

    def __init__(self, control: Control, users: Callable[[str], Actor | None] | None = None) -> None:
        self._owner = control.owner
        self._signed = Signed(control.owner)
        self._second = SecondFactors(control)
        self._sign_ins = SignIns(control)
        self._only = Only(control)
        self._known = Users(control)
        self._users = users or self._known.actor

    def find(self, cookies: Mapping[str, str], *, secure: bool, now: float) -> Session | None:
        """The session of a genuine cookie that is neither expired nor ended."""
        cookie = cookies.get(cookie_name(secure))
        if not cookie:
            return None  # as every callback: it costs nothing
        match self._signed.read(SESSION, cookie):
            case [str(id), str(user), int(expires_at), *_] if who := self._users(user):
                session = Session(id, who, user, expires_at, cookie)
                return session if self.is_live(session, now) else None
        return None

    def is_live(self, session: Session, now: float) -> bool:
        """Whether it is not over: by its time, a logout, another password, or somebody who ended it."""
        if session.expires_at <= now:
            return False
        generation = self._known.generation(session.user)
        match self._signed.read(SESSION, session.cookie):
            case [_, _, _]:  # of a home with one owner, where nothing was kept of open sessions
                is_open = generation == 0 and not self._is_ended(session.id)
                return is_open and self._second.is_enough(session.user, None)
            case [_, _, _, int(then)] if then == generation:
                found = self._sign_ins.find(session.id, session.user, then)
                return (
                    found is not None
                    and self._second.is_enough(session.user, found)
                    and not self._is_shut_out(found)
                )
        return False

    def who(self, session: Session, now: float) -> Actor | None:
        """Whose it is, with what that one may do by now; None when it is over or its user is gone."""
        return self._users(session.user) if self.is_live(session, now) else None

    def browser(self, cookies: Mapping[str, str], user: str, *, secure: bool) -> str:
        """The id of a browser in which that user's present password was once entered; "" for any other."""
        id, known = self._known_browser(cookies, secure=secure)
        generation = self._known.generation(user)
        return id if generation is not None and known.get(user) == generation else ""

    def open(
        self,
        response: Response,
        proof: Proof,
        cookies: Mapping[str, str],
        *,
        secure: bool,
        now: float,
        device: str = "",
        address: str = "",
    ) -> str:
        """Set the cookie of a new session; by which records name it. Raises NotFound, NotSaved."""
        user = proof.user
        generation = self._known.must(user).generation
        id, expires_at = secrets.token_hex(16), int(now) + LIFETIME
        self._sign_ins.open(
            SignIn(
                id=id,
                user=user,
                generation=generation,
                opened_at=now,
                expires_at=expires_at,
                device=device[:200],
                address=address[:60],
                by=proof.by,
                is_strong=proof.is_strong,
            )
        )
        cookie = self._signed.write(SESSION, [id, user, expires_at, generation])
        set_cookie(response, cookie_name(secure), cookie, LIFETIME, secure=secure)
        browser, known = self._known_browser(cookies, secure=secure)
        others = [[name, then] for name, then in known.items() if name != user]
        held = [browser or secrets.token_hex(16), [*others, [user, generation]][-MOST_KNOWN:]]
        set_cookie(response, known_name(secure), self._signed.write(KNOWN, held), YEAR, secure=secure)
        return mark_of(id)

    def end(self, response: Response, session: Session, *, secure: bool, now: float) -> None:
        """End the session everywhere and remove the cookie. Raises NotSaved."""
        with contextlib.suppress(NotFound):
            self._sign_ins.end(session.id, session.user)
        with self._owner.exclusive():
            if record := self._owner.get():
                ended = {id: expires for id, expires in record.ended.items() if expires > now}
                is_old = len(self._signed.read(SESSION, session.cookie) or ()) == len(
                    ("id", "user", "expires")
                )
                if is_old or ended != record.ended:
                    ended |= {session.id: session.expires_at} if is_old else {}
                    self._owner.put(record.model_copy(update={"ended": ended}))
        set_cookie(response, cookie_name(secure), "", 0, secure=secure)

    def _is_shut_out(self, found: SignIn) -> bool:
        """By what is kept here alone, where by now only a provider's word opens."""
        is_ours = all(one in WORDS for one in found.by)
        return is_ours and self._only.shuts_out(found.user) is not None

    def _is_ended(self, id: str) -> bool:
        record = self._owner.get()
        return record is None or id in record.ended

    def _known_browser(self, cookies: Mapping[str, str], *, secure: bool) -> tuple[str, dict[str, int]]:
        """Its id, and whose password was entered in it, with the generation of then."""
        match self._signed.read(KNOWN, cookies.get(known_name(secure), "")):
            case str(id):
                return id, {OWNER.id: 0}
            case [str(id), list(known)]:
                return id, {str(user): int(then) for user, then in known}
        return "", {}


def mark_of(session: str) -> str:
    return f"session {hashlib.sha256(session.encode()).hexdigest()[:8]}"


def known_name(secure: bool) -> str:
    """The cookie of a browser that was let in before; it opens nothing."""
    return f"{cookie_name(secure)}-{KNOWN}"
