"""What an account's consent is worth: a code, by whichever way it came, becomes what tokens hang on.

A code is good once. What was done with it stands on the disk before anything else is; when we died in
between, the platform is asked who the account is, which tells the same.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.channels import Consents
from runtime.channels._consenting import Proof
from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.applications import Consenting
from runtime.gateway.applying import NO_CODE
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.published import Publications

log = logging.getLogger(__name__)

AGAIN, SELDOM = 5.0, 60.0
"""Seconds before what failed is tried again, at first and at last: each time twice as many."""
HOUR = 3600.0
"""Seconds for which a code is good, and longer than a platform takes until all of it knows of a consent."""
FOR_A_WHILE = frozenset({"unreachable", "uncertain", "unreadable", "token"})
"""Codes of ours that say nothing of what was asked."""
CLEARED: Mapping[str, Any] = {
    "content": "",
    "link": "",
    "tickets": (),
    "back": "",
    "proof": "",
    "trouble": {},
    "codes": 0,
}


class Proving:
    def __init__(
        self, context: Context, sender: Sender, abilities: Abilities, publications: Publications
    ) -> None:
        self._surfaces = context.surfaces
        self._clock = context.clock
        self._sender = sender
        self._abilities = abilities
        self._publications = publications
        self._next: dict[str, tuple[float, float]] = {}
        """When what failed is tried again, by the loop's clock, and after which pause."""

    async def look(self, id: str, channel: Consents, found: Sequence[Consenting]) -> None:
        """Prove with whatever code waits for that."""
        for one in found:
            code = self._publications.joinings.find(one.id).proof
            if code and self._is_due(what := f"{one.id} {code}"):
                await self._surely(what, self._from_page(id, channel, one, code))
        start, grants = channel.of("", {}).kept_as, self._publications.grants
        for name in [one.id for one in grants.all() if one.id.startswith(start)]:
            code = grants.code(name)
            if code and self._is_due(what := f"{name} {code}"):
                await self._surely(what, self._told(id, channel, name, name.removeprefix(start)))

    async def _surely(self, what: str, work: Any) -> None:
        try:
            await work
            self._next.pop(what, None)
        except SendFailed as e:
            _, last = self._next.get(what, (0.0, AGAIN / 2))
            pause = min(2 * last, SELDOM)
            self._next[what] = _now() + pause, pause
            log.warning("a consent cannot be proved yet: %s", e.text.en)

    async def _from_page(self, id: str, channel: Consents, one: Consenting, code: str) -> None:
        """A browser brought a code, for this publication."""
        try:
            proof = await self._proof(channel, code)
        except SendFailed as e:
            if _may_pass(e):
                raise
            change = {"proof": "", "stage": "asking", "trouble": e.text.by_language()}
            await self._write(one.id, **change)
            return
        await self._granted(channel, proof)
        await self._bind(id, channel, one, proof.account)

    async def _told(self, id: str, channel: Consents, name: str, account: str) -> None:
        """The platform told of a consent."""
        grants = self._publications.grants
        known, code = grants.find(name), grants.code(name)
        try:
            proof = await self._proof_of(channel, code, account)
        except SendFailed as e:
            if e.code not in channel.codes.lost or self._clock() - known.at < HOUR:
                raise
            log.warning("a consent was over before it was proved: %s", e.text.en)
            await asyncio.to_thread(self._used, name, code)
            return
        await self._granted(channel, proof)
        for one in self._publications.applications.publications(id):
            tickets = self._publications.joinings.find(one.id).tickets
            is_awaited = bool(known.ticket) and not one.account and known.ticket in tickets
            if one.enabled and (is_awaited or one.account == account):
                await self._bind(id, channel, one, account)
        await asyncio.to_thread(self._used, name, code)

    def _used(self, name: str, code: str) -> None:
        """Another one, of which we were told meanwhile, stays."""
        if self._publications.grants.code(name) == code:
            self._publications.grants.change(name, code="", ticket="")

    async def _proof_of(self, channel: Consents, code: str, account: str) -> Proof:
        """By its code; where there is none, or it was used, as by us before we died, by asking who it is."""
        if code != NO_CODE:
            try:
                return await self._proof(channel, code)
            except SendFailed as e:
                if _may_pass(e):
                    raise
        _, proof = await self._account(channel, account)
        return proof

    async def _proof(self, channel: Consents, code: str) -> Proof:
        """Raises SendFailed."""
        application = channel.application
        return await self._sender.asked(application, application.proof_request(code), application.proof)

    async def _account(self, channel: Consents, account: str) -> tuple[Mapping[str, str], Proof]:
        """Raises SendFailed."""
        application = channel.application
        request = application.account_request(account)
        return await self._sender.asked(application, request, application.account_told)

    async def _granted(self, channel: Consents, proof: Proof) -> None:
        """What tokens of the account hang on from now on: on the disk before anything else."""
        crashpoint("before_grant")
        now, token = self._clock(), proof.token
        name, value = channel.of(proof.account, {}).kept_as, token.value if token else ""
        until = now + token.expires_in if token else 0.0
        grants = self._publications.grants
        known = grants.find(name)
        # a browser brings no time along: what ended the consent before may come again, and is over
        at = known.at if known.over_at is None else known.at + 1
        again: dict[str, Any] = {"at": at, "over_at": None, "trouble": {}}
        await asyncio.to_thread(lambda: grants.keep(name, proof.kept, now, token=value, until=until, **again))

    async def _bind(self, id: str, channel: Consents, one: Consenting, account: str) -> None:
        """The publication answers on that account. Raises SendFailed."""
        if one.account and one.account != account:
            await self._write(one.id, proof="")
            return
        answers = self._publications.applications.publication(id, account)
        if answers is not None and answers.id != one.id:
            await self._write(one.id, **{**CLEARED, "stage": "taken"})
            return
        settings, _ = await self._account(channel, account)
        await asyncio.to_thread(self._publications.joinings.keep, one.id, account, settings, {})
        await self._write(one.id, **{**CLEARED, "stage": "joined"})
        if joined := self._surfaces.find(one.id):
            self._abilities.can_push(joined)

    def _is_due(self, what: str) -> bool:
        return _now() >= self._next.get(what, (0.0, 0.0))[0]

    async def _write(self, id: str, **changes: Any) -> None:
        changes = {**changes, "at": self._clock()} if "stage" in changes else changes
        await asyncio.to_thread(lambda: self._publications.joinings.change(id, **changes))


def _may_pass(error: SendFailed) -> bool:
    """Whether it says nothing of the code: the same may go through later."""
    return error.retryable or error.code in FOR_A_WHILE or error.code.startswith("http_")


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
