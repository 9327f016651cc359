"""What is said over a WebSocket of the API: one JSON object a frame, as text.

    → {"type": "send", "id": "m1", "input": "你好", "context_id": "c1"}
    ← {"type": "accepted", "id": "m1"}                          it is stored, and will be answered
    ← {"type": "written", "id": "m1", "text": "你"}             the answer goes on with this
    ← {"type": "rewritten", "id": "m1", "text": "您好"}         this is all of it so far
    ← {"type": "answered", "id": "m1", "reply": "您好！"}       the whole answer, the last of m1
    ← {"type": "failed", "id": "m1", "code": "busy", "message": "…", "again": 5}

`id` is the sender's own, and means one message for ever: after a cut, whoever sends the same once more joins
the answer where it is, or gets it from the store. `follow` asks for what is said without being asked.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from runtime import wellformed
from runtime.errors import Invalid, Refused, Wrong
from runtime.lang import Text
from runtime.schema import Strict, first_problem
from runtime.server.api.chat_api import MAX_INPUT, User

PROTOCOL = "hongyan.1"
"""The subprotocol; a browser, which can send no header, names its key or token as another: bearer.KEY."""
LARGEST = 64 * 1024
"""Bytes of a frame that comes."""
TEXT_ONLY = Text("请发文本帧，里面是一个 JSON 对象。", "Send text frames, one JSON object each.")
EMPTY = Text("不能为空", "must not be empty")
UNREADABLE = Text("这一帧不是可以接受的 JSON（{why}）。", "This frame is not acceptable JSON: {why}.")


class Send(Strict):
    """Something to answer."""

    type: Literal["send"]
    id: str = Field(pattern=r"^[\x21-\x7e]{1,64}$")
    input: str = Field("", max_length=MAX_INPUT)
    """Perhaps "" beside files."""
    files: Sequence[str] = Field((), max_length=9)
    """Ids of files that somebody who is signed in sent before (POST /agent/files)."""
    choice: str | None = Field(None, max_length=200)
    """What somebody who is signed in read on what they chose, where they did not type the input."""
    context_id: str = Field("", max_length=128, pattern=r"^[\w.:@-]*$")
    """The conversation, by a name of the sender's: whoever sends a message once more has to know it. A key
    needs one; somebody who is signed in has one conversation."""
    user: User | None = None
    agent: str = Field("", max_length=100)
    """Where the key is for several."""

    @model_validator(mode="after")
    def _says_something(self) -> "Send":
        if not self.input and not self.files:
            raise Wrong(EMPTY, "input")
        return self


class Follow(Strict):
    """What a conversation comes to unasked, from behind the one with the number `after` on."""

    type: Literal["follow"]
    context_id: str = Field("", max_length=128, pattern=r"^[\w.:@-]*$")
    after: int = Field(0, ge=0, le=2**53)
    agent: str = Field("", max_length=100)


class Stop(Strict):
    """No more of the answer to that message: what was written stands. `context_id` and `agent`: where it was
    sent on another connection."""

    type: Literal["stop"]
    id: str = Field(pattern=r"^[\x21-\x7e]{1,64}$")
    context_id: str = Field("", max_length=128, pattern=r"^[\w.:@-]*$")
    agent: str = Field("", max_length=100)


class Ping(Strict):
    """Is anybody there? For clients that cannot send a WebSocket's own ping."""

    type: Literal["ping"]


AnySaid = Send | Follow | Stop | Ping
Said = Annotated[AnySaid, Field(discriminator="type")]
SAID: TypeAdapter[AnySaid] = TypeAdapter(Said)


def read(frame: Mapping[str, Any]) -> AnySaid:
    """A frame as Starlette receives it. Raises Refused, Invalid."""
    text = frame.get("text")
    if text is None:
        raise Refused(TEXT_ONLY, code="malformed")
    if len(text) > LARGEST or len(text.encode(errors="surrogatepass")) > LARGEST:
        raise Refused(UNREADABLE.fill(why=f"> {LARGEST} bytes"), code="too_large")
    try:
        data = wellformed.load(text, largest=LARGEST, unrepeated=True)
    except ValueError as e:
        raise Refused(UNREADABLE.fill(why=e), code="malformed") from None
    try:
        return SAID.validate_python(data)
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.sentence(), field=problem.field, code="invalid") from None


def written(type: str, /, **fields: Any) -> str:
    return orjson.dumps({"type": type, **fields}).decode()
