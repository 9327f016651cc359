"""POST /agent/later: what a conversation came to without being asked, for a program that cannot be called.

    {"context_id": "…", "after": 0}  →
        {"answers": [{"id": 7, "reply": "…", "at": …}], "waiting": [{"for": "decision", …}], "after": 7}

A flow that waited for a decision, a call or a time goes on by itself, and so does one that a schedule began.
Ask now and then, each time with the `after` that came last: each answer is given until it is asked for what
comes behind it, so none is lost. `waiting` is empty once nothing is to come.
"""

from collections.abc import Sequence

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.schema import Strict, as_model
from runtime.server.api import what_waits
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.streams import language, read_json
from runtime.server.api.unasked_feed import shown
from runtime.server.door.ways import Way
from runtime.store.messages.unasked import UnaskedRows
from runtime.store.messages.waits import Waits

FOR_EVER = 1e11


class Later(Strict):
    agent: str = Field("", max_length=100)
    """Where a key is for several."""
    context_id: str = Field(min_length=1, max_length=128, pattern=r"^[\w.:@-]*$")
    after: int = Field(0, ge=0, le=2**53)


class UnaskedApi:
    def __init__(self, gateway: Gateway, keys: KeyCheck, browsers: Browsers) -> None:
        self._gateway = gateway
        self._keys = keys
        self._browsers = browsers

    def routes(self) -> Sequence[Way]:
        return [self._browsers.route("/agent/later", self.later, ["POST"])]

    async def later(self, request: Request) -> Response:
        try:
            caller = await self._keys.admit(request, self._gateway)
            asked = as_model(Later, await read_json(request))
            key = caller.on(asked.agent)
            lane = self._keys.publication(key).id, sender_of(key, asked.context_id)
            found, waiting = await UnaskedRows(self._gateway.messages.database).after(*lane, asked.after)
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        return JSONResponse(
            {
                "answers": [shown(one) for one in found],
                "waiting": [_waiting(one) for one in waiting],
                "after": found[-1].seq if found else asked.after,
            }
        )


def _waiting(one: Waits) -> dict[str, object]:
    return what_waits.told(one.kind, one.what, one.until if one.until < FOR_EVER else None)
