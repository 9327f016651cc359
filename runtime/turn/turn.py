"""A turn while it runs: what a block may see and do."""

import contextlib
import functools
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from runtime.errors import ModelFailed, TurnFailed
from runtime.knowledge.search.found import Searches
from runtime.lang import Text
from runtime.message import Exchange, Message, Wishes
from runtime.models.budgets import may_spend
from runtime.models.completion import Answer
from runtime.models.hiding import HIDING
from runtime.network.addresses import Addresses
from runtime.person import NOBODY, Person
from runtime.time_zones import zone
from runtime.tools import Power, Tool
from runtime.turn.bounds import check_bounds
from runtime.turn.events import Event, ModelUsed, Said, Unanswered
from runtime.turn.files import Files
from runtime.turn.guarding import Guard
from runtime.turn.keeping import Kept, KeptHere
from runtime.turn.looking import Looking
from runtime.turn.masking import Standing, learn, nothing_hidden, said
from runtime.turn.seeing import Seeing
from runtime.turn.services import Services
from runtime.turn.settings import Composed
from runtime.turn.stepping import Stepping
from runtime.turn.tool_use import use
from runtime.turn.using import Used
from runtime.turn.waiting import Waiting

__all__ = ["Answered", "Services", "Speak", "Turn"]

Speak = Callable[[str, str], Awaitable[bool]]
"""Send a text, under a name by which it is sent once; whether it is on its way."""


@dataclass(frozen=True)
class Answered:
    """What an inner agent came to."""

    text: str
    handoff: bool = False
    finish: str = "stop"


