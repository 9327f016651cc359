"""POST /agent/chat of somebody who is signed in: their one conversation, which needs no name.

{"input": "你好", "files": ["f-…"], "stream": true}  →  as with a key, without `new_context`
"""

import functools
import hashlib
import json
import time
from collections.abc import Sequence

from pydantic import Field, StrictBool, model_validator
from starlette.requests import HTTPConnection, Request

from runtime.access.access_tokens import is_token
from runtime.errors import Wrong
from runtime.message import SAID, Message
from runtime.schema import Strict, as_model
from runtime.server.api.answer_stream import answering_of
from runtime.server.api.calls import Asking
from runtime.server.api.chat_api import MAX_INPUT, Asked
from runtime.server.api.shown import Lane
from runtime.server.api.streams import read_json
from runtime.server.api.taken_files import MOST, SentFile, data_of, kind_of
from runtime.server.api.ws_frames import EMPTY
from runtime.server.people.people import People

LARGEST = 64 * 1024
"""Bytes of a request; files go by themselves."""


class Said(Strict):
    """`context_id`, `user` and `agent` are for programs: who a person is, and to whom they talk, is known."""

    input: str = Field("", max_length=MAX_INPUT)
    files: Sequence[str] = Field((), max_length=MOST)
    """Ids, see sent_files.py."""
    choice: str | None = Field(None, max_length=200)
    """What they read on what they chose, where they did not type the input."""
    stream: StrictBool | None = False
    background: StrictBool | None = False

    @model_validator(mode="after")
    def _says_something(self) -> "Said":
        if not self.input and not self.files:
            raise Wrong(EMPTY, "input")
        return self


class Asks:
    def __init__(self, people: People) -> None:
        self._people = people

    def comes(self, request: HTTPConnection) -> bool:
        return self._people.comes(request)

    async def asked(self, request: Request) -> Asked:
        """Raises HongyanError."""
        person = await self._people.of(request)
        said = as_model(Said, await read_json(request, most=LARGEST))
        call = Asking(request, person.publication, self._people.gateway)
        if said.background:
            call.name()
        files = [await self._people.file(id, person.publication, person.sender) for id in said.files]
        message = message_of(call.id, person.sender, said.input, files, own=call.repeat, choice=said.choice)
        return Asked(call, message, person.surface.agent, bool(said.stream), background=bool(said.background))

    def reads(self, request: HTTPConnection) -> bool:
        """Whether one of them follows an answer. An EventSource sends no headers, so the token, which is good
        for minutes, may stand in the address (RFC 6750, 2.3); no key may."""
        return self._people.comes(request) or is_token(_in_address(request))

    async def lane(self, request: HTTPConnection) -> Lane:
        """Raises HongyanError."""
        person = await self._people.of(request, "" if self._people.comes(request) else _in_address(request))
        blocks = answering_of(person.surface.agent)
        still = functools.partial(self._people.still, person)
        return Lane(person.publication, person.sender, blocks, still=still)


def _in_address(request: HTTPConnection) -> str:
    return request.query_params.get("access_token", "")


def message_of(
    id: str, sender: str, text: str, files: Sequence[SentFile], own: str, choice: str | None = None
) -> Message:
    """`own`: by which name its sender knows it, or "". What they said is known again by a mark of it, since
    files are put into words later. `choice`: see Said."""
    told = [one.told() for one in files]
    mark = hashlib.sha256(json.dumps([text, told]).encode()).hexdigest()
    handle = {SAID: mark, **({"id": own} if own else {})}
    data = data_of(files) if choice is None else {**data_of(files), "choice": choice}
    return Message(id, sender, text, kind_of(files), time.time(), data, handle, follows=True)
