"""A conversation played through our gateway and a simulated platform, in this process, on a clock that jumps.

The gateway, its ladder and its store are the real ones, in a folder that is thrown away. The agent on stage
is a stand-in: it has the real one's name and texts, and its flow is one model, which says, after so many
seconds, what the real one answered before. So no model is paid and no tool works a second time. Where a turn
waited for somebody else, the stand-in's waits as well, and what comes is decided as it would be.
"""

import asyncio
import re
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from runtime.agents.agent import Agent
from runtime.answer import AnswerPart
from runtime.channels import WebRequest
from runtime.errors import Blocked, ModelFailed, TurnFailed
from runtime.gateway.canned import failure
from runtime.gateway.gateway import Gateway
from runtime.gateway.grants import GrantsInMemory
from runtime.gateway.one_publication import OnePublication, Unobserved
from runtime.lang import Text
from runtime.models.completion import Answer, Request
from runtime.simulator import Knock, Link, Simulation, registry
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.hosting import hosted
from runtime.store.messages.waits import NewWait
from runtime.store.messages.waits_played import leave
from runtime.turn.turn import Services
from runtime.turn.waiting import Past

PUBLIC = "https://rehearsal.example"
"""Our address, as if there were one: without it the ladder has no page for an answer."""

BY = "rehearsal"
DAY = 86_400.0
REACTION = 2.0
"""Seconds until a person taps what can be tapped."""
LOOKS = 1.5
"""Seconds between two looks of the answer's page, see runtime/server/answer.html."""
AFTERWARDS = 15.0
"""Seconds that are watched after the answer is made."""
MOST = 10.0
"""Real seconds that a turn of a rehearsal may take."""
LONGEST_TURN = 600
"""Seconds; the real agent's limit may be lower, which the page says."""

ADDRESS = re.compile(r"https?://[^\s<>\"()]{1,1500}", re.IGNORECASE)
MOST_ADDRESSES = 20

TOO_LONG = Text(
    "演练没有在 10 秒内演完，请重试。", "The rehearsal did not end within 10 s. Please try again."
)


@dataclass(frozen=True)
class Recorded:
    """What the real agent answered: Markdown, or why it could not. `line`: what a person wrote."""

    text: str = ""
    failure: Text | None = None
    line: str = ""
    played: Text | None = None
    """What came instead of a line of the person's."""
    waits: Text | None = None
    """For what it waits after that…"""
    until: float = 0.0
    """…at most so many seconds."""
    is_late: bool = False
    """What was waited for before did not come in time."""
    wrote: bool = False
    """A model was asked for it."""


@dataclass(frozen=True)
class Scene:
    """What is to be played: `turns` with `agent` on an account of `kind` on a channel."""

    agent: Agent
    turns: Sequence[Recorded]
    channel: str
    kind: str
    seconds: float
    """Until each answer is made."""


@dataclass(frozen=True)
class Act:
    """One turn of it. Times in seconds since 1970."""

    turn: Recorded
    began: float
    over: float
    """When the next one began."""
    tapped: tuple[Link, float] | None
    parts: list[AnswerPart]
    """The whole answer as the channel sends it."""


@dataclass(frozen=True)
class Played:
    """What happened, as the simulator tells it."""

    simulation: Simulation
    acts: Sequence[Act]

    @property
    def began(self) -> float:
        return self.acts[0].began


@dataclass
class RecordedModels:
    """Implements Models with what was recorded of the turn that is played."""

    recorded: Recorded
    seconds: float

    async def complete(
        self,
        request: Request,
        on_text: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        await asyncio.sleep(self.seconds)
        if self.recorded.failure:
            raise ModelFailed(self.recorded.failure, code="recorded")
        return Answer(self.recorded.text, model="recorded")


class NoNetwork:
    """Implements Http: what lies elsewhere is told in words."""

    async def fetch(self, method: str, url: str, **_: Any) -> Any:
        raise Blocked(Text("演练不联网。", "A rehearsal asks nobody."))


def play(scene: Scene, services: Services, most: float = MOST) -> Played:
    """Blocks for at most so many seconds: call it in a thread. Raises TurnFailed when that was too short."""
    with (
        tempfile.TemporaryDirectory(prefix="hongyan-rehearsal-") as folder,
        asyncio.Runner(loop_factory=FastLoop) as runner,
    ):
        models = RecordedModels(scene.turns[0], scene.seconds)
        services = replace(services, models=models, http=NoNetwork())
        try:
            return runner.run(_play(Path(folder), scene, models, services, most * len(scene.turns)))
        except asyncio.CancelledError:
            raise TurnFailed(TOO_LONG, code="rehearsal") from None


async def _play(
    folder: Path, scene: Scene, models: RecordedModels, services: Services, most: float
) -> Played:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FastLoop)
    simulation = registry()[scene.channel](scene.kind, loop.wall)
    acts: list[Act] = []
    async with _in_time(most), _gateway(folder, scene, services, simulation, loop) as gateway:
        [surface] = gateway.surfaces.all()
        await gateway.abilities.find_out(surface)
        for turn in scene.turns:
            models.recorded = turn
            before = {act.tapped[0] for act in acts if act.tapped}
            if turn.is_late and acts:  # the day goes by: a platform's windows close meanwhile
                loop.ahead += max(0.0, acts[-1].turn.until - (loop.wall() - acts[-1].began))
            began = loop.wall()
            if turn.played is None:
                await simulation.write(turn.line)
            else:
                await _comes(gateway, turn, loop.wall())
            tapped = await _watched(simulation, scene, loop, began, before)
            said = failure(scene.agent) if turn.failure else turn.text
            parts = surface.channel.parts(said) if turn.played is None or not turn.failure else []
            acts.append(Act(turn, began, loop.wall(), tapped, parts))
        return Played(simulation, acts)


