"""The web application with a gateway that says what a test wrote for it, and visitors of it."""

import asyncio
import hashlib
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace

import httpx
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import WebSocketRoute

from runtime.access.audit.log import Audit
from runtime.access.keys import Keys
from runtime.access.permissions import Permission
from runtime.access.sso.kinds import Net
from runtime.agents.agent import Agent
from runtime.caps import Sum, Today
from runtime.channels import WebResponse
from runtime.errors import Conflict, HongyanError, NotFound
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.publish import issue_key
from runtime.publish.reached import Reach
from runtime.server import callbacks, consent_page
from runtime.server.api import later_answers
from runtime.server.api.a2a_api import A2aApi
from runtime.server.api.ag_ui_api import AgUiApi
from runtime.server.api.chat_api import ChatApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.mcp_api import McpApi
from runtime.server.api.openai_api import OpenAiApi
from runtime.server.api.responses_api import ResponsesApi
from runtime.server.api.ws_api import WsApi
from runtime.server.app import MAX_BODY
from runtime.server.door.door import Door
from runtime.server.door.front import Front
from runtime.server.door.guard import USER_HEADER, Guard
from runtime.server.door.origins import Origins
from runtime.server.door.sessions import Sessions
from runtime.server.door.sso import SingleSignOn
from runtime.server.door.ways import Entry, Way, Ways
from runtime.server.door.while_live import Stop
from runtime.server.health import Health
from runtime.server.outermost import Outermost, answer_fault
from runtime.server.wellness import Wellness
from runtime.store.control.control import Control
from runtime.store.control.records import OwnerRecord
from runtime.store.vanishing.memory import InMemory
from runtime.turn.awaited import LaterAnswers
from runtime.turn.events import BlockStarted, ModelUsed, Replied, TextDelta

PASSWORD = "correct horse"
METRICS_KEY = "only-for-the-metrics"
AGENT = Agent.load(
    {
        "id": "shop",
        "name": "店",
        "flow": [
            {"type": "model", "id": "think", "prompt": {"text": "想"}},
            {"type": "model", "id": "answer", "prompt": {"text": "答"}},
            {"type": "reply", "id": "say", "text": "{{ answer.text }}"},
        ],
    }
)
EVENTS = (
    BlockStarted("think", "model", ""),
    TextDelta("think", "内心"),
    ModelUsed("think", "script/one", 3, 2, None, 1, 1),
    TextDelta("answer", "你"),
    TextDelta("answer", "好"),
    ModelUsed("answer", "script/one", 7, 4, None, 1, 1),
    Replied("你好", 5),
)


@dataclass
class FakeGateway:
    """Answers callbacks with `response` and streams `events`; an exception is raised."""

    response: object = WebResponse("success")
    events: tuple = EVENTS
    asked: list = field(default_factory=list)
    pieces: bool | None = None

    trouble: HongyanError | None = None
    gone: dict = field(default_factory=dict)
    working: int = 0
    vanishing: object = field(default_factory=lambda: SimpleNamespace(trouble=None))
    senses = None

    def check(self):
        if self.trouble:
            raise self.trouble

    def dead(self):
        return self.gone

    def instances(self):
        return self.working

    @property
    def consents(self):
        return self

    applying = consents

    async def came_back(self, id, back, proof):
        return (id, back, proof) == ("app-1", "B" * 32, "queryauthcode@@@1")

    async def callback(self, publication, request, listens, account=""):
        self.asked.append((f"{publication}/{account}" if account else publication, request))
        if isinstance(self.response, Exception):
            raise self.response
        return self.response

    missed: asyncio.Event = field(default_factory=asyncio.Event)
    awaited: str = ""
    """The token that a call is waited for with."""

    given: str = ""
    """The token that a process which is dead gave away."""

    async def expects(self, token):
        return token == self.given

    later: LaterAnswers = field(default_factory=lambda: LaterAnswers(lambda: "https://us.example"))

    async def call(self, token, data):
        if token != self.awaited:
            self.missed.set()
            raise NotFound(Text("没有", "There is no such thing."))
        if self.asked:
            raise Conflict(Text("已经", "Twice."))
        self.asked.append(data)

    used_up: tuple = (0, 0)
    hold: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list = field(default_factory=list)
    """Messages whose stream was closed before its end."""

    unasked: list = field(default_factory=list)
    """What a conversation comes to unasked."""

    async def follow(self, publication, sender, after):
        self.followed = sender
        for one in self.unasked[after:]:
            yield one
        await asyncio.Event().wait()

    @property
    def spending(self):
        return self

    @property
    def acts(self):
        return self

    async def stop(self, publication, sender, id):
        self.stopped = (sender, id)
        return True

    async def of_key(self, key):
        messages, tokens, *cost = self.used_up
        return Today(Sum(tokens, *cost, messages=messages), 3600.0)

    async def stream(self, publication, message, *, pieces=True, needs_listener=False, tell=None):
        self.asked.append((publication, message))
        self.pieces = pieces
        self.needs_listener = needs_listener
        self.begun.set()
        try:
            for event in self.events:
                if isinstance(event, Exception):
                    raise event
                yield event
                if self.hold:
                    await self.hold.wait()
        except (GeneratorExit, asyncio.CancelledError):
            self.ended.append(message)
            self.left.set()
            raise


class NobodySignsIn:
    """People come with no token here."""

    def comes(self, request):
        return False


