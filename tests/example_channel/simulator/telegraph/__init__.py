"""The telegraph office, played from its own papers and not from our channel."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.lang import Text
from runtime.simulator import Kind, Seen, Simulation
from runtime.simulator.http import Response

SIGN = "dit-dit-dah-dit"


@dataclass
class Form:
    """What one telegram is answered on: it shows the newest text."""

    text: str = ""
    done: bool = False
    versions: list = field(default_factory=list)


class Office:
    """One station at the office. `refuse`: words with which the next things are answered; "" takes, `mute`
    does not answer, `cut` takes it and drops the wire."""

    def __init__(self, clock):
        self.clock = clock
        self.forms = {}
        self.sent = []
        self.got = []
        self.ticks = 0
        self.lines = []
        self.refuse = []
        self.accepts = True
        self._ids = itertools.count(1)

    async def serve(self, wire):
        hello = json.loads(await wire.receive() or "{}")
        known = self.accepts and hello.get("sign") == SIGN
        await wire.send(json.dumps({"is": "welcome" if known else "stranger"}))
        if not known:
            return
        self.lines.append(wire)
        try:
            while (text := await wire.receive()) is not None:
                await self._take(wire, json.loads(text))
        finally:
            self.lines.remove(wire)

    async def telegram(self, text, sender="ann", id=""):
        id = id or f"T{next(self._ids)}"
        told = {"is": "telegram", "id": id, "from": sender, "text": text, "form": f"F{id}"}
        await self.lines[-1].send(json.dumps(told))
        return id

    async def _take(self, wire, told):
        if "got" in told:
            self.got.append(told["got"])
        elif "tick" in told:
            self.ticks += 1
        else:
            word = self.refuse.pop(0) if self.refuse and told["key"] != "probe" else ""
            if word in ("", "cut", "mute"):
                self._write(told)
            if word == "cut":
                await wire.close()
            elif word != "mute":
                said = {"error": word} if word else {}
                await wire.send(json.dumps({"is": "answer", "to": told["key"], **said}))

    def _write(self, told):
        if "form" in told:
            form = self.forms.setdefault(told["form"], Form())
            form.text, form.done = told["text"], told["done"]
            form.versions.append((self.clock(), told["text"], told["done"]))
        elif "to" in told:
            self.sent.append((told["to"], told["text"]))


class TelegraphSimulation(Simulation):
    kinds: ClassVar = {"station": Kind(Text("电台", "A station"), Text("收发电报", "Sends and receives"))}
    api_host_setting = "HONGYAN_TELEGRAPH_API"
    link_host_setting = "HONGYAN_TELEGRAPH_WS"

    def __init__(self, kind, clock):
        self.clock = clock
        self.office = Office(clock)
        self.settings = {"station": "north", "sign": SIGN}
        self._wrote = []

    def call(self, request):
        return Response(status=404)

    async def serve(self, wire):
        await self.office.serve(wire)

    def connect(self, door, open_page):
        pass

    async def write(self, text):
        while not self.office.lines:  # noqa: ASYNC110 # so does whoever wants to send a telegram
            await asyncio.sleep(0.1)
        self._wrote.append((self.clock(), text))
        await self.office.telegram(text)

    async def follow(self, link):
        pass

    def seen(self):
        mine = [Seen(at, "me", text, [text]) for at, text in self._wrote]
        forms = [
            Seen(form.versions[-1][0], "account", form.text, [form.text], "push")
            for form in self.office.forms.values()
        ]
        return [*mine, *forms]

    @classmethod
    def pieces(cls, sent):
        return [sent]

    def typing(self):
        return None

    def repeats(self):
        return []

    def pushes(self):
        return len(self.office.sent), 20

    async def settle(self):
        await asyncio.sleep(0)


SIMULATION = TelegraphSimulation
"""Where `discover` finds who plays it."""
