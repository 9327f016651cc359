"""What A2A calls what went wrong: its codes, in JSON-RPC's form.

https://a2a-protocol.org/v1.0.0/specification/ (9.5, error codes of the JSON-RPC binding)
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, Invalid, NotFound
from runtime.lang import Text
from runtime.server.api.a2a_wire import UnfitPart
from runtime.server.api.api_errors import headers_of, sentence_of
from runtime.server.statuses import status_of

INVALID_REQUEST, NO_METHOD, BAD_PARAMS, REFUSED = -32600, -32601, -32602, -32000
NO_TASK, NOT_CANCELABLE, NO_PUSH, UNSUPPORTED, UNFIT = -32001, -32002, -32003, -32004, -32005
NO_VERSION = -32009


class Wrong(Invalid):
    """Told by a code of A2A's."""

    def __init__(self, text: Text, rpc: int) -> None:
        super().__init__(text)
        self.rpc = rpc


class Unfound(NotFound):
    """There is no such task."""


def error(e: HongyanError, id: str | int | None, lang: str) -> Response:
    """A status of its own only where no JSON-RPC client could read it right: the key, a limit, the body."""
    told: dict[str, Any] = {"code": code_of(e), "message": sentence_of(e).to(lang)}
    is_rpc = isinstance(e, Invalid | Unfound)
    status = 200 if is_rpc else status_of(e)
    headers = dict(headers_of(e)) | ({"www-authenticate": "Bearer"} if status == 401 else {})
    return JSONResponse({"jsonrpc": "2.0", "id": id, "error": told}, status, headers)


def code_of(e: HongyanError) -> int:
    match e:
        case Wrong():
            return e.rpc
        case Unfound():
            return NO_TASK
        case UnfitPart():
            return UNFIT
        case Invalid():
            return BAD_PARAMS
    return REFUSED
