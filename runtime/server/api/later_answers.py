"""POST /back/{token}: the later answer to a request that a tool sent with `{{ callback.url }}`.

    curl -X POST https://…/back/TOKEN -H "Content-Type: application/json" -d '{"state": "done"}'

The address is its own key: nobody can guess it, it counts once, and not after the time that was given.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, NotFound, TurnFailed
from runtime.lang import Text
from runtime.server.api.api_errors import headers_of
from runtime.server.api.chat_api import error_body
from runtime.server.api.streams import language
from runtime.server.body import read_body
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of
from runtime.turn.awaited import MOST_POSTED, posted

PATH = "/back/"
NOT_YET = Text(
    "还没轮到等这个回话，请过一会儿再发一次。", "Nobody waits for this answer yet; send it again later."
)
TRIES, PAUSE = 100, 0.1
"""How often it is looked, and seconds between, for a turn that is about to wait: who is quick answers within
the request that asked."""


class Called(Protocol):
    """What we need of the gateway."""

    async def call(self, token: str, data: Mapping[str, Any]) -> None:
        """Raises NotFound, Conflict, StoreFailed."""
        ...

    async def expects(self, token: str) -> bool:
        """Whether its address was given away, also by a process that died since. Raises StoreFailed."""
        ...


class Awaited(Protocol):
    """What this process knows of addresses that were given away (runtime/turn/awaited.py)."""

    def expects(self, token: str) -> bool: ...

    def taken(self, token: str) -> None: ...


def routes(waits: Called, awaited: Awaited) -> list[Way]:
    async def take(request: Request) -> Response:
        try:
            body = await read_body(request, MOST_POSTED)
            await _call(waits, awaited, request.path_params["token"], {"body": posted(body)})
        except HongyanError as e:
            return JSONResponse({"error": error_body(e, language(request))}, status_of(e), headers_of(e))
        return JSONResponse({"ok": True})

    return [Way(PATH + "{token}", take, methods=["POST"], needs=Entry.MACHINE)]


async def _call(waits: Called, awaited: Awaited, token: str, data: Mapping[str, Any]) -> None:
    """Raises as `waits.call`, but NotFound only for what nobody waits for, now or later: the turn that asked
    gets time to come to where it waits, and then TurnFailed says that the answer is to be sent again."""
    for tried in range(TRIES):
        try:
            await waits.call(token, data)
        except NotFound:
            if not (tried or awaited.expects(token) or await waits.expects(token)):
                raise
            await asyncio.sleep(PAUSE)
        else:
            return awaited.taken(token)
    raise TurnFailed(NOT_YET, code="unfinished")
