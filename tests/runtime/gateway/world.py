"""A gateway in a world of its own: a channel, an account, and a platform that remembers what it was sent."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from runtime import channels
from runtime.channels import (
    AccessToken,
    ApiRequest,
    Arrivals,
    Authenticates,
    Channel,
    Codes,
    Identifies,
    Limits,
    Pushes,
    Responds,
    Types,
    Verified,
    WebRequest,
    WebResponse,
)
from runtime.errors import Refused, SendFailed
from runtime.gateway.applications import NoApplications
from runtime.gateway.canaries import NoCanaries
from runtime.gateway.debug_words import NoDebugWords
from runtime.gateway.gateway import USUAL, Gateway
from runtime.gateway.grants import GrantsInMemory
from runtime.gateway.one_publication import OneJoining
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.message import Message, Quota
from runtime.network.platform_answer import Transferred
from runtime.schema import About, Strict
from script import Script, services

ANSWERS = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "texts": {"greeting": "欢迎", "waiting": "还在想", "failure": "出错了", "unsupported": "看不懂"},
    "flow": [{"type": "model", "id": "answer"}],
}


@dataclass(frozen=True)
class Account:
    """What the platform lets this account do, and what it was sent."""

    can_push: bool | None = True
    refusals: list = field(default_factory=list)
    """Codes for the next pushes, in order; "" accepts."""
    sent: list = field(default_factory=list)
    tried: list = field(default_factory=list)
    """When it was asked to send something."""
    tokens: list = field(default_factory=list)
    typed: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    """Who somebody is on all surfaces, as the platform tells."""
    asked_who: list = field(default_factory=list)


CODES = Codes(
    stale=frozenset({"40001"}),
    forbidden=frozenset({"48001"}),
    unreachable=frozenset({"45015"}),
    throttled=frozenset({"-1"}),
    blocking={"40001": 60, "45009": 60, "554": 60},
    either=frozenset({"554"}),
)


class Plain(Responds, Authenticates, Pushes, Types, Identifies, Channel):
    """Text in, text out; short windows, so that no test waits long. Its API is asked of no network."""

    about = About(Text("测试", "Test"), Text("测试", "Test"))
    Settings = Strict
    limits = Limits(90)
    window = 0.4
    attempts = 3
    proven_codes = frozenset()
    codes = CODES
    api_host = "http://127.0.0.1:1"
    api_host_setting = "TEST_API"
    push_seconds = 48 * 3600
    knows_repeats = False
    typing_seconds = 12
    account = "wx1"
    account_now: Account

    def receive(self, request, now):
        if request.method == "GET":
            return Arrivals(response=Verified("echo", mark=request.query.get("nonce", "")))
        if request.query.get("signature") != "good":
            raise Refused(Text("签名不对", "bad signature"), code="signature")
        data = {name: request.query[name] for name in ("event", "click") if name in request.query}
        kind = "event" if "event" in data else request.query.get("kind", "text")
        who, text = request.query.get("from", "u1"), request.body.decode()
        marks = {"overheard": "/" in who, "is_bot": "bot" in request.query}
        message = Message(request.query["id"], who, text, kind, now, data, **marks)
        return Arrivals((message,))

    def respond(self, message, part, now):
        return WebResponse(f"reply:{part}")

    def acknowledge(self):
        return WebResponse("success")

    @classmethod
    def render(cls, markdown):
        return [markdown[i : i + 10] for i in range(0, len(markdown), 10)]

    def quota(self, message):
        return Quota(2, 60) if message.data.get("click") else Quota(3, 48 * 3600)

    @property
    def may_push(self):
        return self.account_now.can_push is not False

    def token_request(self):
        return ApiRequest("token")

    def token(self, answer):
        return AccessToken(answer.data["token"], 7200)

    def authorized(self, request, token):
        return replace(request, query={"token": token})

    def push(self, part, to, key):
        return ApiRequest("push", {"to": to, "part": part})

    def pushed(self, answer):
        if code := answer.data["code"]:
            raise SendFailed(Text("拒绝", "refused"), code=code, retryable=code in CODES.throttled)

    def probe(self):
        return ApiRequest("probe")

    def probed(self, answer):
        if self.account_now.can_push is None:
            raise SendFailed(Text("不知道", "cannot tell"), code="-1")
        return True

    def identify(self, sender):
        return ApiRequest("who", {"of": sender})

    def identified(self, answer):
        return answer.data["who"]

    def typing(self, to):
        return ApiRequest("typing", {"to": to})

    def typed(self, answer):
        pass


class Platform:
    """Implements Outbound: what the account's API answers, at once."""

    def __init__(self, account):
        self.account = account

    def api(self, host):
        return self

    async def told(self, path, body, query, headers, **bounds):
        return Transferred(200, self.answer(path, body), b"", {})

    def answer(self, path, body):
        account = self.account
        match path:
            case "token":
                account.tokens.append(f"T{len(account.tokens)}")
                return {"token": account.tokens[-1]}
            case "who":
                account.asked_who.append(body["of"])
                return {"who": account.known.get(body["of"], "")}
            case "typing":
                account.typed.append(body["to"])
            case "push":
                account.tried.append(now())
                if account.refusals and isinstance(account.refusals[0], Exception):
                    raise account.refusals.pop(0)
                if account.refusals and (code := account.refusals.pop(0)):
                    return {"code": code}
                account.sent.append((body["to"], body["part"]))
        return {"code": ""}

    async def close(self):
        pass


