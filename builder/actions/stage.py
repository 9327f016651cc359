"""One message played through our gateway and a simulated platform, in this process, on a clock that jumps.

The gateway, its ladder and its store are the real ones, in a folder that is thrown away. The agent on stage
is a stand-in: it has the real one's name and texts, and its flow is one model, which says, after so many
seconds, what the real one answered before. So no model is paid and no tool works a second time.
"""

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping
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
from runtime.turn.turn import Services

PUBLIC = "https://rehearsal.example"
"""Our address, as if there were one: without it the ladder has no page for an answer."""

REACTION = 2.0
"""Seconds until a person taps what can be tapped."""
LOOKS = 1.5
"""Seconds between two looks of the answer's page, see runtime/server/answer.html."""
AFTERWARDS = 15.0
"""Seconds that are watched after the answer is made."""
MOST = 10.0
"""Real seconds that a rehearsal may take."""
LONGEST_TURN = 600
"""Seconds; the real agent's limit may be lower, which the page says."""

TOO_LONG = Text(
    "演练没有在 10 秒内演完，请重试。", "The rehearsal did not end within 10 s. Please try again."
)


@dataclass(frozen=True)
class Recorded:
    """What the real agent answered: Markdown, or why it could not."""

    text: str = ""
    failure: Text | None = None


@dataclass(frozen=True)
class Scene:
    """What is to be played: `text` is written to `agent` on an account of `kind` on a channel."""

    agent: Agent
    text: str
    recorded: Recorded
    channel: str
    kind: str
    seconds: float
    """Until the answer is made."""


@dataclass(frozen=True)
class Played:
    """What happened, as the simulator tells it. Times in seconds since 1970."""

    began: float
    simulation: Simulation
    tapped: tuple[Link, float] | None
    parts: list[AnswerPart]
    """The whole answer as the channel sends it."""


@dataclass(frozen=True)
class RecordedModels:
    """Implements Models with what was recorded."""

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
        models = RecordedModels(scene.recorded, scene.seconds)
        services = replace(services, models=models, http=NoNetwork())
        try:
            return runner.run(_play(Path(folder), scene, services, most))
        except asyncio.CancelledError:
            raise TurnFailed(TOO_LONG, code="rehearsal") from None


async def _play(folder: Path, scene: Scene, services: Services, most: float) -> Played:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FastLoop)
    simulation = registry()[scene.channel](scene.kind, loop.wall)
    async with _in_time(most), _gateway(folder, scene, services, simulation, loop) as gateway:
        [surface] = gateway.surfaces.all()
        await gateway.abilities.find_out(surface)
        began, tapped = loop.wall(), None
        await simulation.write(scene.text)
        # what can be tapped comes at once, or at the end when the answer was too long for the chat
        for watched in (0.0, scene.seconds + AFTERWARDS):
            await asyncio.sleep(max(0.0, began + watched - loop.wall()))
            if tapped is None and (link := invitation(simulation)):
                await asyncio.sleep(REACTION)
                tapped = link, loop.wall()
                await simulation.follow(link)
        said = failure(scene.agent) if scene.recorded.failure else scene.recorded.text
        return Played(began, simulation, tapped, surface.channel.parts(said))


def invitation(simulation: Simulation) -> Link | None:
    """The newest link to a page of ours; an answer may hold links of its own."""
    pieces = (piece for seen in simulation.seen() if seen.side == "account" for piece in seen.pieces)
    return next((piece for piece in reversed(list(pieces)) if is_ours(piece)), None)


def is_ours(piece: str | Link) -> TypeGuard[Link]:
    return isinstance(piece, Link) and piece.url.startswith(f"{PUBLIC}/r/")


def stand_in(agent: Agent) -> Mapping[str, Any]:
    """Has the agent's name and texts, and one model for its flow."""
    kept = {key: agent.to_json().get(key) for key in ("format", "id", "name", "language", "texts")}
    flow = [{"type": "model", "id": "answer", "memory": False}]
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
                stand_in(scene.agent),
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
