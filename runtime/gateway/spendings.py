"""What turns take: counted once with their end, and who may take no more today.

A turn is bounded by what its person, its agent, its API key, whose that is, and all together may take of the
day; what a user tries out, by what that one may take, with all their keys. What it takes is known at its end,
and kept with it in one step (store.messages.finishing), so it counts once over a crash and among several
instances. More than that is taken only by what runs at the same time: see abreast.py for one instance; others
are known to each other at the latest after FRESH seconds, near the end after CLOSE.
"""

import contextlib
import functools
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace

from runtime.agents.agent import Agent
from runtime.caps import ALL, Cap, Sum, Today
from runtime.errors import ModelFailed, StoreFailed
from runtime.gateway.abreast import Abreast, Bound
from runtime.gateway.job import Job
from runtime.lang import NOTHING, Text
from runtime.models.budgets import (
    OURS,
    Budgets,
    Cut,
    Kind,
    Purse,
    Spent,
    day_of,
    seconds_left,
)
from runtime.store.messages.spending import PeopleToday, Spending, person_key
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
"""Seconds after which it is read again what other processes counted…"""
CLOSE = 1.0
"""…and where less is left than NEAR of what bounds a turn."""
NEAR = 0.2
READINGS = 3
"""Of one sum, while turns end that count in it."""
COUNTED: Sequence[Kind] = ("model", "agent", "user", "all")
"""What is read again for all."""

PERSON = Text("这个人今天的额度用完了。", "This person's budget of today is used up.")
EVERYBODY = Text("这个智能体今天的额度用完了。", "This agent's budget of today is used up.")
USER = Text(
    "您今天的额度用完了：您的全部 API 密钥和试用合在一起算。明天再来，或请管用量的人调高。",
    "Your limit of today is used up: all your API keys and what you try out count together. Come again "
    "tomorrow, or ask whoever looks after limits for more.",
)
KEY = Text("这个 API 密钥今天的额度用完了。", "This API key's budget of today is used up.")
INSTALLATION = Text("所有智能体今天的额度用完了。", "The budget of today of all agents is used up.")