@dataclass(frozen=True)
class Record:
    id: str = "p"
    channel: str = "plain"
    version: int = 1
    enabled: bool = True
    former_at: float | None = None
    rests_since: float | None = None
    paused_text: str = ""
    judged: bool = False
    score_after: int = 0


class Book:
    """Publications of the test."""

    def __init__(self, agent=ANSWERS):
        self.agents = {1: agent}
        self.record = Record()

    def publication(self, id):
        return self.record if id == "p" else None

    def publications(self):
        return [self.record]

    def unreadable(self):
        return {}

    grants, applications = GrantsInMemory(), NoApplications()

    def channel_settings(self, id):
        return {}

    joinings = OneJoining()
    canaries, debug_words = NoCanaries(), NoDebugWords()

    def former_settings(self, id):
        return {}

    def frozen_agent(self, id, version):
        return self.agents[version]

    def republish(self, agent):
        self.agents[2] = agent
        self.record = replace(self.record, version=2)


@dataclass
class Doctor:
    seen: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    notices: list = field(default_factory=list)

    def saw(self, publication, what, code, at, compared=()):
        self.seen.append((what, code))

    def trouble(self, publication, text, at):
        self.troubles.append(text)

    def told(self, publication, notice, at):
        self.notices.append(notice)


@dataclass
class World:
    gateway: Gateway
    models: Script
    account: Account
    book: Book
    doctor: Doctor

    async def push(self, text="你好", id="m1", **query):
        """One callback of the platform; its body."""
        request = WebRequest("POST", {"signature": "good", "id": id, **query}, text.encode())
        return (await self.gateway.callback("p", request)).body

    async def until(self, condition, seconds=5):
        """Wait for what happens in the background."""
        end = now() + seconds
        while not condition():
            assert now() < end, "it did not happen"
            await asyncio.sleep(0.005)

    async def come_to(self, *states, seconds=5):
        """Wait until the messages are in these states."""
        end = now() + seconds
        while (found := await self.states()) != list(states):
            assert now() < end, found
            await asyncio.sleep(0.01)

    async def states(self):
        return await self.gateway.messages.database.read(
            lambda db: [state for (state,) in db.execute("select state from messages order by seq")]
        )


def now():
    """Seconds since 1970, on the jumping clock."""
    return asyncio.get_running_loop().wall()


@asynccontextmanager
async def world(
    folder,
    *answers,
    account=None,
    agent=ANSWERS,
    gate=None,
    url="",
    bounds=USUAL,
    book=Book,
    dead=False,
    doctor=None,
    models=None,
    kind=Plain,
    around=services,
    several=False,
    vanishing=None,
    senses=None,
):
    """Start a gateway on `folder`, and stop it. `senses`: made of its models and where files are kept."""
    account = account or Account()
    kind = type("Plain", (kind,), {"account_now": account})
    models = models or Script(list(answers) or Script().answers, gate=gate)
    book, doctor = book(agent), doctor or Doctor()
    with channels.registry.including({"plain": kind}):
        gateway = Gateway(
            folder,
            book,
            around(models),
            doctor,
            {},
            lambda: url,
            bounds=bounds,
            outbound=Platform(account),
            clock=now,
            outside=asyncio.get_running_loop().outside,
            several=several,
            vanishing=vanishing,
            senses=senses and senses(models, KeptMedia(folder / "media")),
        )
        await gateway.start()
        for surface in gateway.surfaces.all():
            if account.can_push:
                await gateway.abilities.find_out(surface)
        try:
            yield World(gateway, models, account, book, doctor)
        finally:
            if gate:
                gate.set()
            await gateway.stop()
