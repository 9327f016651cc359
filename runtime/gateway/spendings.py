"""What turns spend: counted once with their end, and who may spend no more today."""

import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from runtime.agents.agent import Agent
from runtime.errors import StoreFailed
from runtime.gateway.abreast import Abreast, Bound
from runtime.gateway.job import Job
from runtime.lang import NOTHING, Text
from runtime.models.budgets import OURS, Budgets, Cut, Kind, Purse, Spent, Sum, day_of, share_left
from runtime.store.messages.spending import Spending, person_key
from runtime.turn.events import Paid

Took = Paid | Cut

log = logging.getLogger(__name__)

BEFORE = 2 * 86_400
"""Seconds before now in which a day begins that is today somewhere."""
KEPT = 40 * 86_400
"""Seconds; then a day's sums are forgotten."""
MOST_TOKENS = 10**12
"""Of a turn."""
FRESH = 15.0
"""Seconds after which it is read again what other processes counted."""

PERSON = Text("这个人今天的额度用完了。", "This person's budget of today is used up.")
EVERYBODY = Text("这个智能体今天的额度用完了。", "This agent's budget of today is used up.")


class Spendings:
    def __init__(self, store: Spending, budgets: Budgets, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970."""
        self._store, self._budgets, self._clock = store, budgets, clock
        self._read_at = float("-inf")
        self._abreast = Abreast()

    async def load(self) -> None:
        """Everything that counts today, as it is kept. Raises StoreFailed."""
        await self._read(("model", "agent", "person"))
        await self._store.forget(day_of(self._clock() - KEPT))

    @contextlib.asynccontextmanager
    async def open(self, job: Job) -> AsyncIterator[None]:
        """What is asked within, in this task, is spent for whoever wrote that."""
        await self.fresh()
        await self._fresh_person(job)
        async with self._abreast.turn([bound for bound, _ in self._bounds(job)]):
            OURS.set(self.purse(job))
            yield

    async def fresh(self) -> None:
        """What other processes counted meanwhile, by model and agent."""
        if time.monotonic() - self._read_at > FRESH:
            try:
                await self._read(("model", "agent"))
            except StoreFailed as e:
                log.warning("what was spent is not read again: %s", e.text.en)

    async def _fresh_person(self, job: Job) -> None:
        """What this one spent at other instances, where there may be any."""
        limits, agent = job.surface.agent.limits, job.surface.agent
        if not self._store.is_shared or (limits.tokens_per_day is None and limits.money_per_day is None):
            return
        try:
            found = await self._store.find("person", _person(job), day_of(self._clock(), agent.timezone))
        except StoreFailed as e:
            log.warning("what a person spent elsewhere is not read: %s", e.text.en)
        else:
            self._budgets.load(Spent(*row) for row in found)  # type: ignore[arg-type] # asked for by kind

    def purse(self, job: Job) -> Purse:
        """What whoever wrote may still spend, and everybody who writes to that agent."""
        shares = [(bound.left(), text) for bound, text in self._bounds(job)]
        left, text = min(shares, key=lambda share: share[0])
        return Purse(left, NOTHING if left > 0 else text, job.seq)

    def _bounds(self, job: Job) -> list[tuple[Bound, Text]]:
        """Those that its agent has, and what is said once one is used up."""
        agent = job.surface.agent
        limits, day = agent.limits, day_of(self._clock(), agent.timezone)

        def bound(kind: Kind, name: str, tokens: int | None, money: float | None) -> Bound:
            def share(spent: Sum) -> float:
                return 1 - share_left(spent, tokens, money)

            return Bound(kind, name, agent.id, share, lambda: 1 - share(self._budgets.spent(kind, name, day)))

        own = (bound("person", _person(job), limits.tokens_per_day, limits.money_per_day), PERSON)
        if limits.all_tokens_per_day is None and limits.all_money_per_day is None:
            return [own]
        every = bound("agent", agent.id, limits.all_tokens_per_day, limits.all_money_per_day)
        return [own, (every, EVERYBODY)]

    def rows(self, job: Job) -> list[Spent]:
        """What its turn took, to be kept with its end."""
        took = [*job.paid, *OURS.get().cut]
        rows = spent_by(job.surface.agent, _person(job), took, self._clock())
        for bound, _ in self._bounds(job):
            its = [Sum(row.tokens, row.cost) for row in rows if row.kind == bound.kind]
            self._abreast.took(bound.usual, max((bound.share(one) for one in its), default=0.0))
        return rows

    def count(self, rows: Sequence[Spent]) -> None:
        """They are kept."""
        self._budgets.add(rows)

    async def count_talk(self, agent: Agent, paid: Sequence[Paid]) -> None:
        """What was tried out, and is no message. Raises StoreFailed."""
        rows = spent_by(agent, "", paid, self._clock())
        await self._store.add(rows)
        self._budgets.add(rows)

    async def _read(self, kinds: Sequence[Kind]) -> None:
        self._read_at = time.monotonic()
        found = await self._store.since(day_of(self._clock() - BEFORE), kinds)
        self._budgets.load(Spent(*row) for row in found)  # type: ignore[arg-type] # asked for by kind


def _person(job: Job) -> str:
    """Whose budget it is: a program names its people, each of whom may have many conversations with it."""
    message = job.message
    named = message.who.get("id", "")
    sender = f"{message.sender.partition(':')[0]} user {named}" if named else message.sender
    return person_key(job.surface.id, sender)


def spent_by(agent: Agent, person: str, paid: Sequence[Took], now: float) -> list[Spent]:
    """By model; by agent and person on its day. Nothing where nothing was spent."""
    models: dict[str, list[Took]] = {}
    for one in paid:
        if one.prompt_tokens or one.completion_tokens or one.cost:
            models.setdefault(one.model, []).append(one)
    rows = [_sum("model", name, day_of(now), its) for name, its in models.items()]
    every = [one for its in models.values() for one in its]
    if every:
        day = day_of(now, agent.timezone)
        rows.append(_sum("agent", agent.id, day, every))
        rows += [_sum("person", person, day, every)] if person else []
    return rows


def _sum(kind: Kind, name: str, day: str, paid: Sequence[Took]) -> Spent:
    cost = sum(one.cost or 0.0 for one in paid)
    unpriced = _tokens(one for one in paid if one.cost is None)
    return Spent(kind, name, day, _tokens(paid), cost if math.isfinite(cost) else 0.0, unpriced)


def _tokens(paid: Iterable[Took]) -> int:
    """No more than a database takes, whatever was said of them: what cannot be counted hides no answer."""
    return min(sum(one.prompt_tokens + one.completion_tokens for one in paid), MOST_TOKENS)
