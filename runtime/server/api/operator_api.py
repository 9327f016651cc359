"""What the owner's own systems do beside asking: say which customer somebody is. Opened by an operating key.

    POST /desk/claims    {"customer": "123", "seconds": 1800}  →  {"code": "HY-…", "until": …}
    POST /desk/unbind    {"customer": "123"}                   →  {"unbound": 1}

Such a key is made by `python app.py key create AGENT --operates`. No page may hold it, so that no browser
elsewhere is let in.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import Forbidden, HongyanError, Invalid
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.person import code_shown
from runtime.schema import Strict, first_problem
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.streams import language, read_json
from runtime.server.door.ways import Entry, Way
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey
from runtime.store.messages.customers import LONGEST, MOST_SECONDS, USUAL_SECONDS

NOT_FOR_THIS = Text(
    "这个密钥只能提问。请用 key create --operates 另发一个。",
    "This key may only ask. Make another one by key create --operates.",
)
TOO_MANY = Text("等着使用的绑定码太多了。", "Too many codes wait to be used.")


class Claim(Strict):
    customer: str = Field(min_length=1, max_length=LONGEST)
    seconds: float = Field(USUAL_SECONDS, ge=60, le=MOST_SECONDS)


class Unbind(Strict):
    customer: str = Field(min_length=1, max_length=LONGEST)


Asked = TypeVar("Asked", bound=Strict)
Work = Callable[[ApiKey, dict[str, object]], Awaitable[dict[str, object]]]


class OperatorApi:
    def __init__(self, gateway: Gateway, keys: KeyCheck, control: Control) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control

    def routes(self) -> list[Way]:
        works: dict[str, Work] = {"/desk/claims": self.claim, "/desk/unbind": self.unbind}
        return [self._route(path, work) for path, work in works.items()]

    def _route(self, path: str, work: Work) -> Way:
        async def answer(request: Request) -> Response:
            try:
                key = await self._keys.admit(request, self._gateway)
                if not key.operates:
                    raise Forbidden(NOT_FOR_THIS, code="key")
                return JSONResponse(await work(key, await read_json(request, lambda size: None)))
            except HongyanError as e:
                return refusal(e, error_body(e, language(request)))

        return Way(path, answer, methods=["POST"], needs=Entry.MACHINE)

    async def claim(self, key: ApiKey, data: dict[str, object]) -> dict[str, object]:
        asked, now = _read(Claim, data), time.time()
        customers = self._gateway.messages.customers
        code = await customers.claim(key.agent, asked.customer, now, asked.seconds)
        if not code:
            raise Invalid(TOO_MANY, code="invalid")
        return {"code": code_shown(code), "until": now + asked.seconds}

    async def unbind(self, key: ApiKey, data: dict[str, object]) -> dict[str, object]:
        asked = _read(Unbind, data)
        own = [one.id for one in self._control.publications() if one.agent == key.agent]
        return {"unbound": await self._gateway.messages.customers.unbind_all(own, asked.customer)}


def _read(kind: type[Asked], data: dict[str, object]) -> Asked:
    """Raises Invalid."""
    try:
        return kind.model_validate(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field, code="invalid") from None
