"""What operators do for people who wait for one: take, answer, note, hand back. Late tickets are told of."""

import asyncio
import logging
import secrets
from collections.abc import Callable

from runtime.crash import crashpoint
from runtime.errors import Conflict, HongyanError, Invalid, NotFound
from runtime.gateway.context import Context
from runtime.gateway.drafting import Drafting
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.gateway.unasked import came_to
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.states import TicketState
from runtime.store.messages.tickets import LONGEST, LineKind, Outcome, Standing, Ticket
from runtime.turn.turn import Services

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks at what is late, and at what another process said to somebody."""
GONE = Text(
    "没有这个工单，或这个人已经找不到了。", "There is no such ticket, or nobody to write to any more."
)
OTHERS = Text(
    "这个工单不在您手里：可能别人已经接了，或它已经结束。请刷新。",
    "This ticket is not yours: somebody else may have it, or it is over. Refresh the page.",
)
NO_WAY = Text("这个渠道收不到主动发的消息。", "Nothing can be brought to people on this channel.")
NOTHING_ASKED = Text("这个人没有写过可以回答的话。", "This person wrote nothing that could be answered.")
EMPTY = Text("要写 1–{most} 个字。", "Write 1–{most} characters.").fill(most=LONGEST)
LATE = Text(
    "工单 {id} 超过了处理时间：{reason}。请到「洞察 → 工单」处理。",
    "Ticket {id} is overdue: {reason}. See Insights → Tickets.",
)
NO_REASON = Text("没有写原因", "no reason given")


class Operating:
    """`by`: the operator. Raises NotFound, Conflict, Invalid, StoreFailed."""

    def __init__(
        self, context: Context, worker: Worker, services: Services, alert: Callable[[str, Text], None]
    ) -> None:
        """`alert`: tells the owner something of a publication."""
        self._messages = context.messages
        self._tickets = context.messages.tickets
        self._surfaces = context.surfaces
        self._metrics = context.metrics
        self._alert, self._vanishing = alert, context.vanishing
        self._clock = context.clock
        self._worker = worker
        self._drafting = Drafting(context.messages, services)

    async def take(self, id: int, by: str) -> None:
        """From now on the agent says nothing to the person. Of several operators one gets it."""
        self._surface((await self._ticket(id)).publication)
        outcome, withdrawn = await self._tickets.take(id, by, self._clock())
        checked(outcome)
        self._worker.withdraw(withdrawn)
        self._metrics.ticket_deeds.labels("taken").inc()

    async def reach(self, seq: int, by: str) -> int:
        """Take whoever wrote that message, also where nobody asked for an operator: the ticket's number."""
        lane = await self._messages.lane_of(seq)
        surface = self._surface(lane[0] if lane else "")
        agent = surface.agent.id
        outcome, id, withdrawn = await self._tickets.reach(seq, agent, by, self._clock())
        if outcome == "gone":
            raise NotFound(NOTHING_ASKED)
        checked(outcome)
        self._worker.withdraw(withdrawn)
        self._metrics.ticket_deeds.labels("taken").inc()
        return id

    async def say(self, id: int, by: str, text: str, key: str = "") -> int:
        """Bring it to the person, like an answer; the number of the message that it answers.

        With the same key it is said once.
        """
        if not 0 < len(text.strip()) <= LONGEST:
            raise Invalid(EMPTY, field="text")
        ticket = await self._ticket(id)
        surface = self._surface(ticket.publication)
        parts = surface.channel.own_parts(text)
        key = key or secrets.token_hex(16)
        outcome, seq = await self._tickets.say(id, by, text, parts, key, self._clock())
        checked(outcome)
        crashpoint("said_by_hand")
        if outcome == "done":
            self._metrics.ticket_deeds.labels("said").inc()
            _, message = await self._newest(ticket)
            self._worker.put(Job(seq, surface, message, stored=True, acknowledged=True))
            await self._vanishing.say(came_to(ticket.publication, ticket.sender), b"")
        return seq

    async def note(self, id: int, by: str, text: str) -> None:
        """For operators alone."""
        if not 0 < len(text.strip()) <= LONGEST:
            raise Invalid(EMPTY, field="text")
        if not await self._tickets.note(id, by, text, self._clock()):
            raise NotFound(GONE)

    async def hand_back(self, id: int, by: str) -> None:
        """The agent answers what they write next; the ticket is done."""
        await self._move(id, by, "done", "handed_back")

    async def wait(self, id: int, by: str) -> None:
        """Something else is waited for, and the agent answers meanwhile."""
        await self._move(id, by, "waiting", "waiting")

    async def reopen(self, id: int, by: str) -> None:
        await self._move(id, by, "open", "reopened")

    async def set_due(self, id: int, by: str, due: float | None) -> None:
        """Seconds since 1970; None: no time."""
        if not await self._tickets.set_due(id, by, due, self._clock()):
            raise NotFound(GONE)

    async def draft(self, id: int, by: str, typed: str = "") -> str:
        """What the agent would say to what they wrote last, below what the operator typed; it is kept with
        the ticket and sent by nobody."""
        ticket = await self._ticket(id)
        surface = self._surface(ticket.publication)
        seq, message = await self._newest(ticket)
        text = await self._drafting.drafted(surface, message, seq)
        text = f"{typed.rstrip()}\n\n{text}"[:LONGEST] if typed.strip() else text
        await self._tickets.draft(id, text)
        return text

    async def watch(self) -> None:
        """Tell the owner of what is late, once; bring what was said beside us; count who waits."""
        while True:
            try:
                waits = await self._tickets.standing(self._clock())
                self._count(waits)
                if waits.late:
                    await self._tell_late()
                await self._take_up()
            except HongyanError as e:  # a disk that refuses for a while
                log.error("tickets cannot be looked at: %s", e.text.en)
            await asyncio.sleep(LOOK)

    async def _tell_late(self) -> None:
        for one in await self._tickets.overdue(self._clock()):
            reason = one.reason or NO_REASON
            self._alert(one.publication, LATE.fill(id=one.id, reason=reason))

    async def _take_up(self) -> None:
        """What another process said to somebody."""
        for publication, seq, message in await self._tickets.unsent():
            surface = self._surfaces.find(publication)
            if surface is not None and self._worker.find(seq) is None:
                self._worker.put(Job(seq, surface, message, stored=True, acknowledged=True))

    def _count(self, waits: Standing) -> None:
        for name, value in waits._asdict().items():
            self._metrics.tickets.labels(name).set(value)

    async def _move(self, id: int, by: str, state: TicketState, kind: LineKind) -> None:
        checked(await self._tickets.move(id, by, state, kind, self._clock()))
        self._metrics.ticket_deeds.labels(kind).inc()

    async def _ticket(self, id: int) -> Ticket:
        if (found := await self._tickets.find(id)) is None:
            raise NotFound(GONE)
        return found

    def _surface(self, publication: str) -> Surface:
        surface = self._surfaces.find(publication)
        if surface is None:
            raise NotFound(GONE)
        if not surface.is_for_people:
            raise Conflict(NO_WAY)
        return surface

    async def _newest(self, ticket: Ticket) -> tuple[int, Message]:
        if (found := await self._tickets.newest(ticket)) is None:
            raise NotFound(GONE)
        return found


def checked(outcome: Outcome) -> None:
    """Raises NotFound, Conflict."""
    if outcome == "gone":
        raise NotFound(GONE)
    if outcome == "other":
        raise Conflict(OTHERS)
