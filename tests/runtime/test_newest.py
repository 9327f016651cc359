"""What is remembered of people, addresses, accounts, models is bounded, wherever that is."""

import ast
import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from architecture import ROOT, statements
from runtime.channels import Rate
from runtime.channels._tencent.crypto import Seen
from runtime.gateway.allowance import Allowance
from runtime.gateway.background import Background
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.failure_log import FailureLog
from runtime.gateway.room import Bounds, Room
from runtime.gateway.surfaces import Surfaces
from runtime.metrics.metrics import Metrics
from runtime.models.breaker import Breaker
from runtime.models.manners import Manner, Manners
from runtime.models.pictures import Pictures
from runtime.models.spelling import Spelling
from runtime.models.targets import Target
from runtime.newest import Newest
from runtime.publish.doctor import Doctor
from runtime.store.vanishing import Share
from runtime.store.vanishing.memory import InMemory
from runtime.store.vanishing.pace import Pace
from script import wrote


def test_the_newest_stay_and_what_is_set_again_is_new():
    known = Newest(3)
    for name in "abcad":
        known[name] = 1
    known.setdefault("e", 1)
    known.get("a")
    known.update(f=1)
    assert list(known) == ["d", "e", "f"]
    assert known.of("d", dict) == 1
    assert known.of("g", lambda: 2) == 2
    assert list(known) == ["f", "d", "g"]


def test_what_is_over_goes_two_at_a_time():
    known = Newest(100)
    known.update({number: number for number in range(10)})
    for left in (8, 6, 5, 5):
        known.forget(lambda value: value < 5)
        assert len(known) == left


# A thousand things of each kind, and many thousands


@dataclass(frozen=True)
class Place:
    id: str
    made: Any
    """Makes what remembers."""
    meet: Any
    """It meets the thing of this number, at this second; a coroutine is awaited."""
    most: int
    """Entries in all."""
    kinds: int = 1
    """Entries that each leaves."""


PICTURE = b"\xff\xd8\xff" + bytes(100)
LIMITS = SimpleNamespace(tokens_per_day=100, messages_per_minute=1, messages_per_day=5)
BOOK = SimpleNamespace(publications=list, unreadable=dict)


def surface(number):
    channel = SimpleNamespace(account=f"wx{number}", may_push=True)
    return SimpleNamespace(id=f"p{number}", pusher=channel, agent=SimpleNamespace(limits=LIMITS))


ONE = surface(1)
CONTEXT = SimpleNamespace(messages=None, surfaces=None, doctor=None, background=Background(), clock=None)


class NothingSent:
    """The store of people who were sent nothing before."""

    async def lately(self, account, person, since, now):
        return []

    async def leave(self, account, person, may, seconds, now):
        return 1, []

    def arrived(self, id, now):
        """Not asked for here."""


async def sent(rates, number):
    """To somebody new."""
    pusher = SimpleNamespace(account="a", rates=(Rate(2, 60),), limited_as=str)
    its = SimpleNamespace(id="p", publication=SimpleNamespace(channel="c"), pusher=pusher)
    await rates.pause(its, f"u{number}")
    async with rates.leaving(its, f"u{number}"):
        pass


def target(number):
    return Target("a/b", "b", f"https://{number}.example")


def failed(log, number):
    text = SimpleNamespace(en="down")
    message = SimpleNamespace(for_nobody=False)
    job = SimpleNamespace(seq=1, surface=surface(number), message=message)
    log.tell(job, SimpleNamespace(failure="down", block="", reason=text))


async def judged(allowance, number):
    message = wrote(id=str(number), sender=f"u{number}")
    await allowance.judge(ONE, message)
    await allowance.judge(ONE, wrote(id=f"b{number}", sender=f"u{number}"))


async def vanishes(one, number):
    name = ("a", str(number))
    await one.put(name, b"", 10**9)
    await one.count(name, 10**9)
    await one.take(Share(name, 1, 10**9), once=name)
    async with one.hear(name):
        pass


