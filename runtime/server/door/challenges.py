"""What a passkey has to sign: asked once, for some minutes, of one browser and for one purpose."""

import base64
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.door.signed import Signed, cookie_name, set_cookie
from runtime.server.door.visit import Visit
from runtime.store.vanishing import Share, Vanishing

CHALLENGE = "challenge"
SECONDS = 5 * 60
BYTES = 32
OVER = Text(
    "等得太久了，或者已经用过一次，请再试一次。", "That took too long, or was used before: please try again."
)


@dataclass(frozen=True)
class Challenge:
    """`token`: for the page, which gives it back; `held`: what else was kept in it."""

    value: bytes
    token: str
    browser: str
    held: str = ""

    def bind(self, response: Response, visit: Visit) -> None:
        """That browser alone can answer."""
        set_cookie(response, browser_name(visit.is_secure), self.browser, SECONDS, secure=visit.is_secure)


class Challenges:
    """`clock`: seconds since 1970."""

    def __init__(self, signed: Signed, vanishing: Vanishing, clock: Callable[[], float] = time.time) -> None:
        self._signed = signed
        self._vanishing = vanishing
        self._clock = clock

    def give(self, visit: Visit, purpose: str, held: str = "") -> Challenge:
        """Bind it to the response in which it goes out. `purpose`: with whose it is, where that is known."""
        browser = visit.cookies.get(browser_name(visit.is_secure), "") or secrets.token_urlsafe(16)
        value = secrets.token_bytes(BYTES)
        told = base64.urlsafe_b64encode(value).decode()
        until = int(self._clock()) + SECONDS
        token = self._signed.write(CHALLENGE, [told, purpose, browser, held, until])
        return Challenge(value, token, browser, held)

    async def take(self, visit: Visit, token: str, purpose: str) -> Challenge:
        """Raises Refused (stale): of another browser or purpose, too old, or answered before."""
        here = visit.cookies.get(browser_name(visit.is_secure), "")
        match self._signed.read(CHALLENGE, token):
            case [str(told), str(meant), str(browser), str(held), int(until)]:
                is_ours = (meant, browser) == (purpose, here) and self._clock() < until
                if is_ours and not await self._vanishing.take(Share((CHALLENGE, told), 1, SECONDS)):
                    return Challenge(base64.urlsafe_b64decode(told), token, browser, held)
        raise Refused(OVER, code="stale")


def browser_name(secure: bool) -> str:
    return f"{cookie_name(secure)}-browser"
