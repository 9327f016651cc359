"""A business number and whoever writes to it: what a rehearsal plays."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Taken
from runtime.simulator._chatting import Reacting, tapped, with_buttons
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import starred
from runtime.simulator.whatsapp.platform import NUMBER, PHONE_ID, TOKEN, Platform, Sent

PERSON = "8613800138000"
APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY = "played-verify-token"
AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a call that was not taken is made again."""


class WhatsAppSimulation(Reacting):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "number": Kind(
            Text("商业号码", "Business number"),
            Text("对方 24 小时没说话后只能发模板", "24 hours after a person's message only templates"),
        )
    }
    person: ClassVar[str] = PERSON
    api_host_setting: ClassVar[str] = "HONGYAN_WHATSAPP_API"
    typing_seconds: ClassVar[float] = 25.0
    patience: ClassVar[float] = 20.0

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.platform = Platform(clock)
        self.settings = {
            "phone_number_id": PHONE_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY,
        }
        self._telling: set[asyncio.Task[Any]] = set()

    def call(self, request: Request) -> Response:
        before = len(self.platform.failed)
        response = self.platform.call(request)
        for one, code in self.platform.failed[before:]:
            task = asyncio.get_running_loop().create_task(self.bring(self.failed(one, code)))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return response

    async def person_says(self, text: str) -> None:
        await self.says(PERSON, text)

    async def says(self, person: str, text: str) -> bool | None:
        """Whether the number was told; None: the platform gave up."""
        return await self.bring(self.said(person, {"type": "text", "text": {"body": text}}))

    def said(self, person: str, content: Mapping[str, Any]) -> dict[str, Any]:
        id = self.platform.next_id()
        self.platform.known[id], self.platform.wrote[person] = person, self.clock()
        contact = {"profile": {"name": "Ann"}, "wa_id": person}
        told = {"from": person, "id": id, "timestamp": str(int(self.clock())), **content}
        return {"contacts": [contact], "messages": [told]}

    def failed(self, one: Sent, code: int) -> dict[str, Any]:
        status = {
            "id": one.id,
            "status": "failed",
            "timestamp": str(int(self.clock())),
            "recipient_id": one.to,
        }
        errors = [{"code": code, "title": "Re-engagement message"}]
        return {"statuses": [{**status, "biz_opaque_callback_data": one.given, "errors": errors}]}

    async def tap(self, person: str, label: str) -> bool | None:
        """A button of the newest message that has it. Raises LookupError."""
        one, id = tapped(label, ((one, one.buttons) for one in self.platform.sent if one.to == person))
        kind = "button_reply" if len(one.buttons) <= 3 else "list_reply"
        reply = {"type": kind, kind: {"id": id, "title": label}}
        return await self.bring(self.said(person, {"type": "interactive", "interactive": reply}))

    async def put_under(self, person: str, name: str, sign: str, before: str) -> None:
        given = {"message_id": name, **({"emoji": sign} if sign else {})}
        await self.bring(self.said(person, {"type": "reaction", "reaction": given}))

    def names(self, person: str) -> Sequence[str]:
        return [one.id for one in self.platform.sent if one.to == person]

    async def bring(self, value: Mapping[str, Any]) -> bool | None:
        meta = {"display_phone_number": NUMBER, "phone_number_id": PHONE_ID}
        whole = {"messaging_product": "whatsapp", "metadata": meta, **value}
        entry = {"id": "102290129340398", "changes": [{"value": whole, "field": "messages"}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        proof = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        knock = Knock({}, body, headers={"x-hub-signature-256": f"sha256={proof}"})
        return await self.again(lambda _: self.is_taken(knock), AGAIN)

    @property
    def account(self) -> str:
        return PHONE_ID

    async def written_by(self, number: int, text: str) -> Taken:
        person = f"86139{number:08d}"
        return Taken(person, await self.says(person, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(PHONE_ID, one.to, one.at, one.text) for one in self.platform.sent]

    def heard(self) -> Iterable[Seen]:
        sent = (one for one in self.platform.sent if one.to == PERSON)
        return [self.pushed(one.at, with_buttons(one.text, one.buttons)) for one in sent]

    def typed(self) -> Sequence[float]:
        return [at for at, person in self.platform.typed if person == PERSON]

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return starred(sent)

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), 1000

    async def settle(self) -> None:
        if self._telling:
            await asyncio.wait(self._telling)
