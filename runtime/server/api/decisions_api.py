"""What waits in the middle of flows, decided by the owner's own systems.

    POST /desk/waits    {"kind": "decision"}      →  {"waits": [{"id": 1, "what": {…}, …}], "more": false}
                        the newest 500; where there is more, ask again with "before": the last one's id
    POST /desk/approve  {"wait": 1, "note": "…"}  →  {"id": 1, "decided": true}
    POST /desk/deny     {"wait": 1, "note": "…"}
    POST /desk/cancel   {"wait": 1}               whatever it waits for: the other way of the flow is taken

With a key that may, see operator_api.py. It sees what waits of its agents. A decision is made once: whoever
comes second gets 409, and 404 once the flow has gone on.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from runtime.access.audit.log import Audit
from runtime.errors import NotFound
from runtime.gateway.gateway import Gateway
from runtime.gateway.waits import NO_SUCH
from runtime.schema import Strict, as_model
from runtime.server.api.key_check import Caller, KeyCheck
from runtime.server.api.operator_api import ANSWER, READ, Work, operating_routes
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.store.messages.waits import MOST_LISTED, Waits
from runtime.turn.waiting import LONGEST_NOTE

FOR_EVER = 1e11


class WaitList(Strict):
    """`before`: a number; only older ones."""

    kind: Literal["", "message", "decision", "call", "time"] = ""
    before: int = Field(0, ge=0, le=2**53)


class WaitDeed(Strict):
    """`operator`: who it is, where several work with one key."""

    wait: int = Field(ge=1, le=2**53)
    operator: str = Field("", max_length=30)


class Decision(WaitDeed):
    note: str = Field("", max_length=LONGEST_NOTE)


class DecisionsApi:
    def __init__(self, gateway: Gateway, keys: KeyCheck, control: Control, audit: Audit) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._audit = audit

    def routes(self) -> Sequence[Way]:
        deeds: dict[str, Work] = {"cancel": self.cancel}
        deeds |= {"approve": self._decides(yes=True), "deny": self._decides(yes=False)}
        own = self._keys, self._gateway, self._audit
        return [*operating_routes(READ, {"waits": self.waits}, *own), *operating_routes(ANSWER, deeds, *own)]

    async def waits(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(WaitList, data)
        rows, most = self._gateway.messages.waits, MOST_LISTED + 1
        found = [
            one
            for own in self._publications(caller)
            for one in await rows.open(own, kind=asked.kind, before=asked.before, most=most)
        ]
        found.sort(key=lambda one: one.id, reverse=True)
        return {"waits": [_told(one) for one in found[:MOST_LISTED]], "more": len(found) > MOST_LISTED}

    async def cancel(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(WaitDeed, data)
        await self._check_own(caller, asked.wait)
        await self._gateway.waits.cancel(asked.wait)
        return {"id": asked.wait, "cancelled": True}

    def _decides(self, *, yes: bool) -> Work:
        async def work(caller: Caller, data: dict[str, object]) -> dict[str, object]:
            asked = as_model(Decision, data)
            await self._check_own(caller, asked.wait)
            by = f"api {caller.key.prefix}/{asked.operator}".rstrip("/")
            await self._gateway.waits.decide(asked.wait, yes=yes, by=by, note=asked.note)
            return {"id": asked.wait, "decided": yes}

        return work

    async def _check_own(self, caller: Caller, id: int) -> None:
        """Raises NotFound: what waits of another agent is nothing to this key."""
        found = await self._gateway.messages.waits.find(id)
        if found is None or found.publication not in self._publications(caller):
            raise NotFound(NO_SUCH)

    def _publications(self, caller: Caller) -> list[str]:
        return [one.id for one in self._control.publications() if one.agent in caller.agents]


def _told(one: Waits) -> dict[str, object]:
    return {
        "id": one.id,
        "for": one.kind,
        "what": one.what.by_language(),
        "publication": one.publication,
        "person": one.sender,
        "block": one.block,
        "since": one.at,
        "until": one.until if one.until < FOR_EVER else None,
    }