class Spendings:
    def __init__(self, store: Spending, budgets: Budgets, clock: Callable[[], float]) -> None:
        """`clock`: seconds since 1970."""
        self._store, self._budgets, self._clock = store, budgets, clock
        self._read_at = float("-inf")
        store.counted = lambda: budgets.counted
        self._abreast = Abreast()
        self.cap_of_key: Callable[[str], Cap] = lambda name: Cap()
        """What an API key may take, by the name that its conversations begin with…"""
        self.user_of_key: Callable[[str], str] = lambda name: ""
        """…whose it is, "" where it is nobody's, also of one that was revoked…"""
        self.cap_of_user: Callable[[str], Cap] = lambda user: Cap()
        """…and what that one may take by all their keys together, and by trying out."""
        self.paid: Callable[[Sequence[Took]], object] = list
        """Told what models took, once it is kept."""
        self.took: Callable[[Bound, float], None] = lambda bound, before: None
        """Told of what was counted: `before`, the share that had been taken."""

    def today(self) -> str:
        """The owner's, as 2026-11-29."""
        return day_of(self._clock(), self._budgets.zone())

    async def load(self) -> None:
        """Everything that counts today, as it is kept. Raises StoreFailed."""
        await self._read((*COUNTED, "person", "key"))
        await self._store.forget(day_of(self._clock() - KEPT))

    @contextlib.asynccontextmanager
    async def open(self, job: Job) -> AsyncIterator[None]:
        """What is asked within, in this task, is spent for whoever wrote that."""
        await self.fresh(min((bound.left() for bound, _ in self._bounds(job)), default=1.0))
        await self._fresh_person(job)
        fresh = functools.partial(self._fresh_one, "user", self._user(job), self.today())
        async with self._abreast.turn([bound for bound, _ in self._bounds(job)], fresh):
            OURS.set(self.purse(job))
            yield

    @contextlib.asynccontextmanager
    async def trying(self, user: str, *, long: bool = False) -> AsyncIterator[None]:
        """What is asked within, in this task, is spent for that user; "": for nobody. `long`: it is the work
        of many turns, each of which is to be counted. Raises ModelFailed where their day is used up."""
        bound = self._of_user(user, self.today()) if user else None
        if bound is None or bound.cap.any is None:
            yield
            return
        await self.fresh(bound.left())
        fresh = functools.partial(self._fresh_one, "user", user, self.today())
        async with self._abreast.turn([] if long else [bound], fresh):
            by_now = functools.partial(_why, bound)
            if (why := by_now()) is not NOTHING:
                raise ModelFailed(why, code="budget")
            before = OURS.set(Purse(bound.left(), by_now=by_now))
            try:
                yield
            finally:
                OURS.reset(before)

    async def fresh(self, left: float = 1.0) -> None:
        """What other processes counted meanwhile, by model and agent. `left`: of what bounds whoever asks."""
        patience = CLOSE if left < NEAR and self._store.is_shared else FRESH
        if time.monotonic() - self._read_at > patience:
            try:
                await self._read(COUNTED)
            except StoreFailed as e:
                log.warning("what was spent is not read again: %s", e.text.en)

    async def people(self) -> PeopleToday:
        """Who took what today, of all instances. Raises StoreFailed."""
        await self.fresh()
        return await self._store.people(self.today())

    async def of_key(self, key: str) -> Today:
        """What an API key took today, at whatever instance."""
        return await self._today("key", key)

    async def of_user(self, user: str) -> Today:
        """What all keys of one user took, and what they tried out."""
        return await self._today("user", user)

    async def _today(self, kind: Kind, name: str) -> Today:
        day = self.today()
        await self._fresh_one(kind, name, day)
        left = seconds_left(self._clock(), self._budgets.zone())
        return Today(replace(self._budgets.spent(kind, name, day)), left)

    async def _fresh_person(self, job: Job) -> None:
        await self._fresh_one("person", _person(job), day_of(self._clock(), job.surface.agent.timezone))

    async def _fresh_one(self, kind: Kind, name: str, day: str) -> None:
        """What that one took at other instances, where there may be any."""
        if not (self._store.is_shared and name):
            return
        try:
            for _ in range(READINGS):
                found, counted = await self._store.find(kind, name, day)
                if self._budgets.load([Spent(*row) for row in found], counted):  # type: ignore[arg-type] # by kind
                    return
        except StoreFailed as e:
            log.warning("what a %s spent elsewhere is not read: %s", kind, e.text.en)

    def purse(self, job: Job) -> Purse:
        """What whoever wrote may still spend, and everybody who writes to that agent."""
        bounds = self._bounds(job)
        shares = [(bound.left(), text) for bound, text in bounds]
        left, text = min(shares, key=lambda share: share[0])
        full = any(bound.cap.used_up(bound.spent()) == "messages" for bound, _ in bounds)
        return Purse(left, NOTHING if left > 0 else text, job.seq, full=full)

    def _bounds(self, job: Job) -> list[tuple[Bound, Text]]:
        """Those that it has, and what is said once one is used up."""
        agent, today = job.surface.agent, self.today()
        limits, day = agent.limits, day_of(self._clock(), agent.timezone)

        def bound(kind: Kind, name: str, when: str, cap: Cap, like: str = agent.id) -> Bound:
            return Bound(kind, name, like, cap, lambda: self._budgets.spent(kind, name, when))

        person = Cap(limits.messages_per_day, limits.tokens_per_day, limits.money_per_day)
        every = Cap(limits.all_messages_per_day, limits.all_tokens_per_day, limits.all_money_per_day)
        found = [(bound("person", _person(job), day, person), PERSON)]
        found += [(bound("agent", agent.id, day, every), EVERYBODY)]
        if key := _key(job):
            found.append((bound("key", key, today, self.cap_of_key(key), key), KEY))
            if user := self.user_of_key(key):
                found.append((self._of_user(user, today), USER))
        found.append((bound("all", ALL, today, self._budgets.cap_of_all()), INSTALLATION))
        return [(one, text) for one, text in found if one.cap.any]

    def _user(self, job: Job) -> str:
        """Whose key it came by."""
        key = _key(job)
        return self.user_of_key(key) if key else ""

    def _of_user(self, user: str, day: str) -> Bound:
        sums = functools.partial(self._budgets.spent, "user", user, day)
        return Bound("user", user, user, self.cap_of_user(user), sums)

    def rows(self, job: Job) -> list[Spent]:
        """What its turn took, to be kept with its end. One that was refused is no message of the day."""
        took, purse = [*job.paid, *OURS.get().cut], OURS.get()
        messages = 0 if job.message.unasked or purse.empty is not NOTHING else 1
        whose: dict[Kind, str] = {"person": _person(job), "key": _key(job), "user": self._user(job)}
        rows = spent_by(job.surface.agent, took, self._clock(), self._budgets.zone(), whose, messages)
        for bound, _ in self._bounds(job) if purse.empty is NOTHING else ():
            its = [_sum_of(row) for row in rows if row.kind == bound.kind]
            self._abreast.took(bound.usual, max((bound.cap.share(one) for one in its), default=0.0))
        return rows

    def count(self, job: Job, rows: Sequence[Spent]) -> None:
        """They are kept."""
        before = [(bound, bound.cap.share(bound.spent())) for bound, _ in self._bounds(job)]
        self._budgets.add(rows)
        self.paid([*job.paid, *OURS.get().cut])
        for bound, share in before:
            self.took(bound, share)

    async def count_talk(self, agent: Agent, paid: Sequence[Paid], user: str = "", messages: int = 0) -> None:
        """What was tried out, and is no message but to the user who did. Raises StoreFailed."""
        rows = spent_by(agent, paid, self._clock(), self._budgets.zone())
        if not user or not (rows or messages):
            await self._store.add(rows)
            self.paid(paid)
            return self._budgets.add(rows)
        mine = _sum("user", user, self.today(), paid, messages)
        bound = self._of_user(user, mine.day)
        self._abreast.took(bound.usual, bound.cap.share(_sum_of(mine)))
        await self._store.add([*rows, mine])
        self.paid(paid)
        before = bound.cap.share(bound.spent())
        self._budgets.add([*rows, mine])
        return self.took(bound, before)

    async def _read(self, kinds: Sequence[Kind]) -> None:
        self._read_at, counted = time.monotonic(), self._budgets.counted
        found = await self._store.since(day_of(self._clock() - BEFORE), kinds)
        self._budgets.load([Spent(*row) for row in found], counted)  # type: ignore[arg-type] # by kind


