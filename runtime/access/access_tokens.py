"""Tokens of people who are signed in on a page or in an app of ours: JWTs (RFC 9068) that live for minutes.

One way to sign (HS256), one kind (`at+jwt`), and keys of our own alone, which the header names and never
brings: whatever else stands there (jku, jwk, x5u, crit …) is refused before anything is asked of it.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from runtime import wellformed
from runtime.errors import BadSettings, Refused
from runtime.lang import Text
from runtime.store.control.control import Control

ALGORITHM, KIND = "HS256", "at+jwt"
LIVES = 15 * 60
"""Seconds."""
LEEWAY = 60
"""Seconds that clocks may differ."""
LONGEST = 2048
"""Characters of a token of ours."""
SHAPE = re.compile(r"ey[\w-]{8,600}\.[\w-]{8,1200}\.[\w-]{43}", re.ASCII)
KEY_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)
CLAIMS = {"iss": str, "aud": str, "sub": str, "sid": str, "iat": int, "exp": int}
BAD_TOKEN = Text(
    "这个令牌不能用，请重新登录（POST /agent/session）。",
    "This token does not work; sign in anew (POST /agent/session).",
)
EXPIRED = Text(
    "令牌过期了，请换一个（POST /agent/session/refresh）再试。",
    "The token has expired; get another (POST /agent/session/refresh) and repeat.",
)


class UnknownKey(Refused):
    """It names a key that is not known here: made up, or another instance made it just now."""


@dataclass(frozen=True)
class Claims:
    """Who comes with a token: on which publication, of which family, and until when (seconds since 1970)."""

    publication: str
    sender: str
    family: str
    until: float


class AccessTokens:
    """Raises Unreadable and NotSaved as Control does."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control, self._clock = control, clock
        self._issuer = control.mark("who issues access tokens")[:32]

    def make(self, publication: str, sender: str, family: str) -> str:
        """Raises BadSettings when the key that signs does not open."""
        now = int(self._clock())
        id, key = self._control.token_keys.newest(now)
        claims = {
            "iss": self._issuer,
            "aud": publication,
            "sub": sender,
            "sid": family,
            "iat": now,
            "exp": now + LIVES,
        }
        header = {"alg": ALGORITHM, "typ": KIND, "kid": id}
        said = json.dumps(claims, separators=(",", ":")).encode()
        return jws.serialize_compact(header, said, OctKey.import_key(key), [ALGORITHM])

    def read(self, token: str) -> Claims:
        """Raises Refused: bad_token, or token_expired, which another one helps against."""
        claims = self._signed(token)
        if not all(type(claims.get(name)) is kind for name, kind in CLAIMS.items()):
            raise bad_token()
        now, began, until = self._clock(), claims["iat"], claims["exp"]
        if claims["iss"] != self._issuer or began > now + LEEWAY or not 0 < until - began <= LIVES:
            raise bad_token()
        if until + LEEWAY <= now:
            raise Refused(EXPIRED, code="token_expired")
        return Claims(claims["aud"], claims["sub"], claims["sid"], float(until))

    def _signed(self, token: str) -> Mapping[str, Any]:
        """What stands in it. Raises Refused."""
        if len(token) > LONGEST or not SHAPE.fullmatch(token):
            raise bad_token()
        try:
            header = jws.extract_compact(token.encode()).headers()
            key = self._key(header)
            said = jws.deserialize_compact(token.encode(), OctKey.import_key(key), [ALGORITHM])
            claims = wellformed.load(said.payload or b"", largest=LONGEST, unrepeated=True)
        except (JoseError, ValueError, TypeError, BadSettings):
            raise bad_token() from None
        if not isinstance(claims, dict):
            raise bad_token()
        return claims

    def _key(self, header: Mapping[str, Any]) -> bytes:
        """Raises Refused."""
        named = header.get("kid")
        if set(header) != {"alg", "typ", "kid"} or (header["alg"], header["typ"]) != (ALGORITHM, KIND):
            raise bad_token()
        if not isinstance(named, str) or not KEY_ID.fullmatch(named):
            raise bad_token()
        if (key := self._control.token_keys.find(named)) is None:
            raise UnknownKey(BAD_TOKEN, code="bad_token")
        return key


def is_token(shown: str) -> bool:
    """Whether it is meant as one: an API key begins otherwise."""
    return shown.startswith("ey") and shown.count(".") == 2


def bad_token() -> Refused:
    return Refused(BAD_TOKEN, code="bad_token")
