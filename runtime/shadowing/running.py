"""Which messages a version answers beside the one that people get, and how much of it there may be.

What is done for it never holds up an answer: it is told of turns that are over, has a short queue of its own
that lets go what does not fit, few turns at once, and a budget of which it takes no more than half of what
the owner set for everything. Its failures count for no model that people wait for.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Protocol

from runtime.errors import HongyanError
from runtime.gateway.canaries import place_of
from runtime.gateway.gateway import Gateway
from runtime.gateway.job import Job
from runtime.gateway.pinned import Pinned
from runtime.gateway.spendings import spent_by
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.models.budgets import Spent
from runtime.models.prices import in_dollars
from runtime.newest import Newest
from runtime.shadowing.turn import Beside, Heard, beside
from runtime.store.control.shadows import Shadow, Shadows
from runtime.store.messages.messages import Outcome
from runtime.store.messages.shadowed import Pair, begin, found, keep
from runtime.store.messages.spending import Spending
from runtime.turn.turn import Services

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Turns."""
WAITING = 20
"""Messages; what comes then is let go."""
A_DAY = 2_000
"""Messages of a publication, also where nothing has a price."""
RESERVED = 0.5
"""Of each budget of the owner's, for people."""
DEAD = 5
"""The newest ones in a row that the program's end cut off: it is taken for the cause."""
SILENT = 60.0
"""Seconds after which one that has not ended, when the program began anew, is one of them."""
KNOWN = 100
"""Shadows that this process began with."""
CLASS = "shadow"
"""As what it took is counted."""
BUG = "bug"
Came = Literal["same", "otherwise", "unjudged", "failed", "dropped", "budget"]
"""What became of a message: the answers come to the same, or not; nobody can tell; there is none; it did not
fit into the queue; there is nothing left to spend."""
NO_ANSWER = ("unwanted", "budget")
"""Failures that no version is to blame for."""
GONE = Text(
    "影子 v{version} 读不出来了（{why}），已停止；人们的回答不受影响。",
    "The shadow v{version} can no longer be read ({why}) and was stopped; people's answers are not touched.",
)
CUT = Text(
    "影子 v{version} 运行时程序连续中断了 {times} 次，已停止；人们的回答不受影响。",
    "The program died {times} times in a row while the shadow v{version} ran, so that was stopped; people's "
    "answers are not touched.",
)


class Kept(Protocol):
    """The control store."""

    @property
    def shadows(self) -> Shadows: ...


