"""A page of the insights is drawn as soon as its connection is there, before Streamlit's script can ask.

The browser says in the address what Streamlit will say in its first question (ahead.js); that is asked for
it, and its own is left out when it says the same. One that says something else is asked, too.
"""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from pydantic import Field, StringConstraints, ValidationError
from starlette.types import Message, Receive, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg

from runtime.schema import Strict

LONGEST = 4_000
"""Characters of an address, and of what stands behind its question mark."""
Name = Annotated[str, StringConstraints(max_length=100)]
Long = Annotated[str, StringConstraints(max_length=LONGEST)]


class Told(Strict):
    query: Long
    page: Name
    timezone: Name
    offset: int = Field(ge=-1440, le=1440)
    """Minutes that the browser's clock is behind UTC."""
    locale: Name
    url: Long
    scheme: Literal["light", "dark"]


def asked_ahead(scope: Scope, receive: Receive) -> Receive:
    """What comes from the browser, with its first question before it is there."""
    if (question := _question(scope)) is None:
        return receive
    said = question.SerializeToString()
    stages = iter((_as_it_is, _asked(said), _without(question)))

    async def receives() -> Message:
        stage = next(stages, _as_it_is)
        return await stage(receive)

    return receives


async def _as_it_is(receive: Receive) -> Message:
    return await receive()


def _asked(said: bytes) -> Any:
    async def ask(_: Receive) -> Message:
        return {"type": "websocket.receive", "bytes": said}

    return ask


def _without(question: BackMsg) -> Any:
    async def first(receive: Receive) -> Message:
        message = await receive()
        return await receive() if _same(message.get("bytes"), question) else message

    return first


def _same(said: bytes | None, question: BackMsg) -> bool:
    """What its widgets hold is not told before there are any."""
    if not said or len(said) > 3 * LONGEST:
        return False
    try:
        own = BackMsg.FromString(said)
    except Exception:  # noqa: BLE001 # whatever is wrong with it, Streamlit tells
        return False
    if not own.rerun_script.widget_states.widgets:
        own.rerun_script.ClearField("widget_states")
    return bool(own == question)


def _question(scope: Scope) -> BackMsg | None:
    given = parse_qs(scope["query_string"].decode("ascii", "replace")[: 12 * LONGEST]).get("ahead")
    if not given:
        return None
    try:
        told = Told.model_validate_json(given[0], strict=True)
    except ValidationError:
        return None
    question = BackMsg()
    asks = question.rerun_script
    asks.query_string, asks.page_name = told.query, told.page
    about = asks.context_info
    about.timezone, about.timezone_offset, about.locale = told.timezone, told.offset, told.locale
    about.url, about.color_scheme, about.is_embedded = told.url, told.scheme, False
    return question
