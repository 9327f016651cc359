"""A message from callback to answer."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from runtime.channels import WebRequest, WebResponse
from runtime.crash import crashpoint
from runtime.errors import Conflict, NotFound
from runtime.gateway.alarm import Alarm
from runtime.gateway.allowance import Allowance
from runtime.gateway.asked import Asked
from runtime.gateway.attachments import Attachments
from runtime.gateway.background import Background, Watch
from runtime.gateway.blame import Blame
from runtime.gateway.consents import Consents
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.alerts import Alerts
from runtime.gateway.delivery.choosing import Choosing
from runtime.gateway.delivery.deciding import Deciding
from runtime.gateway.delivery.granting import Granting
from runtime.gateway.delivery.invitation import Invitation
from runtime.gateway.delivery.ladder import Delivery, always
from runtime.gateway.delivery.push import Push
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.showing import Http, Showing
from runtime.gateway.delivery.speaking import Speaking
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.fetching import Fetching
from runtime.gateway.following import Following
from runtime.gateway.handing_over import HandOver
from runtime.gateway.held import Held
from runtime.gateway.identifying import Identifying
from runtime.gateway.inspecting import Inspecting
from runtime.gateway.instance import Instance
from runtime.gateway.intake import Intake
from runtime.gateway.job import Job, Listens
from runtime.gateway.keeping import Keeping
from runtime.gateway.lease import Leases
from runtime.gateway.links import Links
from runtime.gateway.onlooker import Observer, Onlooker
from runtime.gateway.opening import Opening
from runtime.gateway.operating import Operating
from runtime.gateway.own_acts import OwnActs
from runtime.gateway.pairing import Pairings
from runtime.gateway.paused import Paused
from runtime.gateway.polling import Polling
from runtime.gateway.published import Publications
from runtime.gateway.registering import Registering
from runtime.gateway.relaying import Relaying
from runtime.gateway.released import Released
from runtime.gateway.resume import Resume
from runtime.gateway.room import Bounds, Room
from runtime.gateway.signing_in import SigningIn
from runtime.gateway.spendings import Spendings
from runtime.gateway.starts.beginning import Beginning
from runtime.gateway.surfaces import Surfaces
from runtime.gateway.sweeping import Upkeep
from runtime.gateway.taking_back import TakingBack
from runtime.gateway.turns import Turns
from runtime.gateway.voicing import Voicing
from runtime.gateway.waits import Waitings
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.metrics.metrics import Metrics
from runtime.network.platform_api import Outbound
from runtime.senses.senses import Senses
from runtime.store.database import Outside, unwatched
from runtime.store.messages.consents import Marks, unmarked
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.paces import Paces
from runtime.store.messages.sealed_files import SealedFiles
from runtime.store.messages.spending import Spending
from runtime.store.vanishing import Vanishing
from runtime.store.vanishing.memory import InMemory
from runtime.turn.turn import Services

log = logging.getLogger(__name__)

DRAIN = 10
"""Seconds that running turns get to end at a stop; messages are still taken, and answered after the start."""

USUAL = Bounds()


class Gateway:
    """Callbacks and API requests come in here; answers leave through the channels."""

    _is_started = False

    def __init__(
        self,
        folder: Path,
        publications: Publications,
        services: Services,
        doctor: Observer,
        hosts: Mapping[str, str],
        public_url: Callable[[], str] = str,
        alerts_to: Callable[[], str] = str,
        *,
        bounds: Bounds = USUAL,
        outbound: Outbound | None = None,
        clock: Callable[[], float] = time.time,
        outside: Outside = unwatched,
        senses: Senses | None = None,
        pictures: Http | None = None,
        vanishing: Vanishing | None = None,
        several: bool = True,
        marks: Marks = unmarked,
    ) -> None:
        """`alerts_to` is told of trouble; `outside`: see Database, `marks`: mark_of; `several`: one store."""
        self.metrics, self._clock, self._outbound = Metrics(), clock, outbound or Outbound()
        self.messages = Messages(folder / "messages.db", outside, marks)
        self.surfaces, self._background, self.more = Surfaces(publications), Background(), list[Watch]()
        self.senses, self._blame = senses, Blame(folder / "at-work")
        self.kept = kept = KeptMedia(folder / "media", SealedFiles(folder / "messages.db"))
        context = self._context(doctor, bounds, services, vanishing or InMemory())
        rates, grants = Rates(Paces(self.messages.database), clock), Granting(publications.grants, clock)
        self.sender = sender = Sender(self._outbound, Tokens(self.metrics), hosts, grants)
        self.abilities, invitation = Abilities(context, sender), Invitation(self.messages.pages, public_url)
        met = (Identifying(context, sender).soon, self.abilities.can_push, public_url, services.makes)
        self.keeping = keeping = Keeping(self.messages, kept.remove, kept.own, clock, *met)
        self.saying = saying = Saying(self.messages, self.surfaces, sender, rates, context.leases, clock)
        self.onlooker.alerts = Alerts(self.surfaces, saying, self._background, alerts_to)
        asks = (keeping, Opening(self.messages, senses), Speaking(saying, self.abilities))
        turns = Turns(context, services, self._blame.step, *asks, Inspecting(context, sender, services))
        showing = Showing(context, sender, kept, pictures or services.http)
        push = Push(context, self.abilities, sender, rates, invitation, showing)
        delivery = Delivery(context, self.abilities, sender, rates, push, invitation, showing)
        attachments, voicing = Attachments(context, sender, kept, senses), Voicing(context, showing, senses)
        self._worker = Worker(context, turns, delivery, showing, attachments, voicing, self._blame, saying)
        self._paused, self.alarm = Paused(context, self._worker), Alarm(clock)
        self._held, choosing = Held(context, self.abilities, self._worker), Choosing(context, sender)
        self.waits = Waitings(context, self.alarm, self._worker.put, self._worker.is_full)
        deciding, own = Deciding(context, self.waits, saying, choosing), (self._worker, self._paused)
        self._intake = Intake(context, *own, self.abilities, delivery, push, choosing, deciding)
        self._join(context, sender, publications, public_url)
        self._take_up(context, sender, several=several and self.messages.database.is_shared)
        self.operating = Operating(context, self._worker, services, self.onlooker.alert)
        self.starts = Beginning(context, self.abilities, self._worker, self.alarm, services.secrets)

    def _take_up(self, context: Context, sender: Sender, *, several: bool) -> None:
        """What goes on with messages that are there already."""
        self.messages.remembered.remove = self.kept.remove
        self.arms = TakingBack(context, self._worker.arms, self.alarm, self.onlooker.alert).arms
        self.queue_age, self.upkeep = self._worker.oldest, Upkeep(self.kept, self.messages, self._clock)
        self._resume = Resume(context, self._worker, self._paused)
        own = (self._worker, self._intake, self._resume, self.alarm, self._held.check)
        self._instance = Instance(context, *own) if several else None
        self._relaying = Relaying(self.vanishing, self._worker.find, self._background)
        if self._instance:
            self._intake.after_earlier = self._instance.after_earlier
        self.acts, self.begin = OwnActs(context, self._worker, self._intake), self._background.start
        self.stream = Following(context, self._intake, self._worker, self.vanishing).stream
        self._released = Released(context, self._worker, self._held.check)
        self._hand_over = HandOver(context, sender, self._worker)

    def _join(
        self, context: Context, sender: Sender, publications: Publications, public_url: Callable[[], str]
    ) -> None:
        """What keeps accounts joined to their platforms."""
        self._fetching = Fetching(context, sender, self._intake)
        self._links = Links(context, sender, self.abilities, self._intake)
        self.signing_in = SigningIn(context, sender)
        self._pairings = Pairings(context, sender, self.abilities, publications)
        self.consents = Consents(context, sender, self.abilities, publications, public_url)
        self._polling = Polling(context, sender, self._fetching, self._pairings.lost)
        self._registering = Registering(context, sender, public_url)

    def _context(self, doctor: Observer, bounds: Bounds, services: Services, vanishing: Vanishing) -> Context:
        self.onlooker = Onlooker(doctor)
        self.spending = Spendings(Spending(self.messages.database), services.budgets, self._clock)
        self.spending.paid = Asked(self.metrics).paid
        self._leases = Leases(self.messages.database, self._clock)
        own = (self.messages, self.surfaces, self.onlooker, self.metrics)
        self.vanishing, allowance, clock = vanishing, Allowance(vanishing), self._clock
        room, tasks, told = Room(bounds), self._background, self.onlooker.tell
        return Context(*own, room, allowance, self.spending, tasks, clock, self._leases, vanishing, told)

    async def start(self) -> None:
        """Take up what an earlier process left unfinished."""
        self._is_started = True
        await self.spending.load()
        asyncio.get_running_loop().set_default_executor(self._blame.threads())
        async with self._instance.beginning() if self._instance else contextlib.nullcontext():
            self._background.start(await self._resume.start(self._blame.open()))
        if self._instance:
            self._background.keep(self._relaying.watch)
        each = [self._held.watch, self._held.follow, self._polling.watch, self.upkeep.count, self.upkeep.seal]
        once = {"fetching": self._fetching.watch, "sweep": self.upkeep.sweep}
        each += [self._leases.by_one(*one) for one in once.items()] if self._instance else once.values()
        each += [self._hand_over.watch, self._hand_over.follow, self._paused.watch, self._released.watch]
        each += [self._pairings.watch, self.consents.watch, self._links.watch, self._leases.watch, *self.more]
        each += [self._registering.watch, self.signing_in.watch, self.messages.remembered.finish_erasing]
        for watch in (*each, self.operating.watch, self.saying.send, self.starts.hold, self.alarm.watch):
            self._background.keep(watch)

    def finish_erasing(self) -> None:
        """Beside whoever began it, and has its answer."""
        self._background.keep(self.messages.remembered.finish_erasing)

    async def wind_down(self) -> None:
        """Before a stop: take messages but begin no turn, and let those that run end. The rest is resumed."""
        if self._instance:
            self._instance.begin_to_leave()
        await self._worker.drain(DRAIN)

    async def stop(self) -> None:
        if not self._worker.draining:
            await self.wind_down()
        await self._polling.close()
        await self._background.end()
        if self._instance:
            await self._instance.leave()
        await self._outbound.close()
        await asyncio.to_thread(self.messages.close)

    def check(self) -> None:
        """Raises StoreFailed when the store that was opened is not there any more. Takes 5 µs."""
        self.messages.database.check()
        if self._instance:
            self._instance.check()

    def instances(self) -> int:
        """How many programs work on these messages, this one included; 0 where none but this one can."""
        return self._instance.living if self._instance else 0

    def tell_ends(self, ended: Callable[[Job, Outcome, float], None]) -> None:
        """`ended` is told of each turn that is over, with the seconds that it took; it never waits."""
        self._worker.ended.append(ended)

    def dead(self) -> Mapping[str, Text]:
        """Publications that cannot be read, and why."""
        return self.surfaces.dead()

    async def callback(
        self, publication: str, request: WebRequest, listens: Listens = always, account: str = ""
    ) -> WebResponse:
        """Answer one callback; with an `account`: of one that consented to the application of that id. Raises
        Refused when it is not authentic, NotFound if nothing is there."""
        began = time.monotonic()
        surface = self.surfaces.find(self.consents.applying.publication(publication, account))
        if surface is None and (
            response := await self.consents.applying.called(publication, request, account)
        ):
            return response
        if surface is None or surface.receiver is None:
            self.metrics.callbacks.labels("", "unknown").inc()
            raise NotFound(Text("没有这个发布。", "There is no such publication."))
        channel, arrivals = self._intake.receiving.receive(surface, surface.receiver, request)
        if response := await self._intake.at_once(surface, channel, arrivals):
            return response
        if arrivals.signal and surface.fetcher:
            for one in self._fetching.called(surface, arrivals.account):
                self._fetching.signal(one, arrivals.ticket)
        response = await self._intake.answered(surface, channel, arrivals, listens)
        self.metrics.ack_seconds.labels(surface.kind).observe(time.monotonic() - began)
        crashpoint("before_ack")
        return response

    async def again(self, seq: int) -> None:
        """Send a kept answer again, or run a failed message again, because the operator wants it.

        Raises NotFound, Conflict.
        """
        self._check_started()
        if self._worker.find(seq):
            raise Conflict(Text("这条消息正在处理。", "This message is being worked on."))
        publication = await self.messages.publication_of(seq)
        surface = self.surfaces.find(publication) if publication else None
        left = await self.messages.again(seq, self._clock()) if surface else None
        if left is None or surface is None:
            raise NotFound(
                Text("没有这条消息，或它的发布已经下线。", "No such message, or its publication is gone.")
            )
        self._worker.put(Job(seq, surface, left.message, stored=left.state == "answered"))

    def _check_started(self) -> None:
        if not self._is_started:
            raise Conflict(
                Text(
                    "消息由另一个进程处理，请在那里重发。",
                    "Another process works on messages; send it again there.",
                )
            )

    async def give_back(self, seq: int) -> None:
        """The agent answers whoever wrote that message again, and no human. Raises NotFound, Conflict."""
        self._check_started()
        found = await self.messages.lane_of(seq)
        if found is None:
            raise NotFound(Text("没有这条消息。", "No such message."))
        await self._hand_over.give_back(*found)
