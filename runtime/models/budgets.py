"""How much may be spent in a day, and what was: by model, agent, person, API key, user, and all together."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from runtime.caps import ALL, ZONE, Cap, Sum
from runtime.errors import ModelFailed, Wrong
from runtime.lang import NOTHING, Text, as_it_is
from runtime.models.prices import Amount, Currency, in_dollars
from runtime.newest import Newest
from runtime.schema import Strict
from runtime.time_zones import zone

Kind = Literal["model", "agent", "person", "key", "user", "all"]
MOST_KNOWN: dict[Kind, int] = {
    "model": 2_000,
    "agent": 2_000,
    "person": 100_000,
    "key": 10_000,
    "user": 5_000,
    "all": 100,
}
"""Sums that are held."""
LATELY = 2_000
"""Additions that are known one by one, for as long as a reading takes."""
Tokens = Annotated[int, Field(ge=1, le=1_000_000_000_000)]


class Budget(Strict):
    """Of a day. `id`: `endpoint/model`, an endpoint's name for all of its models, or "all"."""

    id: str = Field(pattern=r"^\S+$", max_length=200)
    messages: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    """Of everybody to all agents: a bound of "all" alone."""
    tokens: Tokens | None = None
    money: Amount | None = None
    currency: Currency = "USD"
    by: str = ""

    @model_validator(mode="after")
    def _bounds_something(self) -> "Budget":
        if self.messages is not None and self.id != ALL:
            raise Wrong(
                Text("只有 all（全部）能限制条数", "only all can have a number of messages"), "messages"
            )
        if self.cap.any is None:
            raise Wrong(Text("要填条数、token 或金额", "needs messages, tokens or money"), "tokens")
        return self

    @property
    def cap(self) -> Cap:
        money = None if self.money is None else in_dollars(self.money, self.currency)
        return Cap(self.messages, self.tokens, money)

    def holds(self, model: str) -> bool:
        """Whether what that model spends counts here."""
        return self.id in (ALL, model, model.partition("/")[0])

    def left(self, spent: "Sum") -> float:
        """The share that is left, 0 to 1."""
        return self.cap.left(spent)


class Spent(NamedTuple):
    """What one turn took: `day` as 2026-11-29; `cost` in US dollars of what has a price."""

    kind: Kind
    name: str
    day: str
    tokens: int
    cost: float
    unpriced: int
    """Tokens whose price nobody knows."""
    messages: int = 0
    """Of a person, agent, key or user, and of all: 1 where it is the turn of one."""


class Cut(NamedTuple):
    """What a model did for an answer that nobody waited for to its end, about: it is paid for all the same.

    `cost` in US dollars; None: nobody knows the price.
    """

    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


@dataclass(frozen=True)
class Purse:
    """Of whoever is answered now. `left`: the share of the least budget; `empty`: why no model is asked;
    `origin`: the number of their message, None where it is none; `cut`: what was cut off for them."""

    left: float = 1.0
    empty: Text = NOTHING
    origin: int | None = None
    cut: list[Cut] = field(default_factory=list)
    full: bool = False
    """Not even a turn that asks no model is run: it is the number of messages that is used up."""
    by_now: Callable[[], Text] = lambda: NOTHING
    """For work of many turns: why no model is asked any more, looked at each time."""


OURS: ContextVar[Purse] = ContextVar("purse", default=Purse())  # noqa: B039 # it is frozen
"""For the turn that runs in this context, and whatever it begins."""

USED_UP = Text(
    "「{model}」今天的预算（{budget}）用完了。可以到「模型」页调高，或加一个备用模型。",
    "Today's budget of {model} ({budget}) is used up. Raise it on the Models page, or add a fallback model.",
)
EVERYTHING = Text("全部模型", "all models")


