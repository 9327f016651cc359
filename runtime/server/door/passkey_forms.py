"""Asking for a passkey on a small page: a button that is hidden until a script of ours finds that it can be
used, and what comes back with it."""

import functools
import html
import json
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from runtime import wellformed
from runtime.access.second.passkeys import Passkeys, Place
from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.door.challenges import OVER, Challenge, Challenges
from runtime.server.door.passkey_place import place_of
from runtime.server.door.visit import Visit
from runtime.store.control.control import Control
from runtime.store.control.user_records import PasskeyRecord

SCRIPT = Path(__file__).parent / "passkey.js"
FORM = string.Template(
    """<form method="post" action="$action" data-passkey="$options" data-failed="$failed" hidden>
<input type="hidden" name="next" value="$next">
<input type="hidden" name="token" value="$token">
<input type="hidden" name="credential">
<button class="other" id="passkey">$button</button>
<p class="hint" role="status"></p>
</form>
"""
)
BUTTON = Text("用通行密钥登录", "Log in with a passkey")
FAILED = Text(
    "没有用成通行密钥：可能取消了，或这台设备上没有。可以再试，或换一种方式登录。",
    "No passkey was used: it was cancelled, or this device has none. Try again, or log in another way.",
)


@dataclass(frozen=True)
class Offered:
    """What goes into a page. Nothing, where nobody could use it."""

    html: str = ""
    script: str = ""
    challenge: Challenge | None = None

    def bind(self, response: Response, visit: Visit) -> None:
        if self.challenge:
            self.challenge.bind(response, visit)


class PasskeyForms:
    """`public_url`: "" when none is set; it may change while the program runs."""

    def __init__(
        self,
        control: Control,
        challenges: Challenges,
        public_url: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._passkeys = Passkeys(control, clock)
        self._challenges = challenges
        self._public_url = public_url

    def place(self, visit: Visit) -> Place | Text:
        return place_of(visit, self._public_url())

    def offered(
        self, visit: Visit, action: str, purpose: str, there: str = "/", user: str | None = None
    ) -> Offered:
        """`action`: the path it is sent to; `user`: whose is asked for, else anybody's. Where there are some,
        and this address is of no use to them, why."""
        place = self.place(visit)
        if isinstance(place, Text):
            why = html.escape(place.to(visit.lang))
            has_any = self._passkeys.of(user) if user else self._passkeys.are_any()
            return Offered(f'<p class="hint">{why}</p>\n' if has_any else "")
        mine = self._passkeys.of(user) if user else []
        if not (any(one.rp == place.rp for one in mine) if user else self._passkeys.any_at(place.rp)):
            return Offered()
        challenge = self._challenges.give(visit, purpose)
        options = self._passkeys.asking(place, challenge.value, user)
        form = FORM.substitute(
            action=html.escape(f"{visit.root}{action}"),
            options=html.escape(json.dumps(options)),
            failed=html.escape(FAILED.to(visit.lang)),
            next=html.escape(there),
            token=html.escape(challenge.token),
            button=html.escape(BUTTON.to(visit.lang)),
        )
        return Offered(form, script(), challenge)

    async def proved(
        self, visit: Visit, form: Mapping[str, str], purpose: str, user: str | None = None
    ) -> PasskeyRecord:
        """Whose it is, of that user if one is given. Raises Refused."""
        place = self.place(visit)
        if isinstance(place, Text):
            raise Refused(place)
        challenge = await self._challenges.take(visit, form.get("token", ""), purpose)
        try:
            given = wellformed.load(form.get("credential", ""))
        except ValueError:
            raise Refused(OVER, code="malformed") from None
        return self._passkeys.check(place, challenge.value, given if isinstance(given, dict) else {}, user)


@functools.cache
def script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
