"""Each fault set up for real, and the check-up made of it."""

import asyncio
import contextlib
import secrets
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvicorn

from doctor_faults import certificates, nginx
from doctor_faults.gateways import gateway, platform, program
from doctor_faults.table import CLOSED, DEAF, Fault
from runtime.channels import WebRequest, registry
from runtime.checkup.check import Finding
from runtime.checkup.order import examine
from runtime.checkup.patient import Patient, Ways
from runtime.errors import Refused
from runtime.management.accounts import Accounts
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.network.proxy import Proxy
from runtime.publish.doctor import Doctor
from runtime.publish.reached import Reach
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.wire import Wire
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

CHANNEL = "wechat"
ACCOUNT = Account()
FINE = {
    "": (404, {}),
    "cgi-bin/stable_token": (200, {"access_token": "T0KEN", "expires_in": 7200}),
    "cgi-bin/message/custom/typing": (200, {"errcode": 45080}),
    "cgi-bin/callback/check": (200, {"dns": [{"ip": "8.8.8.8"}], "ping": []}),
    "cgi-bin/getcallbackip": (200, {"ip_list": ["101.226.103.0"]}),
    "cgi-bin/openapi/quota/get": (200, {"quota": {"daily_limit": 500, "used": 1, "remain": 499}}),
}


@dataclass
class Marks:
    """The installation's key."""

    key: str = field(default_factory=lambda: secrets.token_hex(8))

    def mark(self, what):
        import hashlib

        return hashlib.sha256(f"{self.key} {what}".encode()).hexdigest()


@dataclass(frozen=True)
class Result:
    fault: Fault
    found: list[Finding]

    @property
    def first(self):
        return next((one for one in self.found if one.ok is False), None)

    @property
    def verdict(self):
        """named, not named, or wrongly named."""
        first = self.first
        if first is None:
            return "named" if not self.fault.check else "not named"
        good = first.check == self.fault.check and self.fault.says in first.says.en + first.do.en
        return "named" if good else "wrongly named"


def channel_of(fault):
    kind = registry()[CHANNEL]
    return kind(kind.Settings.model_validate({**ACCOUNT.settings, **fault.settings}))


def name_of(number):
    return f"f{number}"


def host_of(number):
    return f"{name_of(number)}.bot.example"


def answered(fault):
    """What the platform's API says in this case, by path: status, data, its clock's skew."""

    def answer(path):
        status, data = FINE.get(path, (200, {"errcode": 48001}))
        if path in fault.api:
            said = fault.api[path]
            if isinstance(said, tuple):
                return *said, fault.skew
            data = said if isinstance(said, Mapping) else {"errcode": said, "errmsg": "no rid: 1-2-3"}
        return status, data, fault.skew

    return answer


def real_call(fault, channel, doctor, publication):
    """The platform's own request comes, signed and sealed with its own settings."""
    if not fault.call:
        return
    now = time.time()
    account = ACCOUNT if fault.settings.get("mode") != "plain" else replace(ACCOUNT, mode="safe")
    wire = Wire(replace(account, **fault.theirs))
    fields = {
        "ToUserName": fault.theirs.get("original_id", ACCOUNT.original_id),
        "FromUserName": "o-somebody",
        "CreateTime": int(now),
        "MsgType": "text",
        "Content": "在吗",
        "MsgId": "25000000000000001",
    }
    push = (
        wire.handshake("4711", now + fault.late)
        if fault.call == "verify"
        else wire.push(fields, now + fault.late)
    )
    request = WebRequest(push.method, push.query, push.body)
    try:
        arrivals = channel.receive(request, now)
    except Refused as e:
        doctor.saw(publication, "refused", e.code, now, e.compared)
    else:
        doctor.saw(publication, "message" if arrivals.messages else "verified", "theirs", now)


