"""What A2A calls what went wrong: its codes, in JSON-RPC's form.

https://a2a-protocol.org/v1.0.0/specification/ (9.5, error codes of the JSON-RPC binding)
"""

from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, Invalid
from runtime.lang import Text
from runtime.server.api.api_errors import headers_of, sentence_of
from runtime.server.statuses import status_of

INVALID_REQUEST, NO_METHOD, BAD_PARAMS, REFUSED = -32600, -32601, -32602, -32000
NO_TASK, NOT_CANCELABLE, NO_PUSH, UNSUPPORTED, UNFIT = -32001, -32002, -32003, -32004, -32005
NO_VERSION = -32009


class RpcError(Exception):
    """Told by a code of A2A's."""

    def __init__(self, text: Text, code: int) -> None:
        super().__init__(str(text))
        self.text, self.code = text, code


def error(e: HongyanError | RpcError, id: str | int | None, lang: str) -> Response:
    """A status of its own only where no JSON-RPC client could read it right: the key, a limit, the body."""
    if isinstance(e, RpcError):
        return _told(id, e.code, e.text.to(lang))
    response = _told(id, code_of(e), sentence_of(e).to(lang))
    if isinstance(e, Invalid):
        return response
    response.status_code = status_of(e)
    response.headers.update(headers_of(e))
    if response.status_code == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response


def code_of(e: HongyanError) -> int:
    return BAD_PARAMS if isinstance(e, Invalid) else REFUSED


def _told(id: str | int | None, code: int, message: str) -> Response:
    return JSONResponse({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