@dataclass
class Turn(Seeing, Stepping):
    """`started` is monotonic; `values` is what templates see; `reply` is None until a block answers."""

    agent: Composed
    message: Message
    history: Sequence[Exchange]
    services: Services
    emit: Callable[[Event], None]
    run_block: Callable[["Turn", Any], Awaitable[None]]
    blocks: Collection[str]
    """The ids of all the agent's blocks."""
    writers: Collection[str]
    """Those of them that write the answer."""
    guard: Guard | None = None
    """The checks of what comes, goes and is found; None: there are none."""
    files: Files = field(default_factory=Files)
    """Of the conversation."""
    values: dict[str, Any] = field(default_factory=dict)
    kept: Kept = field(default_factory=KeptHere)
    person: Person = NOBODY
    after: int = 0
    """The number of the last exchange before this conversation began, or 0."""
    recalled: object = None
    """What the models are shown of what was said, once it is known: see recalling.recalled."""
    common: set[str] = field(default_factory=set)
    """Blocks that ran, and gave what everybody gets who asks the same."""
    answers: bool = False
    """The message is the answer to what was asked before: it says nothing else."""
    stream: bool = False
    """Somebody watches: models stream."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970."""
    started: float = field(default_factory=time.monotonic)
    rounds: int = 0
    tokens: int = 0
    reply: str | None = None
    handoff: bool = False
    acted: int = 0
    """Uses of tools that act, so far."""
    hides: Standing = field(default_factory=nothing_hidden)
    """What models are not sent."""
    doubt: bool = False
    """A tool with side effects was cut off by a crash: nobody knows what it did."""
    draft: str = ""
    """The last model block's text: the answer when no block replies."""
    finish: str = "stop"
    """Why that model ended."""
    outer: "Turn | None" = None
    said: list[str] = field(default_factory=list)
    """In the middle of the flow, and not sent yet…"""
    spoken: list[str] = field(default_factory=list)
    """…and what was sent."""
    speak: Speak | None = None
    """None: what is said in the middle stands before the answer."""
    ask: "Callable[[Turn, str, str, str], Awaitable[Answered]] | None" = None
    """Lets another agent answer, by its id, for a tool; see runtime.turn.others."""
    begin: "Callable[[Turn, str, Any, str, Mapping[str, str]], Awaitable[Answered]] | None" = None
    """Runs another agent within; see `inner`."""
    is_last: bool = False
    """The block that runs is the last of its way: a reply there is the answer."""
    more: bool = False
    """It is a round of several: no reply in it is the last."""
    around: Sequence[str] = ()
    """Ids of the agents that this one runs in."""

    async def walk(self, flow: Sequence[Any]) -> None:
        """Run a flow, until one of its blocks answers."""
        there = [block for block in flow if not block.disabled]
        for place, block in enumerate(there, 1):
            if self.reply is not None:
                return
            self.is_last = not self.more and place == len(there)
            await self.run_block(self, block)

    @contextlib.contextmanager
    def within(
        self, name: str, values: Mapping[str, Any] | None = None, *, more: bool = False
    ) -> "Iterator[Turn]":
        """A turn inside this one, such as a round: what is done in it is named by it. It sees these values
        besides; an answer in it is the answer. Several may run side by side. `more`: others follow it, so
        that a reply at the end of its flow is said and does not end the turn.
        """
        seen = {**self.values, **(values or {})}
        inner = self.inside(name, values=seen, more=more or self.more)
        with inner.carried():
            began = {known: getattr(inner, known) for known in ("reply", "draft", "finish")}
            yield inner
        for known, value in began.items():
            if getattr(inner, known) != value:  # else another beside it may have set it
                setattr(self, known, getattr(inner, known))
        self.handoff |= inner.handoff
        self.doubt |= inner.doubt

    async def inner(
        self, name: str, agent: Composed, text: str, variables: Mapping[str, str] | None = None
    ) -> Answered:
        """Let another agent answer `text`, within this turn's limits. Raises what its turn ends with."""
        if self.begin is None:
            raise TurnFailed(Text("这里不能用别的智能体。", "No other agent can be used here."), code="bug")
        return await self.begin(self, name, agent, text, variables or {})

    def inside(self, name: str, **changes: Any) -> "Turn":
        """A turn within this one, with these fields changed; see `within` and `inner`."""
        path = f"{self.path}{name}/"
        emit = self.emit
        made = replace(
            self,
            path=path,
            outer=self,
            emit=lambda event: emit(event if event.within else replace(event, within=path[:-1])),
            **{"running": [], "rounds": 0, "tokens": 0, **changes},
        )
        made.addresses = self.addresses  # what was given is given
        return made

    @contextlib.contextmanager
    def carried(self) -> "Iterator[None]":
        """What this turn knows besides its blocks goes along when it waits, and comes back afterwards."""
        if state := self.past.states.get(self.path):
            self.draft, self.finish, self.doubt = state["draft"], state["finish"], state["doubt"]
            for url in state["addresses"]:
                self.addresses.give(url)
        try:
            yield
        except Waiting:
            known = {"draft": self.draft, "finish": self.finish, "doubt": self.doubt}
            self.past.states[self.path] = {**known, "addresses": self.addresses.given()}
            raise

    async def say(self, block: str, text: str) -> None:
        """Say it now, where somebody can be written to unasked; else it stands before the answer."""
        key = f"{self.path}{block}"
        if self.guard:
            text = await self.guard.told(text)
        sent = False
        if self.speak is not None:
            speak = self.speak
            await self.journal.settle()
            sent = bool(await self.step(f"{block}.said", lambda: speak(key, text)))
        (self.spoken if sent else self.said).append(text)
        self.emit(Said(block, text, sent))

    @functools.cached_property
    def addresses(self) -> Addresses:
        """Those that the person wrote in this conversation, and the owner in the agent's variables."""
        written = [self.message.text, *(v for v in self.message.data.values() if isinstance(v, str))]
        variables = [str(self.values[v.name]) for v in self.agent.variables if v.name in self.values]
        return Addresses(*written, *variables, *(e.text for e in reversed(self.history)))

    def searches(self, block: str) -> Searches | None:
        """What finds passages for that block; None: there are no bases."""
        knowledge = self.services.knowledge
        return Looking(knowledge, self.emit, block, self.agent.may_use) if knowledge else None

    def seconds_left(self) -> float:
        left = self.agent.limits.seconds - (time.monotonic() - self.started)
        return min(left, self.outer.seconds_left()) if self.outer else left

    def ms(self) -> int:
        """Since it began."""
        return round((time.monotonic() - self.started) * 1000)

    def now(self) -> datetime:
        return self._here(self.clock())

    def shown(self, at: float) -> str:
        """A time as templates show it, where the agent is. `at`: seconds since 1970."""
        return f"{self._here(at):%Y-%m-%d %H:%M}"

    def _here(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(zone(self.agent.timezone))

    async def paid(self, block: str, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> Answer:
        """A model's answer, as a step, counted once: not again in a turn that goes on after waiting."""
        is_new = self.path + name not in self.past.steps
        try:
            answer = Answer.from_json(await self.step(name, work))
        except ModelFailed as e:
            if e.asked:
                self.emit(Unanswered(block, e.asked))
            raise
        if is_new:
            self.spend(answer)
            self.emit(ModelUsed.of(block, answer))
        return answer

    async def known(self, done: Any) -> Any:
        if HIDING.get():  # what it says may be marks that stand for what was said before
            await learn(self.hides, done, *said(self.message, self.history))
        return done

    async def use(self, tool: Tool, arguments: Mapping[str, Any], *, block: str, call: str) -> Used:
        """Run a tool; a failure is a result too. `call` names this use within the turn."""
        return await use(self, tool, arguments, block, call)

    @property
    def withheld(self) -> frozenset[Power]:
        """What no tool may do here: what this agent's owner withholds, and that of the agent around it."""
        return frozenset(self.agent.withheld) | (self.outer.withheld if self.outer else frozenset())

    def check_limits(self) -> None:
        """Raises TurnFailed when another model round would break the agent's limits; ModelFailed when the
        day's budget is used up."""
        may_spend()
        check_bounds(self.agent.limits, self.rounds, self.tokens)
        if self.outer:
            self.outer.check_limits()

    def wishes(self, block: str) -> Wishes:
        """How the calling program wants the answer, for the blocks that write it."""
        if not self.message.wishes or block not in self.writers:
            return Wishes()
        return self.message.wishes

    def spend(self, answer: Answer) -> None:
        self.rounds += 1
        self.tokens += answer.prompt_tokens + answer.completion_tokens
        if self.outer:
            self.outer.spend(answer)