class Shadowing:
    """`services`: with models whose failures count for nobody else. `alert` tells the owner something of a
    publication."""

    def __init__(
        self,
        gateway: Gateway,
        services: Services,
        control: Kept,
        alert: Callable[[str, Text], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._gateway, self._services, self._shadows = gateway, services, control.shadows
        self._alert, self._clock, self._pinned = alert, clock, Pinned(gateway.surfaces)
        self._database = gateway.messages.database
        self._spending = Spending(self._database)
        self._queue = asyncio.Queue[Heard](WAITING)
        self._came = gateway.metrics.shadows
        self._begun = Newest[tuple[str, int, float], None](KNOWN)

    def ended(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Told of each turn that is over. Never waits, and never raises."""
        try:
            if self._is_for(job, outcome):
                self._queue.put_nowait(Heard(job, outcome, seconds))
        except asyncio.QueueFull:
            self._count("dropped")
        except Exception:  # whatever it is, the answer is on its way
            log.exception("message %s is not answered by the shadow", job.seq)

    async def run(self) -> None:
        """For as long as the gateway runs."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            heard = await self._queue.get()
            try:
                await self._one(heard)
            except HongyanError as e:
                log.warning("message %s is not answered by the shadow: %s", heard.job.seq, e.text.en)
            except Exception:  # a bug of ours must not end what comes after it
                log.exception("message %s is not answered by the shadow", heard.job.seq)

    def _is_for(self, job: Job, outcome: Outcome) -> bool:
        """Whether it is a turn of the flow, that began with what a person wrote, by the version for all."""
        message = job.message
        if message.kind in ("event", "start") or message.unasked or job.goes_on or job.stopped:
            return False
        if job.surface.pinned is not None or outcome.aside or outcome.failure in NO_ANSWER:
            return False
        if not (outcome.reply or outcome.failure or outcome.wait):
            return False  # the agent only listens there
        shadow = self._find(job.surface)
        return shadow is not None and place_of(shadow.salt, "\n".join(job.lane)) < shadow.share

    def _find(self, surface: Surface) -> Shadow | None:
        shadow = self._shadows.find(surface.id)
        return shadow if shadow and shadow.version != surface.publication.version else None

    async def _one(self, heard: Heard) -> None:
        job = heard.job
        shadow = self._find(job.surface)
        if shadow is None:  # stopped meanwhile
            return
        surface = await self._read(job.surface, shadow)
        if surface is None or not await self._may_spend(shadow):
            return
        now = self._clock()
        if not await begin(self._database, job.seq, shadow.version, now):
            return
        try:
            came = await beside(self._gateway, self._services, heard, surface)
        except HongyanError:
            raise
        except Exception:  # a version that does what nobody thought of has failed
            log.exception("the shadow v%s of %s failed", shadow.version, surface.id)
            failed = Pair(job.seq, live_seconds=round(heard.seconds, 3), live_failure=heard.outcome.failure)
            came = Beside(replace(failed, failure=BUG), ())
        await keep(self._database, came.pair, shadow.version, now)
        await self._spent(job.surface, came)
        pair = came.pair
        told: Came = "unjudged" if pair.alike is None else "same" if pair.alike else "otherwise"
        self._count("failed" if pair.failure else told)

    async def _read(self, surface: Surface, shadow: Shadow) -> Surface | None:
        """None: it is over."""
        which = (surface.id, shadow.version, shadow.since)
        is_new = which not in self._begun
        self._begun[which] = None
        if is_new and await self._is_deadly(surface, shadow):
            self._end(surface, shadow, "cut_off", CUT.fill(version=shadow.version, times=DEAD))
            return None
        try:
            return self._pinned.to(surface, shadow.version)
        except HongyanError as e:
            why = e.text.bare()
        except Exception as e:  # a block of the owner's own may raise anything
            log.exception("the shadow v%s of %s cannot be made ready", shadow.version, surface.id)
            why = Text("{e}", "{e}").fill(e=type(e).__name__)
        self._end(surface, shadow, "gone", GONE.fill(version=shadow.version, why=why))
        return None

    async def _is_deadly(self, surface: Surface, shadow: Shadow) -> bool:
        """Asked once a process, since it is a process that dies of it."""
        which = (surface.id, shadow.version, shadow.since, self._clock(), SILENT)
        lately = (await self._database.read(lambda db: found(db, *which))).lately[:DEAD]
        return len(lately) == DEAD and not any(lately)

    def _end(self, surface: Surface, shadow: Shadow, why: Literal["gone", "cut_off"], says: Text) -> None:
        if self._shadows.end(surface.id, shadow.version, why, self._clock()):
            self._alert(surface.id, says)

    async def _may_spend(self, shadow: Shadow) -> bool:
        """Whether there is something left of the shadow's day, and enough of everybody's."""
        rows, _ = await self._spending.find(CLASS, shadow.id, self._gateway.spending.today())
        cost, messages = (rows[0][4], rows[0][6]) if rows else (0.0, 0)
        spent = cost >= in_dollars(shadow.yuan, "CNY") or messages >= A_DAY
        if spent or self._services.budgets.left() < RESERVED:
            self._count("budget")
            return False
        return True

    async def _spent(self, surface: Surface, came: Beside) -> None:
        """It is paid like all else, and is nobody's message: neither the person's nor the agent's day ends
        sooner."""
        spendings, budgets = self._gateway.spending, self._services.budgets
        rows = spent_by(surface.agent, came.paid, self._clock(), budgets.zone())
        rows = [one for one in rows if one.kind in ("model", "all")]
        own = next((one for one in rows if one.kind == "all"), Spent("all", "", "", 0, 0.0, 0))
        day = spendings.today()
        await self._spending.add([*rows, (CLASS, surface.id, day, own.tokens, own.cost, own.unpriced, 1)])
        budgets.add(rows)
        spendings.paid(came.paid)

    def _count(self, came: Came) -> None:
        self._came.labels(came).inc()
