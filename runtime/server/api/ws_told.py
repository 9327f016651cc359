"""What a WebSocket of the API is told, frame by frame, for whoever writes a client; see ws_frames."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from runtime.schema import Strict
from runtime.server.api.ws_frames import SAID


class Accepted(Strict):
    """The message is stored and will be answered, whatever becomes of this connection."""

    type: Literal["accepted"]
    id: str


class Written(Strict):
    """The answer goes on with this text."""

    type: Literal["written"]
    id: str
    text: str


class Rewritten(Strict):
    """All of the answer so far: it replaces what was shown of it."""

    type: Literal["rewritten"]
    id: str
    text: str


class Choice(Strict):
    """To choose it, send `value` as input."""

    text: str
    value: str


class Waiting(Strict):
    """The flow goes on later: with the next message of the conversation where it is for a "message". `until`:
    seconds since 1970."""

    wait: str = Field(alias="for")
    what: Mapping[str, str]
    until: float | None


class Answered(Strict):
    """The whole answer, in Markdown; the last frame of its message. `stopped`: its person wanted no more."""

    type: Literal["answered"]
    id: str
    context_id: str = ""
    reply: str
    choices: Sequence[Choice] = ()
    waiting: Waiting | None = None
    stopped: bool = False


class Failed(Strict):
    """There is no answer, and why. `again`: seconds after which the same may be sent once more; else it would
    go no better. Without `id` or `context_id` it is a frame that could not be read."""

    type: Literal["failed"]
    id: str = ""
    context_id: str = ""
    code: str
    message: str
    again: int | None = None


class Unasked(Strict):
    """Of a conversation that is followed. `id`: its number, for `after`; `at`: seconds since 1970."""

    type: Literal["unasked"]
    context_id: str = ""
    id: int
    reply: str
    at: float
    choices: Sequence[Choice] = ()
    failure: str = ""


class Pong(Strict):
    """Somebody is there."""

    type: Literal["pong"]


TOLD: TypeAdapter[Any] = TypeAdapter(
    Accepted | Written | Rewritten | Answered | Failed | Unasked | Pong,
)


def asyncapi(version: str) -> Mapping[str, Any]:
    """The protocol as AsyncAPI 3.0 says such things."""
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    ways: dict[str, list[str]] = {"said": [], "told": []}
    for way, frames in (("said", SAID), ("told", TOLD)):
        schema = frames.json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema["$defs"]
        for name, one in schema["$defs"].items():
            if "type" in one.get("properties", {}):
                ways[way].append(name)
                payload = {"$ref": f"#/components/schemas/{name}"}
                messages[name] = {"summary": one.get("description", ""), "payload": payload}
    channel = {
        "address": "/agent/ws",
        "messages": {n: {"$ref": f"#/components/messages/{n}"} for n in messages},
    }
    operations = {
        name: {
            "action": action,
            "channel": {"$ref": "#/channels/agent"},
            "messages": [{"$ref": f"#/channels/agent/messages/{one}"} for one in ways[way]],
        }
        for name, action, way in (("ask", "receive", "said"), ("tell", "send", "told"))
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Hongyan", "version": version},
        "defaultContentType": "application/json",
        "channels": {"agent": channel},
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }
