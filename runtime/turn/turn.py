"""A turn while it runs: what a block may see and do."""

import functools
import json
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from runtime import wellformed
from runtime.crash import crashpoint
from runtime.errors import ToolFailed, TurnFailed
from runtime.knowledge.search.found import Searches
from runtime.lang import Text
from runtime.message import Exchange, Message, Wishes
from runtime.models.completion import Answer, Models
from runtime.network.addresses import Addresses
from runtime.templating.prompts import Prompt, Prompts
from runtime.time_zones import zone
from runtime.tools import WITHHELD, Env, Http, NoSecrets, Secrets, Tool
from runtime.turn.events import Event, ToolCalled, ToolReturned
from runtime.turn.files import Files
from runtime.turn.journal import Forgetful, Journal
from runtime.turn.keeping import Kept, KeptHere
from runtime.turn.looking import Looking
from runtime.turn.settings import Composed

CUT_OFF = Text(
    "结果未知：这个操作在执行时被中断，可能已经完成，也可能没有。不要重复执行，请告诉用户需要人工核实。",
    "Outcome unknown: this was cut off while it ran and may or may not have happened. Do not repeat it; "
    "tell the person that somebody has to check.",
)

LONGEST_RESULT = 8000
"""Characters of a tool's result that a model or template sees."""


@dataclass(frozen=True)
class Services:
    """What every turn shares."""

    models: Models
    prompts: Prompts
    http: Http
    secrets: Secrets = field(default_factory=NoSecrets)
    knowledge: Searches | None = None
    """None: there are no bases."""

    def env(self, now: datetime, values: Mapping[str, Any], **more: Any) -> Env:
        """What a tool may use of it, and what the turn adds."""
        return Env(self.http, now, values, secrets=self.secrets, **{"knowledge": self.knowledge, **more})


@dataclass(frozen=True)
class Used:
    """What using a tool came to."""

    value: Any
    failed: bool = False
    mistake: bool = False
    """It was called wrongly and did not run."""
    doubt: bool = False
    """It was begun before a crash, and may or may not have done its work."""

    @classmethod
    def wrong(cls, why: str) -> "Used":
        return cls(why, failed=True, mistake=True)

    @property
    def text(self) -> str:
        text = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= LONGEST_RESULT else text[:LONGEST_RESULT] + "…"


def plain(result: Any) -> Any:
    """A tool's result as it can be stored and printed. Raises ToolFailed."""
    try:
        return wellformed.data(result)
    except ValueError:
        raise ToolFailed(Text("结果嵌套太深。", "The result is nested too deep.")) from None


@dataclass
class Turn:
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
    journal: Journal = field(default_factory=Forgetful)
    files: Files = field(default_factory=Files)
    """Of the conversation."""
    values: dict[str, Any] = field(default_factory=dict)
    kept: Kept = field(default_factory=KeptHere)
    after: int = 0
    """The number of the last exchange before this conversation began, or 0."""
    recalled: object = None
    """What the models are shown of what was said, once it is known: see recalling.recalled."""
    running: list[str] = field(default_factory=list)
    """Ids of the blocks that run, each inside the one before it."""
    stream: bool = False
    """Somebody watches: models stream."""
    started: float = field(default_factory=time.monotonic)
    rounds: int = 0
    tokens: int = 0
    reply: str | None = None
    handoff: bool = False
    doubt: bool = False
    """A tool with side effects was cut off by a crash: nobody knows what it did."""
    draft: str = ""
    """The last model block's text: the answer when no block replies."""
    finish: str = "stop"
    """Why that model ended."""

    async def walk(self, flow: Sequence[Any]) -> None:
        """Run a flow, until one of its blocks answers."""
        for block in flow:
            if self.reply is not None:
                return
            await self.run_block(self, block)

    def render(self, template: str, more: Mapping[str, Any] | None = None) -> str:
        """Raises BadTemplate."""
        return self.services.prompts.render(template, {**self.seen, **(more or {})})

    def fill(self, prompt: Prompt) -> str:
        """The prompt's text, from its template if it has one. Raises BadTemplate, NotFound."""
        return self.services.prompts.fill(prompt, self.seen, self.agent.language)

    def holds(self, expression: str) -> bool:
        """Whether a condition is true. Raises BadTemplate."""
        return self.services.prompts.evaluate(expression, self.seen)

    @property
    def seen(self) -> dict[str, Any]:
        """The values, and none for every block that did not run."""
        return {**self._absent, **self.values}

    @functools.cached_property
    def _absent(self) -> dict[str, None]:
        return dict.fromkeys(self.blocks)

    @functools.cached_property
    def addresses(self) -> Addresses:
        """Those that the person wrote in this conversation, and the owner in the agent's variables."""
        written = [self.message.text, *(v for v in self.message.data.values() if isinstance(v, str))]
        variables = [str(self.values[v.name]) for v in self.agent.variables if v.name in self.values]
        return Addresses(*written, *variables, *(e.text for e in reversed(self.history)))

    def searches(self, block: str) -> Searches | None:
        """What finds passages for that block; None: there are no bases."""
        knowledge = self.services.knowledge
        return Looking(knowledge, self.emit, block) if knowledge else None

    def seconds_left(self) -> float:
        return self.agent.limits.seconds - (time.monotonic() - self.started)

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone(zone(self.agent.timezone))

    async def step(self, name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do `work` once, even if the turn is cut off and continued: its result (plain JSON) is journaled."""
        done = await self.journal.recall(name)
        if done is None:
            done = await work()
            self.journal.record(name, done)
        return done

    async def use(self, tool: Tool, arguments: Mapping[str, Any], *, block: str, call: str) -> Used:
        """Run a tool; a failure is a result too. `call` names this use within the turn."""
        name = tool.name or tool.type
        self.emit(ToolCalled(block, call, name, arguments))
        began = time.monotonic()
        withheld = sorted(tool.powers & set(self.agent.withheld))

        async def work() -> dict[str, Any]:
            if withheld:
                refused = WITHHELD.fill(power=withheld[0].words).to(self.agent.language)
                return vars(Used(refused, failed=True))
            await self.journal.settle()
            if not tool.repeatable and not await self.journal.begin(f"tool.{call}.begun"):
                return vars(Used(CUT_OFF.to(self.agent.language), failed=True, doubt=True))
            try:
                env = self.services.env(
                    self.now(), self.values, addresses=self.addresses, knowledge=self.searches(block)
                )
                used = Used(plain(await tool.call(arguments, env)))
            except ToolFailed as e:
                used = Used(wellformed.text(e.text.to(self.agent.language)), failed=True)
            crashpoint("after_tool")
            return vars(used)

        used = Used(**await self.step(f"tool.{call}", work))
        if tool.is_search and not used.failed:
            self.addresses.read(used.text)
        self.doubt |= used.doubt
        ms = round((time.monotonic() - began) * 1000)
        self.emit(ToolReturned(block, call, name, ms, used.text, used.failed))
        return used

    def check_limits(self) -> None:
        """Raises TurnFailed when another model round would break the agent's limits."""
        limits = self.agent.limits
        if self.rounds >= limits.rounds:
            raise TurnFailed(
                Text(
                    "这一轮已经调用模型 {rounds} 次，达到上限。",
                    "This turn used its {rounds} model rounds.",
                ).fill(rounds=limits.rounds),
                code="rounds",
            )
        if self.tokens >= limits.tokens:
            raise TurnFailed(
                Text(
                    "这一轮已经用了 {tokens} token，达到上限。",
                    "This turn used {tokens} tokens, its limit.",
                ).fill(tokens=self.tokens),
                code="tokens",
            )

    def wishes(self, block: str) -> Wishes:
        """How the calling program wants the answer, for the blocks that write it."""
        if not self.message.wishes or block not in self.writers:
            return Wishes()
        return self.message.wishes

    def spend(self, answer: Answer) -> None:
        self.rounds += 1
        self.tokens += answer.prompt_tokens + answer.completion_tokens
