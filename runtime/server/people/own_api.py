"""GET /agent/history, POST /agent/feedback and POST /agent/stop: what is somebody's own."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.choices import read
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.message import Message
from runtime.schema import Strict, as_model
from runtime.server.api.api_errors import refusal
from runtime.server.api.calls import message_id
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.streams import language, read_json
from runtime.server.door.ways import Way
from runtime.server.people.asking import LARGEST
from runtime.server.people.people import People, Person
from runtime.store.messages.own_history import OwnHistory, Said
from runtime.store.messages.ratings import answer_mark
from runtime.turn.events import STOPPED

FIRST = 2**53
LONGEST = 100_000
"""Characters of a page of what was said, however many messages are asked for: a small request is no way to
have megabytes held for whoever reads slowly."""
NUMBER = re.compile(r"[0-9]{1,16}")
ID = r"^[\x21-\x7e]{1,255}$"
UNKNOWN = Text("没有编号为「{id}」的消息。", "There is no message {id!r} of yours.")


class Page(Strict):
    before: int = Field(FIRST, ge=1, le=FIRST)
    limit: int = Field(30, ge=1, le=100)


class Feedback(Strict):
    """`id`: the sender's own of the message whose answer is meant."""

    id: str = Field(pattern=ID)
    verdict: Literal["good", "bad", "none"]
    reason: str = Field("", max_length=500)


class Stop(Strict):
    id: str = Field(pattern=ID)


class OwnApi:
    def __init__(self, people: People, browsers: Browsers) -> None:
        self._people, self._browsers = people, browsers
        self._history = OwnHistory(people.gateway.messages.database)

    def routes(self) -> Sequence[Way]:
        post = {"/agent/feedback": self.feedback, "/agent/stop": self.stop}
        return [
            self._browsers.route("/agent/history", self.history, ["GET"], None),
            *(self._browsers.route(path, one, ["POST"], None, LARGEST) for path, one in post.items()),
        ]

    async def history(self, request: Request) -> Response:
        """The newest first asked for; of each page the oldest first."""
        try:
            person = await self._people.of(request)
            page = _page(request)
            whose = person.publication, person.sender
            found, more = _bounded(*await self._history.before(*whose, page.before, page.limit))
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        headers = {"cache-control": "private, no-store"}
        messages = [self._shown(one, person) for one in found]
        return JSONResponse({"messages": messages, "more": more}, headers=headers)

    async def feedback(self, request: Request) -> Response:
        try:
            person = await self._people.of(request)
            await self._judged(person, as_model(Feedback, await read_json(request, most=LARGEST)))
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        return Response(status_code=204)

    async def stop(self, request: Request) -> Response:
        """What was written of the answer stands; one that is over stays as it is."""
        try:
            person = await self._people.of(request)
            asked = as_model(Stop, await read_json(request, most=LARGEST))
            whose = person.publication, person.sender
            if not await self._people.gateway.acts.stop(*whose, message_id(asked.id)):
                raise NotFound(UNKNOWN.fill(id=asked.id[:60]), field="id")
        except HongyanError as e:
            return refusal(e, error_body(e, language(request)))
        return Response(status_code=204)

    async def _judged(self, person: Person, said: Feedback) -> None:
        """Raises HongyanError. The same once more changes nothing."""
        whose, key = (person.publication, person.sender), message_id(said.id)
        seq = await self._history.named(*whose, key)
        if seq is None:
            raise NotFound(UNKNOWN.fill(id=said.id[:60]), field="id")
        if await self._history.verdict(*whose, key, seq) == (said.verdict, said.reason):
            return
        data = {"event": "rated", "of": answer_mark(*whose, key, seq), "verdict": said.verdict}
        at = self._people.clock()
        judged = Message(secrets.token_hex(16), whose[1], said.reason, "event", at, data, follows=True)
        await self._people.gateway.acts.judged(person.publication, judged)

    def _shown(self, one: Said, person: Person) -> Mapping[str, Any]:
        text, choices = read(one.reply)
        files = [self._people.files.of(file, person.publication, person.sender) for file in one.files]
        return {
            "number": one.seq,
            "id": one.id,
            "at": one.at,
            "input": one.text,
            "kind": one.kind,
            "files": [file for file in files if file],
            "reply": text,
            "choices": [vars(choice) for choice in choices],
            "failed": one.failure,
            "stopped": one.finish == STOPPED,
            "open": one.is_open,
            "verdict": one.verdict,
        }


def _bounded(found: Sequence[Said], more: bool) -> tuple[Sequence[Said], bool]:
    """The newest, of which there is always one."""
    length, first = 0, len(found)
    while first and (length := length + len(found[first - 1].text) + len(found[first - 1].reply)) <= LONGEST:
        first -= 1
    first = min(first, max(len(found) - 1, 0))
    return found[first:], more or first > 0


def _page(request: Request) -> Page:
    """Raises Invalid."""
    given = {
        name: int(value) if NUMBER.fullmatch(value) else value for name, value in request.query_params.items()
    }
    return as_model(Page, given)
