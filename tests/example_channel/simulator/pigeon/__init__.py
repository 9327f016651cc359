"""The pigeon post, played from its own papers and not from our channel."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from runtime.lang import Text
from runtime.simulator import Kind, Knock, Link, Seen, Simulation
from runtime.simulator.faults import Faults
from runtime.simulator.http import Response

STEPS = {"free": ["queued"], "queued": ["keeper"], "keeper": ["over"], "over": []}
PASSPHRASE = "kr0-kr0-kr0-kr0-kr0"


@dataclass
class Post:
    """One loft at the post: who wrote, what was sent, and what waits to be fetched."""

    sends: bool = True
    faults: Faults = field(default_factory=Faults)
    sent: list = field(default_factory=list)
    keys: dict = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    flown: list = field(default_factory=list)
    """To whom, and when: of more than 20 in a minute, or 100 in half an hour, the rest is lost silently."""
    dropped: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    scratched: list = field(default_factory=list)
    standings: dict = field(default_factory=dict)
    """By person, where it is not `free`."""
    tickets: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    """To be told with the next page."""
    asked: list = field(default_factory=list)
    nested: list = field(default_factory=list)
    """What was shown to be taken."""
    parcels: dict = field(default_factory=dict)
    """What lies at the post, by its number."""
    badges: int = 0
    rings: int = 0
    scans: list = field(default_factory=list)
    """What is said of a ring's code, in order."""
    digits: list = field(default_factory=list)
    threads: list = field(default_factory=list)
    page: int = 2
    """Letters in one."""

    def call(self, request):
        form = request.path == "/parcels"
        body = {} if form else json.loads(request.body or b"{}")
        self.asked.append(request.path)
        fault = self.faults.take(request.path)
        if isinstance(fault, str) and fault != "lost":
            return Response.json({"error": fault}, 409)
        if form:
            self.parcels[number := f"P{len(self.parcels)}"] = in_form(request.body)
            return Response.json({"parcel": number}, after=None if fault == "lost" else 0.0)
        if request.path.startswith("/parcels/"):
            found = self.parcels.get(request.path.removeprefix("/parcels/"))
            return Response.json({"error": "eaten"}) if found is None else Response(found, kind="image/png")
        reply = self.ring if request.path.startswith("/ring") else self.answer
        answer = reply(request.path, request.query, body)
        return Response.json(answer, after=None if fault == "lost" else 0.0)

    def ring(self, path, query, body):
        if path == "/rings":
            self.rings += 1
            return {"ring": f"R{self.rings}"}
        if path == "/ring_seed":
            return {"seed": "S1"}
        self.digits.append(body["digits"])
        return {"reached": self.scans.pop(0) if self.scans else "shown", "key": "ring-key"}

    def answer(self, path, query, body):
        match path:
            case "/badge":
                self.badges += 1
                return {"badge": f"B{self.badges}"}
            case "/towers":
                return {"towers": ["203.0.113.9"]}
            case "/corn":
                return {"most": 100, "eaten": len(self.sent), "left": 100 - len(self.sent)}
            case "/feathers":
                return {"left": 7}
            case "/rights":
                return {"sends": self.sends}
            case "/scratching" | "/nest":
                assert body.get("seed", "S1") == "S1"
                (self.scratched if path == "/scratching" else self.nested).append(body.get("to") or body)
            case "/send":
                return self.send(body)
            case "/crumb" | "/keeper":
                return self.keeper(query, body)
            case "/letters":
                return self.letters(query)
        return {}

    def send(self, body):
        if self.standings.get(body["to"]) in ("queued", "keeper"):
            return {"error": "keeper"}
        if body["key"] not in self.keys:
            shown = f"[{body['parcel']}]" if "parcel" in body else body["text"]
            shown = " ".join([shown, *(f"<{twig}>" for twig in body.get("twigs", ()))])
            self.keys[body["key"]] = shown
            self.threads.append(body.get("thread", ""))
            lost = self.is_too_much(body["to"])
            (self.dropped if lost else self.sent).append((body["to"], shown))
        return {}

    def letters(self, query):
        self.tickets.append(query.get("ticket", ""))
        after = int(query.get("after") or 0)
        page = self.waiting[after : after + self.page]
        more = after + len(page) < len(self.waiting)
        lost, self.lost = self.lost, []
        return {"letters": page, "next": str(after + len(page)), "more": more, "lost": lost}

    def keeper(self, query, body):
        if "crumb" in body:
            self.sent.append((f"crumb {body['crumb']}", body["text"]))
            return {}
        at = self.standings.get(query.get("of") or body.get("to"), "free")
        if query:
            return {"standing": at}
        if body["standing"] not in STEPS[at]:
            return {"error": "step"}
        self.standings[body["to"]] = body["standing"]
        return {}

    def is_too_much(self, to):
        now = self.clock()
        ago = [now - at for whom, at in self.flown if whom == to]
        self.flown.append((to, now))
        return sum(one < 60 for one in ago) >= 20 or sum(one < 1800 for one in ago) >= 100


def in_form(body):
    """The one file in a form."""
    head, _, rest = body.partition(b"\r\n\r\n")
    return rest.rpartition(b"\r\n--" + head.split(b"\r\n")[0].removeprefix(b"--"))[0]


KINDS = {
    "carrier": Kind(Text("信鸽", "Carrier pigeons"), Text("收信也寄信", "Receives and sends")),
    "tame": Kind(Text("家鸽", "Tame pigeons"), Text("只收信", "Only receives")),
}


class PigeonSimulation(Simulation):
    kinds = KINDS
    api_host_setting = "HONGYAN_PIGEON_API"

    def __init__(self, kind, clock):
        self.clock = clock
        self.post = Post(sends=kind == "carrier", clock=clock)
        self.settings = {"loft": "north", "passphrase": PASSPHRASE}
        self.chat = []
        self._ids = itertools.count(1)
        self._known = 0

    def call(self, request):
        response = self.post.call(request)
        for _, text in self.post.sent[self._known :]:
            self.chat.append(Seen(self.clock(), "account", text, [text], "push"))
        self._known = len(self.post.sent)
        return response

    def connect(self, door, open_page):
        self._door = door

    async def write(self, text):
        self.chat.append(Seen(self.clock(), "me", text, [text]))
        await self.knock({"letters": [self.letter(text)]})

    async def follow(self, link: Link):
        raise AssertionError("letters have no links")

    def seen(self):
        return list(self.chat)

    @classmethod
    def pieces(cls, sent):
        return [sent]

    def typing(self):
        return None

    def repeats(self):
        return []

    def pushes(self):
        return len(self.post.sent), 10 if self.post.sends else 0

    async def settle(self):
        await asyncio.sleep(0)

    # What tests do with the post

    def letter(self, text, sender="ann"):
        return {"id": f"L{next(self._ids)}", "from": sender, "text": text}

    async def knock(self, told):
        """One call of the post's, signed; status and body."""
        body = json.dumps({"at": self.clock(), **told}).encode()
        proof = hmac.new(PASSPHRASE.encode(), body, hashlib.sha256).hexdigest()
        return await self._door(Knock({}, body, "POST", {"x-pigeon": proof}))


SIMULATION = PigeonSimulation