async def _comes(gateway: Gateway, turn: Recorded, now: float) -> None:
    """What the turn before waited for: it goes on when nobody wrote."""
    wait = NewWait("decision", "answer", "answer", now + DAY, Past().to_json())
    await gateway.waits.decide(await leave(gateway.messages.database, wait, now), yes=True, by=BY)


async def _watched(
    simulation: Simulation, scene: Scene, loop: FastLoop, began: float, before: Collection[Link]
) -> tuple[Link, float] | None:
    """What can be tapped comes at once, or at the end when the answer was too long for the chat."""
    tapped = None
    for watched in (0.0, scene.seconds + AFTERWARDS):
        await asyncio.sleep(max(0.0, began + watched - loop.wall()))
        if tapped is None and (link := invitation(simulation)) and link not in before:
            await asyncio.sleep(REACTION)
            tapped = link, loop.wall()
            await simulation.follow(link)
    return tapped


def invitation(simulation: Simulation) -> Link | None:
    """The newest link to a page of ours; an answer may hold links of its own."""
    pieces = (piece for seen in simulation.seen() if seen.side == "account" for piece in seen.pieces)
    return next((piece for piece in reversed(list(pieces)) if is_ours(piece)), None)


def is_ours(piece: str | Link) -> TypeGuard[Link]:
    return isinstance(piece, Link) and piece.url.startswith(f"{PUBLIC}/r/")


def stand_in(agent: Agent, said: Sequence[str] = (), *, wrote: bool = True) -> Mapping[str, Any]:
    """Has the agent's name and texts, and one model for its flow, which may show what the real one showed.
    `wrote`: so did the real one's; else nothing is marked as a model's words."""
    kept = {key: agent.to_json().get(key) for key in ("format", "id", "name", "language", "texts", "safety")}
    if not wrote:
        kept["safety"] = {**(kept["safety"] or {}), "label": {"when": "never"}}
    # It was given these addresses, as the real one was: a picture stays one.
    addresses = dict.fromkeys(found for text in said for found in ADDRESS.findall(text) if "{" not in found)
    given = " ".join(list(addresses)[:MOST_ADDRESSES])
    flow = [{"type": "model", "id": "answer", "memory": False, "prompt": {"text": given}}]
    made = {**kept, "limits": {"seconds": LONGEST_TURN}, "flow": flow}
    return {key: value for key, value in made.items() if value is not None}


@asynccontextmanager
async def _gateway(
    folder: Path, scene: Scene, services: Services, simulation: Simulation, loop: FastLoop
) -> AsyncIterator[Gateway]:
    async with hosted(simulation) as hosts:
        gateway = Gateway(
            folder,
            OnePublication(
                scene.channel,
                simulation.settings,
                stand_in(
                    scene.agent,
                    [turn.text for turn in scene.turns],
                    wrote=any(turn.wrote for turn in scene.turns),
                ),
                grants=GrantsInMemory(simulation.kept),
            ),
            services,
            Unobserved(),
            hosts,
            lambda: PUBLIC,
            clock=loop.wall,
            outside=loop.outside,
        )

        async def door(knock: Knock) -> tuple[int, str]:
            request = WebRequest(knock.method, knock.query, knock.body, knock.headers)
            response = await gateway.callback(OnePublication.id, request)
            return response.status, response.body

        simulation.connect(door, lambda url: _page(gateway, url, loop))
        await gateway.start()
        try:
            yield gateway
        finally:
            await simulation.settle()
            await gateway.stop()


async def _page(gateway: Gateway, url: str, loop: FastLoop) -> str:
    """The answer's page, as soon as it shows the answer."""
    pages, secret = gateway.messages.pages, url.rpartition("/")[2]
    while True:
        page = await pages.find(secret, loop.wall())
        if page is not None and page.reply is not None:
            await pages.seen(page, loop.wall())
            return page.reply
        await asyncio.sleep(LOOKS)


@asynccontextmanager
async def _in_time(most: float) -> AsyncIterator[None]:
    """Cancel the running task after so many real seconds: on this loop's own clock they are an instant."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    timer = threading.Timer(most, loop.call_soon_threadsafe, (task.cancel,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
