"""Each fault set up for real, and the check-up made of it."""

import asyncio
import contextlib
import json
import secrets
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from doctor_faults import certificates, nginx
from doctor_faults.fault import CLOSED, DEAF, Fault
from doctor_faults.gateways import gateway, platform, program
from doctor_faults.surfaces import SURFACES
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
from runtime.store.control.records import Contact, Publication


@dataclass
class Marks:
    """The installation's key."""

    key: str = field(default_factory=lambda: secrets.token_hex(8))

    def mark(self, what):
        import hashlib

        return hashlib.sha256(f"{self.key} {what}".encode()).hexdigest()


@dataclass
class Records:
    """What the doctor needs of a store."""

    publications: dict = field(default_factory=dict)
    contacts: dict = field(default_factory=dict)

    def publication(self, id):
        return self.publications.get(id)

    def contact(self, id):
        return self.contacts.get(id) or Contact(id=id)

    def save_contact(self, contact):
        self.contacts[contact.id] = contact


PATIENT = 30.0
"""Seconds that an answer may take where no fault is about that: this machine may be busy."""


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
    kind = registry()[fault.channel]
    return kind(kind.Settings.model_validate({**SURFACES[fault.on].settings, **fault.settings}))


def name_of(number):
    return f"f{number}"


def host_of(number):
    return f"{name_of(number)}.bot.example"


def answered(fault):
    """What the platform's API says in this case, by path: status, data, its clock's skew."""

    def answer(path):
        status, data = SURFACES[fault.on].api.get(path, (200, {"errcode": 48001}) if path else (404, {}))
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
    push = SURFACES[fault.on].call(fault.theirs, fault.call, now + fault.late)
    request = WebRequest(push.method, push.query, push.body)
    try:
        arrivals = channel.receive(request, now)
    except Refused as e:
        doctor.saw(publication, "refused", e.code, now, e.compared)
    else:
        came = arrivals.messages or arrivals.signal
        doctor.saw(publication, "message" if came else "verified", "theirs", now)


class World:
    def __init__(self, folder, faults):
        self.folder, self.faults = folder, faults
        self.records = Records()
        self.doctor = Doctor(self.records)
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
        self.records.publications[publication] = Publication(
            id=publication, agent="shop", channel=fault.channel, version=1, created_at=1
        )
        channel = self.channels[publication]
        if fault.trouble:
            self.doctor.trouble(publication, channel.explain(fault.trouble), time.time())
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
            accounts=Accounts.alone(outbound, self._hosts(channel, number)),
            reach=Reach(self.marks),
            hosts=self._hosts(channel, number),
            fact=noted_of(fault, publication, channel).get,
            patience=fault.patience or (None if fault.slow else PATIENT),
        )
        patient = Patient(
            id=publication,
            channel=channel,
            base=fault.url.replace("{host}", host_of(number)),
            path=f"/c/{publication}",
            ways=ways,
            state=lambda: self.doctor.state(publication, time.time()),
            enabled=fault.enabled,
            channel_name=fault.channel,
        )
        return Result(fault, [finding async for finding in examine(patient)])

    def _hosts(self, channel, number):
        fault = self.faults[number]
        host = f"http://127.0.0.1:{self.closed}" if fault.api_down else f"{self.api}/{name_of(number)}"
        if fault.proxy:
            host = f"http://api.platform.example/{name_of(number)}"
        return {getattr(channel, "api_host_setting", ""): host}


def noted_of(fault, publication, channel):
    """What the gateway noted of a connection that it holds: its state, and whose it is."""
    now, noted = time.time(), {}
    if fault.link is not None:
        noted[f"link {publication}"] = (json.dumps({"since": now - 60, **fault.link}), now)
    if fault.holder is not None:
        noted[f"lease link {fault.channel} {channel.account}"] = ("machine/1234/1/x", now - fault.holder)
    return noted


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
