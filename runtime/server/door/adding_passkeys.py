"""A passkey is made on the device that somebody sits at, for "My account". Not by a page's click: a challenge
is bound to the browser, which an action does not see."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime import wellformed
from runtime.access.audit.log import Audit
from runtime.access.audit.trail import Trail
from runtime.access.permissions import Permission
from runtime.access.second.confirming import Confirming
from runtime.access.second.passkeys import Passkeys
from runtime.access.tries import Tries
from runtime.errors import HongyanError, Refused
from runtime.lang import Text
from runtime.server.body import read_body
from runtime.server.door.challenges import Challenges
from runtime.server.door.passkey_forms import PasskeyForms
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Way, origin_of, who_of
from runtime.server.statuses import status_of
from runtime.store.control.control import Control

MOST = 64 * 1024
"""Bytes: what a device says of itself may come with certificates."""
MALFORMED = Text("请求不完整，请再试一次。", "That request is incomplete: please try again.")
ADDED = Text("通行密钥已添加。", "The passkey is added.")


class AddingPasskeys:
    def __init__(
        self,
        control: Control,
        challenges: Challenges,
        forms: PasskeyForms,
        tries: Tries,
        audit: Audit,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._passkeys = Passkeys(control, clock)
        self._confirming = Confirming(control, tries, clock)
        self._challenges = challenges
        self._forms = forms
        self._audit = audit

    def routes(self) -> list[Way]:
        return [
            Way("/passkeys/begin", self.begin, methods=["POST"], needs=Permission.ACCOUNT),
            Way("/passkeys/add", self.add, methods=["POST"], needs=Permission.ACCOUNT),
        ]

    async def begin(self, request: Request) -> Response:
        """{"present": password or code} → {"options", "token"}."""
        visit, who = Visit(request.scope), who_of(request)
        try:
            asked, place = await _asked(request), self._forms.place(visit)
            if isinstance(place, Text):
                raise Refused(place)
            await self._confirming.must(who.id, str(asked.get("present", "")))
            handle = self._passkeys.handle(who.id)
            challenge = self._challenges.give(visit, f"add {who.id}", handle)
            options = self._passkeys.making(who.id, place, challenge.value, handle)
        except HongyanError as e:
            return _refusal(e)
        response = JSONResponse({"ok": True, "options": options, "token": challenge.token})
        challenge.bind(response, visit)
        return response

    async def add(self, request: Request) -> Response:
        """{"token", "name", "credential"} → what a page says of it."""
        visit, who = Visit(request.scope), who_of(request)
        trail = Trail(self._audit, origin_of(request))

        async def work() -> None:
            asked, place = await _asked(request), self._forms.place(visit)
            if isinstance(place, Text):
                raise Refused(place)
            challenge = await self._challenges.take(visit, str(asked.get("token", "")), f"add {who.id}")
            given = asked.get("credential")
            given, name = given if isinstance(given, dict) else {}, str(asked.get("name", ""))
            self._passkeys.add(who.id, name, place, challenge.value, given, challenge.held)

        try:
            await trail.during(trail.deed(who.id, "account.add_passkey", "user", who.id), work)
        except HongyanError as e:
            return _refusal(e)
        return JSONResponse({"ok": True, "text": ADDED.by_language()})


async def _asked(request: Request) -> Mapping[str, Any]:
    """Raises Refused."""
    try:
        asked = wellformed.load(await read_body(request, MOST))
    except ValueError:
        raise Refused(MALFORMED, code="malformed") from None
    if not isinstance(asked, dict):
        raise Refused(MALFORMED, code="malformed")
    return asked


def _refusal(error: HongyanError) -> Response:
    field = getattr(error, "field", "")
    return JSONResponse({"ok": False, "text": error.text.by_language(), "field": field}, status_of(error))
