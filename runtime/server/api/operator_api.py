"""What the owner's own systems do beside asking: say which customer somebody is, and answer as an operator.

    POST /desk/claims    {"customer": "123", "seconds": 1800}  →  {"code": "HY-…", "until": …}
    POST /desk/unbind    {"customer": "123"}                   →  {"unbound": 1}
    POST /desk/tags      {"publication": "…", "person": "…", "add": ["vip"]} → {"tags": ["vip"]}; or "remove"
    POST /desk/tickets   {"done": false, "skip": 0}            →  {"tickets": [{"id": 1, …}], "more": false}
    POST /desk/take      {"ticket": 1}                         →  {"ticket": 1, "state": "taken", …}
    POST /desk/say       {"ticket": 1, "text": "…", "key": "…"}   with the same key it is said once
    POST /desk/note      {"ticket": 1, "text": "…"}
    POST /desk/draft     {"ticket": 1}                         →  {"draft": "…"}: nothing is sent
    POST /desk/hand_back {"ticket": 1}      also /desk/wait, /desk/reopen
    and what waits in the middle of flows: see decisions_api.py

Opened by a key that may (see access/keys.py), as one made by `python app.py key create AGENT --operates`. It
sees the tickets of its agents; where it has several, claims and unbind say `agent`. No page may hold it, so
no browser elsewhere is let in.
"""

import time
from collections.abc import Awaitable, Callable, Mapping

from pydantic import Field, StrictBool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.access.audit.log import Audit
from runtime.access.audit.record import Deed as Recorded
from runtime.access.audit.trail import Trail
from runtime.access.keys import OPERATES
from runtime.access.permissions import Permission
from runtime.errors import HongyanError, Invalid, NotFound, Wrong
from runtime.gateway.gateway import Gateway
from runtime.gateway.operating import GONE, Operating
from runtime.lang import Text
from runtime.person import MOST_TAGS, code_shown, retagged
from runtime.schema import Strict, as_model
from runtime.server.api.api_errors import refusal
from runtime.server.api.chat_api import error_body
from runtime.server.api.cross_origin import Browsers, with_rates
from runtime.server.api.key_check import Caller, KeyCheck
from runtime.server.api.streams import Streams, language, read_json
from runtime.server.door.ways import Entry, Way, origin_of
from runtime.store.control.control import Control
from runtime.store.messages.customers import LONGEST, MOST_SECONDS, USUAL_SECONDS
from runtime.store.messages.people import Face
from runtime.store.messages.tickets import LONGEST as LONGEST_LINE
from runtime.store.messages.tickets import MOST_LISTED, Ticket

NOBODY = Text("没有这个人。", "There is nobody of that name.")
TOO_MUCH = Text("这个人的资料已经太多，先删几项。", "Too much is kept of this person; delete some first.")
TOO_MANY = Text("等着使用的绑定码太多了。", "Too many codes wait to be used.")


class Claim(Strict):
    agent: str = Field("", max_length=100)
    customer: str = Field(min_length=1, max_length=LONGEST)
    seconds: float = Field(USUAL_SECONDS, ge=60, le=MOST_SECONDS)


class Unbind(Strict):
    agent: str = Field("", max_length=100)
    customer: str = Field(min_length=1, max_length=LONGEST)


class Tagging(Strict):
    """`person`: as the surface names them."""

    publication: str = Field(min_length=1, max_length=100)
    person: str = Field(min_length=1, max_length=255)
    add: list[str] = Field([], max_length=MOST_TAGS)
    remove: list[str] = Field([], max_length=MOST_TAGS)


class Listing(Strict):
    """`skip`: how many of the first are left out."""

    done: StrictBool = False
    skip: int = Field(0, ge=0, le=10**9)


class Deed(Strict):
    """`operator`: who it is, where several work with one key."""

    ticket: int = Field(ge=1, le=2**53)
    operator: str = Field("", max_length=30)


class Saying(Deed):
    text: str = Field(min_length=1, max_length=LONGEST_LINE)
    key: str = Field("", max_length=255)


NO_PAGES = Browsers(())

Work = Callable[[Caller, dict[str, object]], Awaitable[dict[str, object]]]
READ, ANSWER, CHANGE = OPERATES


def operating_routes(
    asks: Permission, works: Mapping[str, Work], keys: KeyCheck, gateway: Streams, audit: Audit
) -> list[Way]:
    """Each below /desk/, for a key that may do what they ask, and in the audit log: all of them read or
    change what is kept of people."""

    def route(path: str, work: Work) -> Way:
        async def answer(request: Request) -> Response:
            try:
                NO_PAGES.refuse_strange(request)
                caller = await keys.admit(request, gateway)
                data = await read_json(request)
                deed = _recorded(request, caller, path, data, audit)
                done = Trail(audit, deed.origin).during(deed, lambda: work(caller, data), data)
                response: Response = JSONResponse(await done)
            except HongyanError as e:
                response = refusal(e, error_body(e, language(request)))
            return with_rates(request, response)

        return Way(path, answer, methods=["POST"], needs=Entry.MACHINE, asks=asks)

    return [route(f"/desk/{name}", work) for name, work in works.items()]