def may_spend() -> None:
    """Raises ModelFailed when whoever is answered now has nothing left."""
    purse = OURS.get()
    if (empty := purse.empty if purse.empty is not NOTHING else purse.by_now()) is not NOTHING:
        raise ModelFailed(empty, code="budget")


def day_of(at: float, timezone: str = ZONE) -> str:
    """`at` in seconds since 1970."""
    return datetime.fromtimestamp(at, zone(timezone)).date().isoformat()


def seconds_left(at: float, timezone: str) -> float:
    """Until that day is over there. `at` in seconds since 1970."""
    there = zone(timezone)
    today = datetime.fromtimestamp(at, there).date()
    return datetime.combine(today + timedelta(days=1), time(), there).timestamp() - at


class Budgets:
    """What was spent on the days that still count, in memory; kept by runtime.store.messages.spending."""

    def __init__(
        self,
        budgets: Callable[[], Sequence[Budget]],
        clock: Callable[[], float],
        zone: Callable[[], str] = lambda: ZONE,
    ) -> None:
        """`clock`: seconds since 1970; `zone`: whose midnight begins a day."""
        self._budgets, self._clock, self.zone = budgets, clock, zone
        self._sums = {kind: Newest[tuple[str, str], Sum](most) for kind, most in MOST_KNOWN.items()}
        self._lately = deque[tuple[int, Spent]](maxlen=LATELY)
        self.counted = 0
        """How often something was added."""

    def load(self, rows: Iterable[Spent], counted: int | None = None) -> bool:
        """As they are kept. `counted`: as it was when they were begun to be read, so that what was kept
        meanwhile is not lost. Whether that is exact: what was kept meanwhile may count twice now."""
        found = {(row.kind, row.name, row.day): row for row in rows}
        for kind, name, day, tokens, cost, unpriced, messages in found.values():
            self._sums[kind][name, day] = Sum(tokens, cost, unpriced, messages)
        since, is_exact = self.counted if counted is None else counted, True
        for number, row in reversed(self._lately):
            if number <= since:
                break
            if (row.kind, row.name, row.day) in found:
                self._plus(row)
                is_exact = False
        return is_exact

    def add(self, rows: Iterable[Spent]) -> None:
        """What was kept just now."""
        for row in rows:
            self.counted += 1
            self._lately.append((self.counted, row))
            self._plus(row)

    def _plus(self, row: Spent) -> None:
        known = self._sums[row.kind].of((row.name, row.day), Sum)
        known.tokens += row.tokens
        known.cost += row.cost
        known.unpriced += row.unpriced
        known.messages += row.messages

    def spent(self, kind: Kind, name: str, day: str) -> Sum:
        return self._sums[kind].get((name, day)) or Sum()

    def today(self) -> str:
        """Of the installation: of models, keys, and all together."""
        return day_of(self._clock(), self.zone())

    def cap_of_all(self) -> Cap:
        """What all may take together."""
        return next((one.cap for one in self._budgets() if one.id == ALL), Cap())

    def of_budget(self, budget: Budget) -> Sum:
        """What counts in it today."""
        found, day = Sum(), self.today()
        if budget.id == ALL:
            found.messages = self.spent("all", ALL, day).messages
        for (name, when), one in self._sums["model"].items():
            if when == day and budget.holds(name):
                found.tokens += one.tokens
                found.cost += one.cost
                found.unpriced += one.unpriced
        return found

    def left(self) -> float:
        """The share that is left of the budget that has least, be it a model's or whoever is answered now."""
        own = OURS.get().left
        return min([own, *(one.left(self.of_budget(one)) for one in self._budgets())])

    def check(self, model: str) -> ModelFailed | None:
        """Why that model may not be asked any more today; None when it may."""
        for budget in self._budgets():
            if budget.holds(model) and budget.left(self.of_budget(budget)) <= 0:
                shown = EVERYTHING if budget.id == ALL else as_it_is(budget.id)
                return ModelFailed(USED_UP.fill(model=model, budget=shown), code="budget")
        return None
