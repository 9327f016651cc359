"""Accounts that consent to an application of ours: pages for it, and what follows from a consent or its end.

What is to be done stands on the disk, and each step may be done again: it goes on after a restart, and it
does not matter which of several ways told of a consent.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any

from runtime import channels
from runtime.channels import ApiAnswer
from runtime.errors import HongyanError, SendFailed
from runtime.gateway.applications import Consenting
from runtime.gateway.applying import Applying
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.proving import CLEARED, Proving
from runtime.gateway.published import Publications
from runtime.lang import Text, stored

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at what is to be done."""
PROMPTED = 600.0
"""…and between two requests for what the platform should have brought by itself."""
AGAIN = 5.0
"""…and before what failed is tried again."""
OPEN = 6
"""Pages that somebody may still have open: an older code is as good as the one that is shown."""
LAPSED = Text(
    "{account}的主人取消了授权，这个发布暂停了。请让他重新扫码授权：收到的消息都留着，授权后接着回答。",
    "The owner of the {account} took the consent back, so this publication rests. Let them scan and consent "
    "again: what came in is kept, and answered then.",
)
NO_ADDRESS = Text(
    "先填好公网地址，才能生成授权的二维码。", "Enter the public address first: the code leads back to it."
)


class Consents:
    """`public_url`: where browsers reach us, without a slash at its end; "" when that is not known."""

    def __init__(
        self,
        context: Context,
        sender: Sender,
        abilities: Abilities,
        publications: Publications,
        public_url: Callable[[], str],
    ) -> None:
        self._surfaces = context.surfaces
        self._leases = context.leases
        self._doctor = context.doctor
        self._clock = context.clock
        self._sender = sender
        self._abilities = abilities
        self._publications = publications
        self.applying = Applying(context, sender, publications)
        self._proving = Proving(context, sender, abilities, publications)
        self._public_url = public_url
        self._next: dict[str, float] = {}
        """When what failed, or was asked for, may be tried again, by the loop's clock."""
        self._told: set[str] = set()
        """Publications whose owner was told, by this process, that the consent is over."""

    async def watch(self) -> None:
        while not self._publications.applications.all():  # noqa: ASYNC110 # another process may enter one
            await asyncio.sleep(LOOK)
        await self._leases.while_mine("consents", self._work)

    async def _work(self) -> None:
        woken = self.applying.woken
        while True:
            woken.clear()
            for one in self._publications.applications.all():
                try:
                    await self._look(one.id)
                except HongyanError as e:
                    log.error("what accounts of %s consented to is not looked at: %s", one.id, e.text.en)
            try:
                async with asyncio.timeout(LOOK):
                    await woken.wait()
            except TimeoutError:
                continue

    async def _look(self, id: str) -> None:
        channel = self.applying.made(id)
        found = self._enabled(id)
        if channel is None:
            return
        if found:
            await self._prompt(channel)
        await self._proving.look(id, channel, found)
        for one in self._enabled(id):
            await self._settle(channel, one)
            if not one.account or one.lapsed_at is not None:
                await self._show(id, channel, one)

    def _enabled(self, id: str) -> list[Consenting]:
        return [one for one in self._publications.applications.publications(id) if one.enabled]

    async def _prompt(self, channel: channels.Consents) -> None:
        """What the platform brings by itself did not come for long."""
        application = channel.application
        last = self._publications.grants.find(application.kept_as).kept_at
        if self._clock() - last < application.prompt_seconds or not self._is_due(
            f"prompt {application.kept_as}", PROMPTED
        ):
            return
        try:
            await self._sender.ask(application, application.prompt_request())
        except SendFailed as e:
            log.warning("the platform was asked for its ticket: %s", e.text.en)

    # What is over

    async def _settle(self, channel: channels.Consents, one: Consenting) -> None:
        """It rests as long as there is no consent, and goes on when there is one again."""
        if not one.account:
            return
        grant = self._publications.grants.find(channel.of(one.account, {}).kept_as)
        lapse = self._publications.applications.lapse
        if grant.over_at is not None and (one.lapsed_at is None or one.id not in self._told):
            if one.lapsed_at is None:
                await asyncio.to_thread(lapse, one.id, grant.over_at)
                await self._write(one.id, **{**CLEARED, "stage": "asking"})
            self._told.add(one.id)
            text = stored(grant.trouble) if grant.trouble else _lapsed(channel)
            self._doctor.trouble(one.id, text, self._clock())
        elif grant.over_at is None and one.lapsed_at is not None:
            await asyncio.to_thread(lapse, one.id, None)
            await self._write(one.id, **{**CLEARED, "stage": "joined"})
            self._told.discard(one.id)
            self._doctor.trouble(one.id, None, self._clock())
            if surface := self._surfaces.find(one.id):
                self._abilities.look_again(surface)

    # Pages

    async def _show(self, id: str, channel: channels.Consents, one: Consenting) -> None:
        """A page where the account's owner consents, renewed before it is too old."""
        known, now = self._publications.joinings.find(one.id), self._clock()
        is_asked = known.asked_at > known.at
        if known.stage in ("given_up", "taken") and not is_asked:
            return
        if known.stage == "shown" and now - known.at < channel.code_seconds and not is_asked:
            return
        codes = 0 if is_asked else known.codes
        if codes >= channel.most_codes:
            await self._write(one.id, stage="given_up", content="", link="", codes=0)
            return
        base = self._public_url().rstrip("/")
        if not base:
            if known.trouble != NO_ADDRESS.by_language():
                await self._write(one.id, trouble=NO_ADDRESS.by_language())
            return
        if not self._is_due(f"code {one.id}", AGAIN):
            return
        back = known.back or secrets.token_urlsafe(24)
        application = channel.application

        def read(answer: ApiAnswer) -> Any:
            return application.page(answer, f"{base}/c/{id}/consent/{back}", one.account)

        try:
            page = await self._sender.asked(application, application.page_request(), read)
        except SendFailed as e:
            if known.trouble != e.text.by_language():
                await self._write(one.id, trouble=e.text.by_language())
            return
        tickets = (*known.tickets, page.ticket)[-OPEN:]
        shown = {"content": page.phone, "link": page.computer, "tickets": tickets, "back": back}
        await self._write(one.id, **{**CLEARED, **shown, "stage": "shown", "codes": codes + 1})

    def _is_due(self, what: str, pause: float) -> bool:
        if _now() < self._next.get(what, 0.0):
            return False
        self._next[what] = _now() + pause
        return True

    async def _write(self, id: str, **changes: Any) -> None:
        changes = {**changes, "at": self._clock()} if "stage" in changes else changes
        await asyncio.to_thread(lambda: self._publications.joinings.change(id, **changes))


def _lapsed(channel: channels.Consents) -> Text:
    return channel.words.fill(LAPSED)  # type: ignore[attr-defined,no-any-return] # each kind has words


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