async def turned(room, number):
    async with room.turn(surface(number)):
        pass


def unpublished(surfaces, number):
    """Made once, and gone by the next look."""
    surfaces._made[f"p{number}"] = surfaces._dead[f"q{number}"] = None
    surfaces.all()


class Shop:
    async def fetch(self, method, url, **_):
        return SimpleNamespace(status=200, body=PICTURE, cut=False)


def asked(number):
    return [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"https://x/{number}"}}]}]


def saw(doctor, number):
    doctor.saw(f"p{number}", "message", "", number * 60)
    doctor.saw("p", "message", "", number * 60)


def doctor():
    contact = SimpleNamespace(verified_at=1, message_at=1, turned=None)
    return Doctor(SimpleNamespace(contact=lambda _: contact, publication=lambda _: None))


PLACES = [
    Place("the pace of a key", Pace, lambda one, n: one.take((str(n),), 1, 10**9, n), 50_000),
    Place("what vanishes", InMemory, vanishes, 154_000, 2),
    Place("people and their messages", lambda: Allowance(InMemory()), judged, 142_000, 3),
    Place("plain signatures", lambda: Seen(10**9), lambda one, n: one.bind("1", str(n), b"", n), 100_000),
    Place("failures of a publication", lambda: FailureLog(lambda text: None), failed, 1000),
    Place("turns of a publication", lambda: Room(Bounds()), turned, 1000),
    Place("publications that are gone", lambda: Surfaces(BOOK), unpublished, 0),
    Place("callbacks of a publication", doctor, saw, 3060, 3),
    Place("tokens of an account", lambda: Tokens(Metrics()), lambda one, n: one.has(surface(n).pusher), 1000),
    Place("pushes to an account", lambda: Sender(None, Tokens(Metrics()), {}),
          lambda one, n: one.place_at_once(surface(n)), 2000, 2),
    Place("whoever was sent something", lambda: Rates(NothingSent(), lambda: 0), sent, 60_000, 3),
    Place("abilities of an account", lambda: Abilities(CONTEXT, None),
          lambda one, n: one.worked(surface(n)), 2000, 2),
    Place("models that fail", Breaker, lambda one, n: one.hung(str(n), n), 1000),
    Place("manners of a model", lambda: Manners(lambda: 0),
          lambda one, n: one.keep(target(n), Manner()), 500),
    Place("spellings of an address", Spelling, lambda one, n: one.learn(target(n), target(n)), 1000),
    Place("pictures", lambda: Pictures(Shop()), lambda one, n: one.inlined(asked(n)), 8),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
async def test_what_is_remembered_of_each_is_bounded(place):
    one = place.made()
    for number in range(place.most // place.kinds + 3000):
        met = place.meet(one, number)
        if asyncio.iscoroutine(met):
            await met
    assert entries(one) <= place.most


def entries(thing, seen=None):
    """In all the dictionaries, lists and sets that this object holds."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, dict):
        return len(thing) + sum(entries(value, seen) for value in thing.values())
    if isinstance(thing, list | set):
        return len(thing)
    if type(thing).__module__.startswith("runtime.") and type(thing) is not Metrics:
        return sum(entries(value, seen) for value in getattr(thing, "__dict__", {}).values())
    return 0


async def test_pictures_are_bounded_in_size_too():
    class Large(Shop):
        async def fetch(self, method, url, **_):
            return SimpleNamespace(status=200, body=PICTURE + bytes(7_000_000), cut=False)

    pictures = Pictures(Large())
    for number in range(4):
        await pictures.inlined(asked(number))
    assert len(pictures._kept) == 2


# No other dictionary grows

MADE = {"dict", "set", "defaultdict", "Counter", "OrderedDict", "WeakValueDictionary", "WeakSet"}
BOUNDED = {
    # while somebody waits
    "Background._tasks", "Worker._live", "Worker._lanes", "Saying._lanes", "Child._questions",
    "Children._keepers", "Service._tasks", "Accepting._opening", "Stop._open", "Fetching._wanted",
    "Socket._waiting", "SocketServer._open", "Beginning._running", "_Program._waiting",
    "Ears._by_name", "Shared._listened", "Shared._left", "InRedis._awaited", "InRedis._names",
    "InPostgres._names", "InPostgres._pieces", "Scope.sets",
    # of one stream, which ends when its names are too many
    "Stream._names",
    # of one statement of the store, which are as many as are written; keys that one work opens
    "Statement.named", "Statement.fixed", "SealedDb._ciphers",
    # of one turn, answer, message, request, question
    "Transcript._steps", "StoredJournal._finished", "Addresses._given", "Turn.values", "AnswerStream._blocks",
    "_Call.more", "CallPieces._places", "CallPiece.more", "Said.kept", "Unfinished._kept", "Answer.kept",
    "ToolCall.more", "Failed.headers", "Message.data", "Exchange.data", "WebRequest.headers",
    "ApiRequest.headers", "ApiRequest.query", "ApiAnswer.headers", "FormFile.more", "Published.to_copy",
    "AnswerPart.data", "Part.data", "MenuFound.answers", "Target.headers", "Server.headers",
    "Message.who", "Person.values", "Guard._known", "Guard._told", "Guard._shown", "Uses.compiled",
    "Standing._known", "Standing._written", "Standing._plain", "Standing._codes", "Standing._looked",
    "Turn.common", "Wait.data", "Came.data", "Waited.data", "NewWait.data", "Past.steps", "Past.done",
    "Past.states", "Past.begun", "Stepping.fresh", "Asked.values", "RemindersHere._set", "Fetched.headers",
    "Shown.headers", "OverHttp._headers", "GuardedProxy.blocked", "_Page.lost",
    "Message.handle", "_Reader.fields", "_Reader.inner", "_Reader._names", "Figures.ways", "Figures.times",
    # of the program, its settings and what the owner set up
    "Settings.api_hosts", "Egress._sessions", "Files._made", "Files._packed", "Tables.steps",
    "Leases._held", "Links._held", "Settings.mcp_commands", "Programs._commands", "Programs._running",
    "Block.inside",
    # one a person that uses a server with a state, so many at most; those that are being ended
    "Sessions._open", "Sessions._leaving", "Programs._ending",
    # of the judgements that are read at once
    "ByNow._known", "ByNow._back",
    # of one chat in the playground
    "KeptHere.places", "SharesHere._held", "SharesHere._done",
    "SecretBox._ciphers", "Surfaces._made", "Surfaces._dead", "Table._unreadable",
    # while a pause lasts: the numbers of the messages that wait for its end
    "Paused._kept", "Placing._queues", "Placing._queued",
    # as many as a platform brings in a time
    "_Sent.own",
    # of one message that came, of one part; heartbeats that were not answered, three at most
    "_Content.data", "Part.shown", "BotLink._beats",
    # codes that a channel declares
    "Codes.daily",
    "_Seen.refusals", "_Seen.kept", "Codes.blocking",
    # one a publication, and gone with it or with the process
    "AccountLink._links", "Sharing.told", "Sharing.surfaces", "Sharing._rests", "Leases._here",
    "Polling._attended", "Polling._looking", "Polling._gone", "Pairings._running", "Pairings._lost",
    "Pairing.settings", "Progress.settings", "OneJoining.trouble", "OneJoining.brought", "Joining.trouble",
    # one a consent, and gone when it is proved or over; one an application
    "Proving._next", "Consents._told", "Consents._next",
    # of one event that a platform tells; what an account is granted is what its owner keeps
    "Fresh.kept", "Tidings.kept", "Proof.kept", "Remembered.kept", "Remembered.trouble",
    # one a base, and gone with the process
    "Upkeep._settled", "Upkeep._running",
    # of one document, in the process that reads it and ends with it
    "Numbers._levels", "Numbers._counts", "Numbers._lists", "Styles._styles", "Furniture._seen",
    "Pictures._met",
    # while somebody waits; of one chat, by its own rule
    "SearchChild._listening", "KeptHere.notes", "KeptHere.values", "Abreast._running",
    # turns that run here, to which somebody at another instance listens; what is ours and not in our hands
    "Relaying._relays", "_Relay.listeners", "Instance._unknown",
    # agents that a command looks at, and ends; what one hour's people are, by its own rule; of one message
    "InStore._got", "PromptsInStore._got", "Crowd._few", "Came.facts",
    # who sends something large just now, gone once they are done
    "LargeBodies._senders",
    # of one sign-in, bounded as it is read
    "Came.claims",
    # publications that are not here yet, files of the home that could not be fetched: gone once they came
    "Instance._missing", "HomeMirror._missing",
    # by their own rule
    "Indexes._files", "Indexes._texts", "Service._bases",
    # as many as are prepared at most; locks that this process holds, or held when its connection went
    "Session._prepared", "Line._held", "Line._lost",
    # of one chat, by its own rule; of one agent, or of two that are compared or joined
    "KeptChat.turns", "Turn.usage", "Turn.tried", "Asker.variables", "Asker.tried", "Past.given",
    "Finding.about", "Laid.spots", "Laid.flows", "_Pen.marks", "_Merging.known",
    # of one file that is brought from elsewhere, bounded as it is read
    "Document.files", "Node.data", "_Woven.place", "_Woven.ways", "Made.outputs", "Made.ways",
    "Bringing.made", "Bringing.agent", "Bringing.bases", "Bringing.known",
    # of one run, one conversation; as many as ask at once; those of one day, the others go
    "Side.cases", "Masking._instead", "Masking._made", "Masking._given", "Masking._said", "Masking._used_up",
    "Masking.replaced", "Known._words",
    "Known._lengths", "Expressions.at_once", "_Look.names", "Spending._looks",
    # of one connection, as many as it may have at once; of one answer, while it is written
    "Talk._turns", "Talk._followed", "Talk._stops", "Talk._asked", "Job.written",
    # of those who are connected, gone when they are; as many keys as open at once
    "Connected._lines", "Connected._of", "WsApi._of", "EventsApi._open", "TokenKeys._opened",
    # one a table of ours
    "Unpacked.rows",
    # an action's arguments
    "Action.kinds",
    # models told apart; surfaces of the registry; of one request or step, bounded; of the environment
    "Metrics._models", "Incidents.open", "One.labels", "One.annotations", "Span.attributes",
    "Settings.traces_headers",
}  # fmt: skip
"""What objects keep in a dictionary or set of their own, and why it does not grow. Anything else: Newest."""


def test_whatever_else_grows_is_a_newest():
    files = [path for folder in ("runtime", "builder") for path in (ROOT / folder).rglob("*.py")]
    found = {
        name
        for path in files
        if "simulator" not in path.parts
        for name in kept(path.read_text(encoding="utf-8"))
    }
    assert found - BOUNDED == set()


def test_a_dictionary_that_is_kept_would_be_found():
    source = "class A:\n  b: set[str] = field(default_factory=set)\n  def __init__(self):\n    self.c = {}"
    assert set(kept(source)) == {"A.b", "A.c"}


def kept(source):
    for holder in statements(ast.parse(source)):
        if not isinstance(holder, ast.ClassDef):
            continue
        for node in statements(holder):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and is_growing(node.value):
                place = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                if isinstance(place, ast.Attribute) and named(place.value) == "self":
                    yield f"{holder.name}.{place.attr}"
                elif node in holder.body:
                    yield f"{holder.name}.{named(place)}"


def is_growing(value):
    if isinstance(value, ast.Dict):
        return not value.keys
    if not isinstance(value, ast.Call):
        return False
    given = {keyword.arg: keyword.value for keyword in value.keywords}
    if named(value.func) == "field" and (made := given.get("default_factory")):
        return named(made) in MADE or (isinstance(made, ast.Lambda) and is_growing(made.body))
    return named(value.func) in MADE and "registry" not in given  # a counter of Prometheus


def named(node):
    if isinstance(node, ast.Subscript):
        return named(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
