"""A published agent as an MCP tool: POST /mcp, streamable HTTP, opened by the agent's API key.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports . Nothing is kept between requests:
no session, no stream that the server opens. With the same Idempotency-Key, in the header or in `_meta` as
`idempotencyKey`, a call is run once; the ids of JSON-RPC begin anew with every connection and are no use.
"""

import functools
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import orjson
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, Invalid
from runtime.lang import Text, as_it_is
from runtime.schema import Strict, as_model
from runtime.server.api.api_errors import headers_of, sentence_of
from runtime.server.api.calls import Call
from runtime.server.api.chat_api import MAX_INPUT, answered
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import Caller, KeyCheck
from runtime.server.api.streams import Streams, event_stream, language, read_json, whole
from runtime.server.door.ways import Way
from runtime.server.statuses import status_of
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.turn.events import Event

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Of the protocol, the newest first."""

INVALID_REQUEST, NO_METHOD, BAD_PARAMS, REFUSED = -32600, -32601, -32602, -32000
OTHER_VERSION = -32022
"""Which versions there are instead stands in its data."""

NO_TOOL = Text("没有叫「{name}」的工具，只有「{agent}」。", "There is no tool {name!r}, only {agent}.")
NO_CALL = Text(
    "应是一个 JSON-RPC 2.0 请求，带 method。", "This should be one JSON-RPC 2.0 request with a method."
)
MESSAGE = "What to say to it, in the person's words."
CONVERSATION = "To go on with a conversation, what the answer before gave as `conversation`."


class Arguments(Strict):
    message: str = Field(min_length=1, max_length=MAX_INPUT)
    conversation: str = Field("", max_length=128, pattern=r"^[\w.:@-]*$")


INPUT = {
    "type": "object",
    "properties": {
        "message": {"type": "string", "minLength": 1, "maxLength": MAX_INPUT, "description": MESSAGE},
        "conversation": {"type": "string", "maxLength": 128, "description": CONVERSATION},
    },
    "required": ["message"],
    "additionalProperties": False,
}
OUTPUT = {
    "type": "object",
    "properties": {"reply": {"type": "string"}, "conversation": {"type": "string"}},
    "required": ["reply", "conversation"],
}


class McpApi:
    def __init__(self, gateway: Streams, keys: KeyCheck, control: Control, browsers: Browsers) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._browsers = browsers

    def routes(self) -> list[Way]:
        return [self._browsers.route("/mcp", self.post, ["POST"])]

    async def post(self, request: Request) -> Response:
        """One message: a request is answered, anything else is taken note of."""
        lang = language(request)
        id: Any = None
        try:
            self._browsers.refuse_strange(request)
            caller = await self._keys.key(request)
            said = await read_json(request, functools.partial(self._keys.weigh, caller.key))
            id, method = said.get("id"), said.get("method")
            if said.get("jsonrpc") != "2.0" or not isinstance(id, str | int | None) or isinstance(id, bool):
                return _wrong(None, INVALID_REQUEST, NO_CALL.to(lang), status=400)
            if id is None or (method is None and ("result" in said or "error" in said)):
                return Response(status_code=202)
            if (asked := request.headers.get("mcp-protocol-version", VERSIONS[0])) not in VERSIONS:
                data = {"supported": VERSIONS, "requested": asked[:40]}
                return _wrong(id, OTHER_VERSION, "Unsupported protocol version", data, status=400)
            params = said["params"] if isinstance(said.get("params"), dict) else {}
            return await self._answer(
                request, caller, id, str(method), params if isinstance(params, dict) else {}
            )
        except HongyanError as e:
            code = BAD_PARAMS if isinstance(e, Invalid) else REFUSED
            data = {"code": e.code, "field": e.field}
            status = 200 if isinstance(e, Invalid) else status_of(e)
            headers = dict(headers_of(e)) | ({"www-authenticate": "Bearer"} if status == 401 else {})
            return _wrong(id, code, sentence_of(e).to(lang), data, status=status, headers=headers)

    async def _answer(
        self, request: Request, caller: Caller, id: str | int, method: str, params: dict[str, Any]
    ) -> Response:
        """Raises HongyanError."""
        if method == "initialize":
            return _result(id, self._introduced(caller, params))
        if method == "ping":
            return _result(id, {})
        if method == "tools/list":
            return _result(id, {"tools": [self._tool(caller.on(agent)) for agent in caller.agents]})
        if method == "tools/call":
            return await self._call(request, caller, id, params)
        return _wrong(id, NO_METHOD, f"There is no method {method[:60]!r} here.")

    def _introduced(self, caller: Caller, params: dict[str, Any]) -> dict[str, Any]:
        """Of several agents, by the first."""
        key = caller.on(caller.agents[0])
        wanted = params.get("protocolVersion")
        return {
            "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": key.agent, "title": self._agent(key)["name"], "version": "1"},
        }

    def _agent(self, key: ApiKey) -> dict[str, Any]:
        """As it was published. Raises NotFound."""
        publication = self._keys.publication(key)
        return dict(self._control.frozen_agent(publication.id, publication.version))

    def _tool(self, key: ApiKey) -> dict[str, Any]:
        agent = self._agent(key)
        return {
            "name": key.agent,
            "title": agent["name"],
            "description": agent.get("description") or f"Ask {agent['name']}.",
            "inputSchema": INPUT,
            "outputSchema": OUTPUT,
        }

    async def _call(
        self, request: Request, caller: Caller, id: str | int, params: dict[str, Any]
    ) -> Response:
        agent, asked = _arguments(params, caller.agents)
        await self._keys.admit(request, self._gateway)
        key = caller.on(agent)
        meta = params.get("_meta")
        meta = meta if isinstance(meta, dict) else {}
        call = Call(request, key, self._keys, self._gateway, repeat=meta.get("idempotencyKey"))
        conversation = asked.conversation or secrets.token_urlsafe(16)
        message = call.message(asked.message, conversation)
        events, lang = call.events(message, pieces=False), language(request)
        if "text/event-stream" in request.headers.get("accept", ""):
            return event_stream(_lines(events, id, conversation, meta.get("progressToken"), lang))
        return _result(id, await call.unless_gone(_turned(events, conversation, lang)))


def _arguments(params: dict[str, Any], agents: Sequence[str]) -> tuple[str, Arguments]:
    """Which agent, and what it is asked. Raises Invalid."""
    name = params.get("name")
    if not isinstance(name, str) or name not in agents:
        text = NO_TOOL.fill(name=str(name)[:60], agent=as_it_is(", ".join(agents)))
        raise Invalid(text, field="name", code="invalid")
    return name, as_model(Arguments, params.get("arguments") or {})


async def _turned(events: AsyncIterator[Event | None], conversation: str, lang: str) -> dict[str, Any]:
    """What a call comes to; a turn that failed is a result, too, which the model that called may read."""
    try:
        turned = await whole(events)
    except HongyanError as e:
        return {"content": [{"type": "text", "text": sentence_of(e).to(lang)}], "isError": True}
    found = answered(turned.text, conversation)
    said = {"reply": found.pop("reply"), "conversation": found.pop("new_context"), **found}
    return {"content": [{"type": "text", "text": said["reply"]}], "structuredContent": said, "isError": False}


async def _lines(
    events: AsyncIterator[Event | None], id: str | int, conversation: str, token: Any, lang: str
) -> AsyncIterator[bytes]:
    """The result as the last event; before it, now and then, a sign that it is being made."""
    seen: list[Event | None] = []
    try:
        async for event in events:
            if event is not None:
                seen.append(event)
            elif isinstance(token, str | int):
                told = {"progressToken": token, "progress": len(seen)}
                yield _event({"jsonrpc": "2.0", "method": "notifications/progress", "params": told})
            else:
                yield b": still here\n\n"
        failed = None
    except HongyanError as e:
        failed = e
    result = await _turned(_again(seen, failed), conversation, lang)
    yield _event({"jsonrpc": "2.0", "id": id, "result": result})


async def _again(seen: list[Event | None], failed: HongyanError | None) -> AsyncIterator[Event | None]:
    for event in seen:
        yield event
    if failed:
        raise failed


def _event(message: dict[str, Any]) -> bytes:
    return b"event: message\ndata: " + orjson.dumps(message) + b"\n\n"


def _result(id: str | int, result: dict[str, Any]) -> Response:
    return JSONResponse({"jsonrpc": "2.0", "id": id, "result": result})


def _wrong(
    id: str | int | None,
    code: int,
    message: str,
    data: Any = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    error = {"code": code, "message": message, **({} if data is None else {"data": data})}
    return JSONResponse({"jsonrpc": "2.0", "id": id, "error": error}, status, headers)
