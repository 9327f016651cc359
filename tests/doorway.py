"""A gateway with publications on which people sign in by themselves, and its HTTP and WebSocket API."""

import asyncio
import hashlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from websockets.asyncio.client import connect

from runtime.channels import WebRequest
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import Unobserved
from runtime.network.platform_answer import Transferred
from runtime.server.api.chat_api import ChatApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.events_api import EventsApi
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.server.api.ws_api import WsApi
from runtime.server.people.about_api import AboutApi
from runtime.server.people.asking import Asks
from runtime.server.people.connected import Connected
from runtime.server.people.files_api import FilesApi
from runtime.server.people.own_api import OwnApi
from runtime.server.people.people import People
from runtime.server.people.session_api import SessionApi
from runtime.server.people.speaking import Speaking
from runtime.server.web_chat.pages import WebChat
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.vanishing.memory import InMemory
from script import Script, services
from served import served

AGENT = {
    "format": 1,
    "id": "tea",
    "name": "茶铺",
    "description": "卖茶",
    "texts": {"greeting": "欢迎"},
    "suggestions": ["怎么泡？"],
    "flow": [{"type": "model", "id": "answer"}],
}
SITE = "https://shop.example"
TOKEN = "hongyantoken"
APP_ID = "wx1234567890abcdef"


@dataclass
class Clock:
    now: float = 1_790_000_000.0

    def __call__(self):
        return self.now


class Platform:
    """Implements Outbound: who a code is of, once."""

    def __init__(self):
        self.codes, self.asked = {}, []

    def api(self, host):
        return self

    async def told(self, path, body, query, headers, **bounds):
        return Transferred(200, self.answer(path, body, query), b"", {})

    def answer(self, path, body, query):
        self.asked.append((path, body, query))
        if path == "/cgi-bin/stable_token":
            return {"access_token": "AT", "expires_in": 7200}
        if path.startswith("/cgi-bin/"):
            return {"errcode": 0}
        return self.codes.pop(query.get("js_code"), {"errcode": 40029, "errmsg": "invalid code"})

    async def close(self):
        pass


@dataclass
class Doorway:
    control: Control
    gateway: Gateway
    people: People
    models: Script
    platform: Platform
    clock: Clock
    http: httpx.AsyncClient
    port: int
    connected: Connected
    browsers: Browsers = field(repr=False)

    async def post(self, path, body=None, token="", **headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.post(path, json=body or {}, headers=headers)

    async def get(self, path, token="", **headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.get(path, headers=headers)

    async def come(self, publication="page", **proof):
        """Sign in; the pair."""
        came = await self.post("/agent/session", {"publication": publication, **proof})
        assert came.status_code == 200, came.text
        return came.json()

    async def refresh(self, pair, attempt="a1"):
        return await self.post("/agent/session/refresh", {"refresh": pair["refresh"], "attempt": attempt})

    @asynccontextmanager
    async def line(self, token, **options):
        url = f"ws://127.0.0.1:{self.port}/agent/ws"
        options.setdefault("additional_headers", {"authorization": f"Bearer {token}"})
        async with connect(url, **options) as there:
            yield there


async def say(there, **frame):
    await there.send(json.dumps(frame))


async def hear(there, *until):
    """Frames up to one of that type."""
    found = []
    while not found or found[-1]["type"] not in (until or ("answered", "failed", "pong")):
        found.append(json.loads(await asyncio.wait_for(there.recv(), 5)))
    return found


def written(body, now):
    """What the platform pushes to us of a Mini Program's customer-service window, in the clear."""
    now, nonce = str(int(now)), hashlib.sha256(repr(body).encode()).hexdigest()[:12]
    proof = hashlib.sha1("".join(sorted((TOKEN, now, nonce))).encode()).hexdigest()
    query = {"signature": proof, "timestamp": now, "nonce": nonce}
    return WebRequest("POST", query, json.dumps(body).encode())


def publish(control, id, channel, settings=None, secrets=None, agent=AGENT):
    secrets = control.seal(id, secrets or {})
    version = control.freeze(id, agent)
    record = {"id": id, "agent": agent["id"], "channel": channel, "version": version.number}
    more = {"settings": settings or {}, "secrets": secrets, "created_at": 0.0}
    control.save_publication(Publication(**record, **more))


@asynccontextmanager
async def doorway(
    folder,
    *answers,
    gate=None,
    agent=AGENT,
    look=0.02,
    control=None,
    vanishing=None,
    seen=None,
    models=None,
    **options,
):
    """`look`: seconds between two looks at who is connected."""
    is_first = control is None
    control = control or Control.in_folder(folder)
    if is_first:
        secret = {"identity_secret": "s" * 40}
        publish(control, "page", "web", {"origins": SITE, "title": "问茶"}, secret, agent)
        publish(control, "other", "web", {}, {}, agent)
        known = {"app_secret": "s" * 32, "token": TOKEN}
        publish(control, "mini", "miniprogram", {"app_id": APP_ID, "mode": "plain"}, known, agent)
    models = models or Script(list(answers) or Script().answers, gate=gate)
    platform, clock = Platform(), Clock()
    vanishing = vanishing or InMemory()
    own = (folder, control, services(models), seen or Unobserved(), {})
    gateway = Gateway(*own, outbound=platform, clock=clock, vanishing=vanishing, **options)
    people = People(gateway, control, lambda: "https://us.example", clock)
    browsers, keys = Browsers(["https://console.example"], people.origins), KeyCheck(control, vanishing)
    feed, connected = UnaskedFeed.of(gateway), Connected(people.families, clock, look)
    routes = [
        *SessionApi(people, browsers).routes(),
        *AboutApi(people, browsers).routes(),
        *OwnApi(people, browsers).routes(),
        *FilesApi(people, gateway.kept, browsers).routes(),
        *ChatApi(gateway, keys, control, browsers, Asks(people)).routes(),
        *EventsApi(
            gateway, keys, control, browsers, gateway.messages.one_answers, Asks(people), look
        ).routes(),
        *WsApi(gateway, keys, control, browsers, feed, Speaking(people, feed, connected)).routes(),
        *WebChat(gateway).routes(),
    ]
    await gateway.start()
    try:
        async with (
            served(Starlette(routes=routes)) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
        ):
            made = (control, gateway, people, models, platform, clock, http, port, connected, browsers)
            yield Doorway(*made)
    finally:
        if gate:
            gate.set()
        await gateway.stop()