def _person(job: Job) -> str:
    """Whose budget it is: a program names its people, each of whom may have many conversations with it."""
    message = job.message
    named = message.who.get("id", "")
    sender = f"{message.sender.partition(':')[0]} user {named}" if named else message.sender
    return person_key(job.surface.id, sender)


def _key(job: Job) -> str:
    """The API key by which it came, as it is counted; "": by none."""
    return job.message.sender.partition(":")[0] if type(job.surface.channel).by_key else ""


def spent_by(
    agent: Agent,
    paid: Sequence[Took],
    now: float,
    zone: str,
    whose: dict[Kind, str] | None = None,
    messages: int = 0,
) -> list[Spent]:
    """By model, key, user and all on the owner's day; by agent and person on the agent's. Nothing where there
    was nothing. `now`: seconds since 1970; `whose`: the names of person, key and user, "" for none."""
    models: dict[str, list[Took]] = {}
    for one in paid:
        if one.prompt_tokens or one.completion_tokens or one.cost:
            models.setdefault(one.model, []).append(one)
    today, day = day_of(now, zone), day_of(now, agent.timezone)
    rows = [_sum("model", name, today, its, 0) for name, its in models.items()]
    every = [one for its in models.values() for one in its]
    if every or messages:
        rows += [_sum("agent", agent.id, day, every, messages), _sum("all", ALL, today, every, messages)]
        for kind, name in (whose or {}).items():
            rows += [_sum(kind, name, day if kind == "person" else today, every, messages)] if name else []
    return rows


def _sum(kind: Kind, name: str, day: str, paid: Sequence[Took], messages: int) -> Spent:
    cost = sum(one.cost or 0.0 for one in paid)
    unpriced = _tokens(one for one in paid if one.cost is None)
    return Spent(kind, name, day, _tokens(paid), cost if math.isfinite(cost) else 0.0, unpriced, messages)


def _why(bound: Bound) -> Text:
    """Why that user may ask no more; NOTHING while they may."""
    return USER if bound.cap.used_up(bound.spent()) else NOTHING


def _sum_of(row: Spent) -> Sum:
    return Sum(row.tokens, row.cost, row.unpriced, row.messages)


def _tokens(paid: Iterable[Took]) -> int:
    """No more than a database takes, whatever was said of them: what cannot be counted hides no answer."""
    return min(sum(one.prompt_tokens + one.completion_tokens for one in paid), MOST_TOKENS)
