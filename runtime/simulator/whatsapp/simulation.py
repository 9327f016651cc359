"""A business number and whoever writes to it: what a rehearsal plays."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from runtime.lang import Text
from runtime.simulator import Crowded, Door, Kind, Knock, Link, OpenPage, Seen, Taken
from runtime.simulator.history import Shown
from runtime.simulator.http import Request, Response
from runtime.simulator.rendered import starred
from runtime.simulator.whatsapp.platform import NUMBER, PHONE_ID, TOKEN, Platform, Sent

PERSON = "8613800138000"
APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY = "played-verify-token"
PATIENCE = 20.0
AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a call that was not taken is made again."""
TYPING = 25.0


class WhatsAppSimulation(Crowded):
    kinds: ClassVar[Mapping[str, Kind]] = {
        "number": Kind(
            Text("商业号码", "Business number"),
            Text("对方 24 小时没说话后只能发模板", "24 hours after a person's message only templates"),
        )
    }
    api_host_setting: ClassVar[str] = "HONGYAN_WHATSAPP_API"

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.platform = Platform(clock)
        self.settings = {
            "phone_number_id": PHONE_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY,
        }
        self._wrote: list[tuple[float, str]] = []
        self._again: list[tuple[float, int]] = []
        self._telling: set[asyncio.Task[Any]] = set()

    def call(self, request: Request) -> Response:
        before = len(self.platform.failed)
        response = self.platform.call(request)
        for one, code in self.platform.failed[before:]:
            task = asyncio.get_running_loop().create_task(self.bring(self.failed(one, code)))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return response

    def connect(self, door: Door, open_page: OpenPage) -> None:
        self._door = door

    async def write(self, text: str) -> None:
        self._wrote.append((self._clock(), text))
        await self.says(PERSON, text)

    async def says(self, person: str, text: str) -> bool | None:
        """Whether the number was told; None: the platform gave up."""
        return await self.bring(self.said(person, {"type": "text", "text": {"body": text}}))

    def said(self, person: str, content: Mapping[str, Any]) -> dict[str, Any]:
        id = self.platform.next_id()
        self.platform.known[id], self.platform.wrote[person] = person, self._clock()
        contact = {"profile": {"name": "Ann"}, "wa_id": person}
        told = {"from": person, "id": id, "timestamp": str(int(self._clock())), **content}
        return {"contacts": [contact], "messages": [told]}

    def failed(self, one: Sent, code: int) -> dict[str, Any]:
        status = {
            "id": one.id,
            "status": "failed",
            "timestamp": str(int(self._clock())),
            "recipient_id": one.to,
        }
        errors = [{"code": code, "title": "Re-engagement message"}]
        return {"statuses": [{**status, "biz_opaque_callback_data": one.given, "errors": errors}]}

    async def tap(self, person: str, label: str) -> bool | None:
        """A button of the newest message that has it. Raises LookupError."""
        for one in reversed(self.platform.sent):
            found = [id for title, id in one.buttons if title == label]
            if one.to == person and found:
                kind = "button_reply" if len(one.buttons) <= 3 else "list_reply"
                reply = {"type": kind, kind: {"id": found[0], "title": label}}
                return await self.bring(self.said(person, {"type": "interactive", "interactive": reply}))
        raise LookupError(f"nothing to tap says {label}")

    async def bring(self, value: Mapping[str, Any]) -> bool | None:
        meta = {"display_phone_number": NUMBER, "phone_number_id": PHONE_ID}
        whole = {"messaging_product": "whatsapp", "metadata": meta, **value}
        entry = {"id": "102290129340398", "changes": [{"value": whole, "field": "messages"}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        proof = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        knock = Knock({}, body, headers={"x-hub-signature-256": f"sha256={proof}"})
        for attempt, pause in enumerate((*AGAIN, None), 2):
            if await self._taken(knock):
                return True
            if pause is None:
                return None
            await asyncio.sleep(pause)
            self._again.append((self._clock(), attempt))
        return None

    async def _taken(self, knock: Knock) -> bool:
        try:
            status, _ = await asyncio.wait_for(self._door(knock), PATIENCE)
        except (TimeoutError, OSError):
            return False
        return status == 200

    @property
    def account(self) -> str:
        return PHONE_ID

    async def written_by(self, number: int, text: str) -> Taken:
        person = f"86139{number:08d}"
        return Taken(person, await self.says(person, text))

    def everybody_saw(self) -> Sequence[Shown]:
        return [Shown(PHONE_ID, one.to, one.at, one.text) for one in self.platform.sent]

    async def follow(self, link: Link) -> None:
        await asyncio.sleep(0)

    def seen(self) -> Sequence[Seen]:
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        sent = [one for one in self.platform.sent if one.to == PERSON]
        own = [Seen(one.at, "account", shown(one), self.pieces(shown(one)), "push") for one in sent]
        return sorted([*mine, *own], key=lambda one: one.at)

    @classmethod
    def pieces(cls, sent: str) -> Sequence[str | Link]:
        return starred(sent)

    def typing(self) -> tuple[float, float] | None:
        shown = [at for at, person in self.platform.typed if person == PERSON]
        return (shown[0], shown[-1] + TYPING) if shown else None

    def repeats(self) -> Sequence[tuple[float, int]]:
        return list(self._again)

    def pushes(self) -> tuple[int, int]:
        return len(self.platform.sent), 1000

    async def settle(self) -> None:
        if self._telling:
            await asyncio.wait(self._telling)


def shown(one: Sent) -> str:
    """With what can be tapped below it."""
    return "\n".join([one.text, *(title for title, _ in one.buttons)])