def _recorded(
    request: Request, caller: Caller, path: str, data: Mapping[str, object], audit: Audit
) -> Recorded:
    """Of the ticket or wait that is named; of somebody who writes, not by their name."""
    number = next((data[name] for name in ("ticket", "wait") if isinstance(data.get(name), int)), None)
    where, person = data.get("publication"), data.get("person")
    of = " ".join(caller.agents) if number is None else str(number)
    if isinstance(where, str) and isinstance(person, str):
        of = f"{where} {audit.pseudonym(where, person)}"
    what, key = f"api.{path.rpartition('/')[2]}", caller.key
    who = " ".join(part for part in (key.user, "key", key.prefix, key.name) if part)
    return Recorded(who, origin_of(request), what, "desk", of)


class OperatorApi:
    def __init__(self, gateway: Gateway, keys: KeyCheck, control: Control, audit: Audit) -> None:
        self._gateway = gateway
        self._keys = keys
        self._control = control
        self._audit = audit

    def routes(self) -> list[Way]:
        deeds = {name: self._deed(name) for name in DEEDS}
        works: dict[Permission, dict[str, Work]] = {
            READ: {"tickets": self.tickets},
            ANSWER: {"say": self.say, "note": self.note, "draft": self.draft, **deeds},
            CHANGE: {"claims": self.claim, "unbind": self.unbind, "tags": self.tags},
        }
        own = self._keys, self._gateway, self._audit
        return [way for asks, each in works.items() for way in operating_routes(asks, each, *own)]

    async def claim(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked, now = as_model(Claim, data), time.time()
        customers = self._gateway.messages.customers
        code = await customers.claim(caller.on(asked.agent).agent, asked.customer, now, asked.seconds)
        if not code:
            raise Invalid(TOO_MANY, code="invalid")
        return {"code": code_shown(code), "until": now + asked.seconds}

    async def unbind(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(Unbind, data)
        agent = caller.on(asked.agent).agent
        own = [one.id for one in self._control.publications() if one.agent == agent]
        return {"unbound": await self._gateway.messages.customers.unbind_all(own, asked.customer)}

    async def tags(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked, messages = as_model(Tagging, data), self._gateway.messages
        face, publication = (
            Face(asked.publication, asked.person),
            self._control.publication(asked.publication),
        )
        if (
            publication is None
            or publication.agent not in caller.agents
            or not await messages.newest(face.publication, face.sender)
        ):
            raise NotFound(NOBODY)
        try:
            tags = await messages.values.retag(
                face, publication.agent, lambda now: retagged(now, asked.add, asked.remove), time.time()
            )
        except Wrong as e:
            raise Invalid(Text("{why}。", "{why}.").fill(why=e.text), field="add", code="invalid") from None
        if tags is None:
            raise Invalid(TOO_MUCH, code="invalid")
        return {"tags": tags}

    async def tickets(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked, now = as_model(Listing, data), time.time()
        rows, most = self._gateway.messages.tickets, MOST_LISTED + 1
        found = await rows.listed(done=asked.done, agents=caller.agents, skip=asked.skip, most=most)
        return {"tickets": [_told(one, now) for one in found[:MOST_LISTED]], "more": len(found) > MOST_LISTED}

    async def say(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(Saying, data)
        await self._own(caller, asked.ticket)
        await self._gateway.operating.say(asked.ticket, _operator(caller, asked), asked.text, asked.key)
        return await self._ticket(asked.ticket)

    async def note(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(Saying, data)
        await self._own(caller, asked.ticket)
        await self._gateway.operating.note(asked.ticket, _operator(caller, asked), asked.text)
        return await self._ticket(asked.ticket)

    async def draft(self, caller: Caller, data: dict[str, object]) -> dict[str, object]:
        asked = as_model(Deed, data)
        await self._own(caller, asked.ticket)
        return {"draft": await self._gateway.operating.draft(asked.ticket, _operator(caller, asked))}

    def _deed(self, name: str) -> Work:
        async def work(caller: Caller, data: dict[str, object]) -> dict[str, object]:
            asked = as_model(Deed, data)
            await self._own(caller, asked.ticket)
            await DEEDS[name](self._gateway.operating, asked.ticket, _operator(caller, asked))
            return await self._ticket(asked.ticket)

        return work

    async def _own(self, caller: Caller, id: int) -> None:
        """Raises NotFound: another agent's ticket is none to this key."""
        found = await self._gateway.messages.tickets.find(id)
        if found is None or found.agent not in caller.agents:
            raise NotFound(GONE)

    async def _ticket(self, id: int) -> dict[str, object]:
        found = await self._gateway.messages.tickets.find(id)
        return _told(found, time.time()) if found else {}


DEEDS = {
    "take": Operating.take,
    "hand_back": Operating.hand_back,
    "wait": Operating.wait,
    "reopen": Operating.reopen,
}


def _operator(caller: Caller, asked: Deed) -> str:
    return f"api {caller.key.prefix}/{asked.operator}".rstrip("/")


def _told(ticket: Ticket, now: float) -> dict[str, object]:
    known = {name: value for name, value in vars(ticket).items() if name not in ("seq", "sender")}
    return {**known, "person": ticket.sender, "late": ticket.is_late(now)}