@dataclass
class House:
    """Everything behind one door, on a folder of its own."""

    control: Control
    gateway: FakeGateway
    app: object
    data: object
    public_url: str = ""
    stop: Stop = field(default_factory=Stop)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Something that takes its time has begun."""

    def visitor(self, url="http://localhost", address="127.0.0.1", **headers):
        transport = httpx.ASGITransport(self.app, client=(address, 50000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=url, headers=headers)

    @asynccontextmanager
    async def owner(self, url="http://localhost", **headers):
        async with self.visitor(url, **headers) as browser:
            response = await browser.post("/login", data={"password": PASSWORD})
            assert response.status_code == 303, response.text
            yield browser

    def key(self, **limits):
        return issue_key(self.control, AGENT, **limits)


async def _some_metrics():
    return b"# HELP x\n"


def build(folder, gateway=None, vanishing=None, proxies=(), users=None, clock=time.time, net=None):
    """The routes of runtime.server.app, with a small builder behind them."""
    control = Control.in_folder(folder)
    move_in(control)
    gateway = gateway or FakeGateway()
    keys = KeyCheck(control, InMemory())
    sessions = Sessions(control, users)
    audit, shared = Audit(folder, control.mark), vanishing or InMemory(clock)
    door = Door(control, sessions, audit, shared, lambda: house.public_url, clock)
    net = net or Net(Egress(), Outbound())
    others = SingleSignOn(control, net, sessions, door.arrivals, shared, lambda: house.public_url, clock)
    browsers = Browsers(["https://shop.example"])
    reached = asyncio.Event()
    routes = [
        *odd_routes(reached),
        *consent_page.routes(gateway.consents.applying),
        *callbacks.routes(gateway, Reach(control)),
        *ChatApi(gateway, keys, control, browsers, NobodySignsIn()).routes(),
        *ResponsesApi(gateway, keys, control, browsers, gateway).routes(),
        *OpenAiApi(gateway, keys, control, browsers).routes(),
        *AgUiApi(gateway, keys, control, browsers).routes(),
        *A2aApi(gateway, keys, control, browsers, gateway, gateway.stop, bool, str).routes(),
        *McpApi(gateway, keys, control, browsers).routes(),
        *WsApi(gateway, keys, control, browsers, gateway, NobodySignsIn()).routes(),
        *later_answers.routes(gateway, gateway.later),
        *Health(
            folder,
            gateway,
            Wellness(folder, None, lambda id: None, str),
            _some_metrics,
            METRICS_KEY,
            gateway.vanishing,
        ).routes(),
        *door.routes(others),
        *others.routes(),
        *builder_routes(),
    ]
    app = Starlette(routes=routes, exception_handlers={Exception: answer_fault}, max_body_size=MAX_BODY)
    house = House(control, gateway, None, folder, reached=reached)
    guard = Guard(
        app,
        sessions,
        Origins(lambda: house.public_url),
        Ways(app.routes),
        Keys(control).may_now,
        house.stop,
        every=0.02,
    )
    house.app = Outermost(Front(guard, lambda: house.public_url, proxies))
    return house


def move_in(control):
    """Set the password, hashed at a price that a test can pay."""
    salt = b"salt"
    digest = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=2, r=1, p=1)
    key = control.owner.new_session_key()
    control.owner.put(OwnerRecord(password=f"2$1$1${salt.hex()}${digest.hex()}", session_key=key))
    control.owner.move_to(control.users)


class Talk(WebSocketRoute):
    needs = Permission.AGENTS_VIEW


def builder_routes():
    async def page(request):
        return HTMLResponse('<html lang="en"><head></head><body>builder</body></html>')

    async def who(request):
        return PlainTextResponse(request.headers.get(USER_HEADER, "nobody"))

    async def broken(request):
        raise RuntimeError("canary: the inside of the program")

    async def talk(websocket):
        await websocket.accept()
        await websocket.send_text(websocket.headers.get(USER_HEADER, "nobody"))
        async for _ in websocket.iter_text():
            pass

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Way("/", page, methods=["GET"], needs=Permission.AGENTS_VIEW),
        Way("/who", who, methods=methods, needs=Entry.SIGNED_IN),
        Way("/broken", broken, methods=["GET"], needs=Permission.AGENTS_VIEW),
        Way("/settings", page, methods=["GET", "POST"], needs=Permission.SETTINGS_EDIT),
        Talk("/talk", talk),
    ]


def odd_routes(reached):
    async def generous(request):
        headers = {"access-control-allow-origin": request.headers["origin"]}
        return PlainTextResponse("shared", headers=headers | {"access-control-allow-credentials": "true"})

    async def endless(request):
        async def lines():
            while True:
                yield "still here\n"
                await asyncio.sleep(0.01)

        return StreamingResponse(lines())

    async def polite(request):
        async def lines():
            with suppress(asyncio.CancelledError):
                yield "still here\n"
                await asyncio.Event().wait()

        return StreamingResponse(lines())

    async def silent(request):
        reached.set()
        await asyncio.Event().wait()

    async def slow(request):
        reached.set()
        await asyncio.sleep(0.2)
        return PlainTextResponse("saved")

    reads = {"methods": ["GET"], "needs": Permission.AGENTS_VIEW}
    return [
        Way("/slow", slow, methods=["POST"], needs=Permission.AGENTS_EDIT),
        Way("/generous", generous, **reads),
        Way("/endless", endless, **reads),
        Way("/v1/endless", endless, methods=["GET"], needs=Entry.MACHINE),
        Way("/polite", polite, **reads),
        Way("/silent", silent, **reads),
    ]
