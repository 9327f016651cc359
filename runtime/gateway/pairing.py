"""Accounts that are joined by a scan: codes are asked for and watched until somebody scanned one.

How far it is stands in the control store, where the page reads it and leaves what a person entered: they may
be two processes.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr, ValidationError

from runtime.channels import Channel, Pairing, Pairs
from runtime.errors import HongyanError, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.published import Publications
from runtime.gateway.surfaces import Surface
from runtime.lang import NOTHING, Text

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at what is to be joined."""
DIGITS = 0.5
"""…and at whether digits were entered."""
MOST_KNOWN = 10
"""Accounts that the platform is told of."""


class Pairings:
    def __init__(
        self, context: Context, sender: Sender, abilities: Abilities, publications: Publications
    ) -> None:
        self._surfaces = context.surfaces
        self._leases = context.leases
        self._background = context.background
        self._doctor = context.doctor
        self._clock = context.clock
        self._sender = sender
        self._abilities = abilities
        self._publications = publications
        self._running: set[str] = set()
        self._lost: dict[str, Surface] = {}
        """Whose account works no more, as they were then."""

    async def watch(self) -> None:
        while True:
            for surface in self._surfaces.all():
                if self._is_due(surface):
                    self._running.add(surface.id)
                    self._background.start(self._begin(surface.id))
            await asyncio.sleep(LOOK)

    async def lost(self, surface: Surface, error: SendFailed) -> None:
        """Its account is to be joined anew: the owner is told, and there is a new code."""
        await self._abilities.refused(surface, error)
        if surface.pairs:
            self._lost[surface.id] = surface
            self._doctor.trouble(surface.id, error.text, self._clock())
            await self._write(surface.id, stage="asking")

    def _is_due(self, surface: Surface) -> bool:
        if surface.pairs is None or surface.id in self._running:
            return False
        if surface.pairs.is_joined and self._lost.get(surface.id) is not surface:
            self._lost.pop(surface.id, None)
            return False
        known = self._publications.joinings.find(surface.id)
        return known.stage not in ("given_up", "taken") or known.asked_at > known.at

    async def _begin(self, id: str) -> None:
        try:
            await self._leases.while_mine(f"join {id}", lambda: self._join(id))
        except HongyanError as e:
            log.error("%s cannot be joined: %s", id, e.text.en)
        except Exception:  # a bug of ours: it is tried anew, and the others go on
            log.exception("%s cannot be joined", id)
        finally:
            self._running.discard(id)

    async def _join(self, id: str) -> None:
        surface = self._surfaces.find(id)
        if surface is None or surface.pairs is None:
            return
        own = surface.pairs.is_joined
        pairing = Pairing(surface.pairs, self._known(surface), own=own)
        told = None
        while not pairing.is_over:
            request = pairing.next(_now())
            await self._leases.surely(f"join {id}")
            if told != (told := _told(pairing)):
                await self._write(id, **told)
            if self._is_otherwise(surface):
                return  # it was taken back, or joined by somebody else
            if request:
                began = _now()
                try:
                    pairing.answered(await self._sender.ask(surface.pairs, request), _now())
                except SendFailed as e:
                    pairing.unanswered(e, _now() - began)
                await asyncio.sleep(pairing.pause)
            elif pairing.wants_digits:
                await self._take_digits(id, pairing)
        await self._leases.surely(f"join {id}")
        await self._end(surface, pairing)

    def _is_otherwise(self, surface: Surface) -> bool:
        now = self._surfaces.find(surface.id)
        return now is None or now.channel.settings != surface.channel.settings

    async def _take_digits(self, id: str, pairing: Pairing) -> None:
        await asyncio.sleep(DIGITS)
        if digits := self._publications.joinings.find(id).digits:
            await self._write(id, digits="")
            pairing.enter(digits)

    async def _end(self, surface: Surface, pairing: Pairing) -> None:
        if pairing.stage == "joined":
            await self._keep(surface, pairing.settings)
        if pairing.stage in ("joined", "kept"):
            self._lost.pop(surface.id, None)
            self._doctor.trouble(surface.id, None, self._clock())
        await self._write(surface.id, **_told(pairing))
        if joined := self._surfaces.find(surface.id):
            self._abilities.can_push(joined)

    async def _keep(self, surface: Surface, brought: Mapping[str, str]) -> None:
        """Raises HongyanError when the scan brought what the channel does not take."""
        kind = type(surface.channel)
        known = {**self._publications.channel_settings(surface.id), **brought}
        try:
            settings = kind.Settings.model_validate(known)
        except ValidationError:
            raise SendFailed(UNUSABLE, code="unreadable") from None
        channel = kind(settings)
        assert isinstance(channel, Pairs)
        values = {name: getattr(settings, name) for name in brought}
        secrets = {name: v.get_secret_value() for name, v in values.items() if isinstance(v, SecretStr)}
        shown = {name: v for name, v in values.items() if name not in secrets}
        await asyncio.to_thread(self._publications.joinings.keep, surface.id, channel.account, shown, secrets)

    def _known(self, surface: Surface) -> list[Mapping[str, str]]:
        """What the platform may find the phone joined with: our own, else that of the others."""
        if surface.pairs and surface.pairs.is_joined:
            return [_brought(surface.channel, surface.pairs, self._publications.channel_settings(surface.id))]
        found = []
        for other in self._surfaces.all():
            if other.pairs and other.pairs.is_joined and type(other.channel) is type(surface.channel):
                settings = self._publications.channel_settings(other.id)
                found.append(_brought(other.channel, other.pairs, settings))
        return found[-MOST_KNOWN:]

    async def _write(self, id: str, **changes: Any) -> None:
        changes = {**changes, "at": self._clock()} if "stage" in changes else changes
        await asyncio.to_thread(self._publications.joinings.change, id, **changes)


UNUSABLE = Text("扫码带回来的内容不完整。", "What the scan brought is incomplete.")


def _told(pairing: Pairing) -> dict[str, Any]:
    trouble = pairing.trouble.text if pairing.trouble else NOTHING
    return {
        "stage": pairing.stage,
        "content": pairing.code.content if pairing.code else "",
        "trouble": trouble.by_language() if trouble is not NOTHING else {},
    }


def _brought(channel: Channel, pairs: Pairs, settings: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: str(settings[name]) for name in type(pairs).yields if name in settings}


def _now() -> float:
    """For durations: the wall clock may jump."""
    return asyncio.get_running_loop().time()