class World:
    def __init__(self, folder, faults):
        self.folder, self.faults = folder, faults
        self.control = Control.in_folder(folder / "data")
        self.doctor = Doctor(self.control)
        self.marks, self.others = Marks(), Marks()
        self.held = contextlib.AsyncExitStack()

    async def __aenter__(self):
        try:
            await self._set_up()
        except BaseException:
            await self.held.aclose()
            raise
        return self

    async def __aexit__(self, *_):
        await self.held.aclose()

    async def _set_up(self):
        self.trust = certificates.write(self.folder)
        self.channels = {name_of(n): channel_of(fault) for n, fault in enumerate(self.faults)}
        app = await self._program(self.marks, self.channels)
        elsewhere = await self._program(self.others, {})
        ways = {fault.through for fault in self.faults if fault.through}
        gateways = {way: await self.held.enter_async_context(gateway(app, way)) for way in ways}
        http, https, self.closed = nginx.free_ports(3)
        self.ports = {"http": http, "https": https}
        blocks = []
        for n, fault in enumerate(self.faults):
            body = fault.nginx.replace("{app}", elsewhere if fault.elsewhere else app)
            body = body.replace("{gateway}", gateways.get(fault.through, ""))
            more = fault.more.replace("{folder}", str(self.folder))
            blocks.append(nginx.block(host_of(n), body, self.ports, self.folder, fault.certificate, more))
        await self.held.enter_async_context(nginx.running(self.folder, blocks, self.ports))
        cases = {name_of(n): answered(fault) for n, fault in enumerate(self.faults)}
        self.api = "http://" + await self.held.enter_async_context(platform(cases, time.time))
        proxies = {"": "", "up": self.api, "down": f"http://127.0.0.1:{self.closed}"}
        self.outbounds = {name: Outbound(Proxy(url)) for name, url in proxies.items()}
        for outbound in self.outbounds.values():
            self.held.push_async_callback(outbound.close)
        self.deaf = self.held.enter_context(deaf_port())

    async def _program(self, marks, channels):
        config = uvicorn.Config(program(marks, channels, time.time), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        begun = asyncio.Event()
        told = server.startup

        async def startup(sockets=None):
            await told(sockets=sockets)
            begun.set()

        server.startup = startup
        task = asyncio.get_running_loop().create_task(server._serve([listener]))

        async def end():
            server.should_exit = True
            await task
            listener.close()

        self.held.push_async_callback(end)
        await begun.wait()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    def _way(self, address, port):
        if address == CLOSED:
            return "127.0.0.1", self.closed
        if address == DEAF:
            return "127.0.0.1", self.deaf
        if address == "9.9.9.10":
            return "127.0.0.1", self.ports["http"]
        return "127.0.0.1", {443: self.ports["https"]}.get(port, self.ports["http"])

    async def examined(self, number):
        fault, publication = self.faults[number], name_of(number)
        self.control.save_publication(
            Publication(id=publication, agent="shop", channel=CHANNEL, version=1, created_at=1)
        )
        channel = self.channels[publication]
        real_call(fault, channel, self.doctor, publication)

        async def resolve(host, family):
            found = fault.names["a" if family == socket.AF_INET else "aaaa"]
            if isinstance(found, OSError):
                raise found
            return found

        ticks = iter(range(100_000))
        outbound = self.outbounds[fault.proxy]
        ways = Ways(
            outside=Outside(resolve, self.trust, self._way, lambda: next(ticks) * fault.slow),
            outbound=outbound,
            accounts=Accounts.alone(outbound, self._hosts(fault, number)),
            reach=Reach(self.marks),
            hosts=self._hosts(fault, number),
            patience=fault.patience,
            proxy=fault.proxy and "http://proxy.example:3128",
        )
        patient = Patient(
            id=publication,
            channel=channel,
            base=fault.url.replace("{host}", host_of(number)),
            path=f"/c/{publication}",
            ways=ways,
            state=lambda: self.doctor.state(publication, time.time()),
            enabled=fault.enabled,
        )
        return Result(fault, [finding async for finding in examine(patient)])

    def _hosts(self, fault, number):
        host = f"http://127.0.0.1:{self.closed}" if fault.api_down else f"{self.api}/{name_of(number)}"
        if fault.proxy:
            host = f"http://api.platform.example/{name_of(number)}"
        return {"HONGYAN_WECHAT_API": host}


@contextlib.contextmanager
def deaf_port():
    """Where no connection is ever made: whoever comes finds the queue full."""
    with contextlib.ExitStack() as held:
        server = held.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            one = held.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield server.getsockname()[1]


AT_ONCE = 8


async def results(faults):
    """The check-up of each."""
    with tempfile.TemporaryDirectory() as folder:
        async with World(Path(folder), faults) as world:
            places = asyncio.Semaphore(AT_ONCE)

            async def one(number):
                async with places:
                    return await world.examined(number)

            return await asyncio.gather(*map(one, range(len(faults))))
