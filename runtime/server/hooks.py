"""POST /hooks/{token}: a program begins a start of an agent. Answered with 202 and the number of the run.

Whoever has no address that there is learns nothing more.
"""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, TooMany
from runtime.gateway.starts.calls import LARGEST, Call, Taken
from runtime.server.body import read_body
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of


class Takes(Protocol):
    """What we need of the gateway."""

    async def take(self, call: Call) -> Taken: ...


def routes(calls: Takes) -> list[Way]:
    async def endpoint(request: Request) -> Response:
        try:
            return _taken(await calls.take(await _read(request)))
        except HongyanError as e:
            headers = {"retry-after": str(int(e.wait))} if isinstance(e, TooMany) else {}
            told = {"error": e.text.by_language(), "code": e.code, "field": e.field}
            return JSONResponse({name: value for name, value in told.items() if value}, status_of(e), headers)

    return [Way("/hooks/{token}", endpoint, methods=["POST"], needs=Entry.MACHINE)]


def _taken(taken: Taken) -> Response:
    return JSONResponse({"run": taken.run, "new": taken.is_new}, 202)


async def _read(request: Request) -> Call:
    """Raises Refused."""
    body = await read_body(request, LARGEST)
    return Call(request.path_params["token"], request.headers, dict(request.query_params), body)
