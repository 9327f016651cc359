"""Talk to an agent as it is on disk now; the same engine that answers where it is published."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from builder import phone
from builder.actions import excuse, pair, words
from builder.actions.counting import count
from builder.actions.earlier import about, agent_of
from builder.actions.overheard import Overheard, without_keys
from builder.actions.sent_files import came_with, on_phone
from builder.actions.transcript import Transcript
from builder.actions.usage import Usage
from builder.actions.variants import apart, variant
from builder.studio import Studio
from runtime import engine
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.blocks import AsksModel
from runtime.blocks import registry as blocks
from runtime.channels import registry as channels
from runtime.errors import HongyanError
from runtime.gateway.canned import FAILURE, canned, failure
from runtime.message import Exchange, Message
from runtime.senses.senses import files_of
from runtime.senses.speaking import Browser
from runtime.trying.chat import Chat
from runtime.trying.memory import tried as remembered
from runtime.trying.playing import SENDER, Open, Played, offered
from runtime.turn.awaited import LaterAnswers
from runtime.turn.events import Compared, Drawn, Event, Failed, ModelUsed, Paid, Replied, Sensed
from runtime.turn.masking import Standing, nothing_hidden, standing_of, unseen_here

BETWEEN = 0.06
"""Seconds between two updates of the page: each carries the whole chat's difference."""


NOWHERE = "https://playground.invalid"
"""Where a later answer is asked to when nobody can reach us: whoever tries the agent out gives it."""


AS_IT_STANDS: Mapping[str, str] = {}


@dataclass
class Talk:
    """One turn as the page shows it, growing while it runs."""

    asked: str
    transcript: Transcript
    channel: str
    """On whose phone it is shown."""
    usage: Usage = field(default_factory=Usage)
    events: list[dict[str, Any]] = field(default_factory=list)
    preview: dict[str, Any] | None = None
    """The exchange on the phone; None while there is no answer."""
    failure: str = ""
    """What a person is told when there is no answer."""
    agent: Agent | None = None
    paid: list[Paid] = field(default_factory=list)
    """What models did for it."""
    forgotten: bool = False
    """The person wished to be forgotten, and is: what was said before goes from the page too."""
    files: Sequence[Mapping[str, Any]] = ()
    """What came with the question, and what became of it."""
    lang: str = "zh"
    played: Played | None = None
    """What this line plays, where no person wrote it."""
    waits: Sequence[Open] | None = None
    """All that wait when it is over; None before that."""
    began: float = field(default_factory=time.monotonic)
    hides: Standing = field(default_factory=nothing_hidden)
    """What its trace does not hold."""

    @property
    def noted(self) -> dict[str, Any]:
        """On the phone nobody wrote what is played here."""
        return {"asked": "", "note": self.played.noted.to(self.lang)} if self.played else {}

    def hear(self, told: dict[str, Any]) -> None:
        """What a model is told, for the trace; what it says to that comes into it."""
        told |= {"type": "model_asked", "at": round((time.monotonic() - self.began) * 1000)}
        self.events.append(told)

    def take(self, event: Event) -> None:
        self.transcript.take(event)
        at = round((time.monotonic() - self.began) * 1000)
        if event.type not in ("text_delta", "text_reset"):
            self.events.append({**unseen_here(self.hides, _plain(event)), "at": at})
        if isinstance(event, ModelUsed | Compared | Drawn | Sensed):
            self.paid.append(event)
        match event:
            case ModelUsed():
                first = max(0, at - event.ms + event.first_token_ms)
                self.usage = self.usage.plus(event, first)
            case Compared() | Drawn():
                self.usage = self.usage.plus(event, self.usage.first_token_ms)
            case Sensed() if not event.kept:
                self.usage = self.usage.plus(event, self.usage.first_token_ms)
            case Replied():
                self.preview = self._on_phone(self._marked(event.text)) | self.noted
            case Failed():
                self.preview = self._on_phone(self.failure) | self.noted | {"failed": bool(self.failure)}
        self.usage = replace(self.usage, ms=at)

    def _on_phone(self, said: str) -> dict[str, Any]:
        language = self.agent.language if self.agent else "zh"
        return phone.preview(self.asked, said, self.channel, language) | on_phone(self.asked, self.files)

    def _marked(self, said: str) -> str:
        """As delivery marks what a model wrote."""
        if self.agent is None or not any(isinstance(one, ModelUsed) for one in self.paid):
            return said
        return phone.marked(said, self.agent.safety.label, self.channel, self.agent.language)


async def talk(
    studio: Studio,
    agent_id: str,
    text: str,
    history: Sequence[Exchange],
    *,
    lang: str = "zh",
    variables: Mapping[str, str] | None = None,
    channel: str = "",
    files: Sequence[Mapping[str, Any]] = (),
    tried: Mapping[str, str] = AS_IT_STANDS,
    by: str = "",
) -> AsyncGenerator[Talk]:
    """Run one turn, yielding the same growing Talk at most every 60 ms and at the end, which is in words.
    `tried`: which agent, see variants.py; `by`: the user in whose day it counts.

    Closing the iterator stops the turn and the model's request.
    """
    message = Message(id=f"play-{time.time_ns()}", sender=SENDER, text=text, at=time.time())
    turn = Talk(
        text,
        Transcript(lang),
        phone.surface(studio, agent_id, channel),
        failure=FAILURE.to(lang),
        files=files,
        lang=lang,
    )
    grew = asyncio.Event()

    async def answer() -> None:
        events = _events(studio, agent_id, message, history, turn, variables, tried)
        async with _counted(studio, turn, by), aclosing(events):
            async for event in events:
                turn.take(event)
                grew.set()

    # A task of its own, so that what came just after an update is shown before the next event comes.
    answering = asyncio.create_task(_explained(answer, turn))
    answering.add_done_callback(lambda _: grew.set())
    try:
        while not answering.done():
            await grew.wait()
            grew.clear()
            yield turn
            await asyncio.wait({answering}, timeout=BETWEEN)
        turn.usage = replace(turn.usage, over=True)
        yield turn
    finally:
        answering.cancel()
        await asyncio.wait({answering})


@asynccontextmanager
async def _counted(studio: Studio, turn: Talk, by: str) -> AsyncIterator[None]:
    """What it takes counts in the budgets, also when it is stopped, and before another turn of theirs begins
    that waits for that. Raises ModelFailed where their day is used up."""
    async with studio.trying(by):
        try:
            yield
        finally:
            if turn.agent:
                await count(studio, turn.agent, turn.paid, by, messages=1)


async def _events(
    studio: Studio,
    agent_id: str,
    message: Message,
    history: Sequence[Exchange],
    turn: Talk,
    variables: Mapping[str, str] | None,
    tried: Mapping[str, str],
) -> AsyncGenerator[Event]:
    """What happens, as on a surface: what came is put into words, answered, and read out if wanted."""
    agent = await asyncio.to_thread(variant, studio, agent_id, tried)
    turn.agent = agent
    kept = remembered(studio.settings.data, agent_id, apart(tried))
    chat = Chat(agent, kept, history, message)
    turn.played, message = chat.played, chat.message
    turn.failure = failure(agent, message)
    came, sensed = await came_with(studio, agent, message, turn.files)
    turn.files = files_of(came.data)
    turn.hides = standing_of(agent, came, studio.services)
    for seen in sensed:
        yield seen
    if chat.past is None and (text := canned(agent, came)) is not None:
        ready = Replied(text, 0, aside=True)
        turn.waits = chat.ended(ready)
        yield ready
        return
    services = replace(
        studio.services,
        models=Overheard(studio.services.models, turn.hear),
        callback=LaterAnswers(lambda: studio.public_url() or NOWHERE),
    )
    begun = chat.history()
    files = await studio.senses.opened(agent, came, begun)
    more: dict[str, Any] = {"variables": variables, "kept": chat.kept, "files": files, "past": chat.past}
    run = engine.run(agent, came, begun, services, stream=True, hides=turn.hides, **more)
    async with aclosing(run) as events:  # type: ignore[type-var] # it is an async generator
        async for event in events:
            turn.forgotten = kept.erased
            if isinstance(event, Replied):
                event = chat.told(event)
                turn.waits = chat.ended(event)
            yield event
    if isinstance(event, Replied) and studio.senses.speaking.wants(agent, came):
        voice, spoken = await studio.senses.speaking.spoken(agent, event.text, Browser())
        turn.usage = replace(turn.usage, voice=vars(voice) if voice else None)
        if spoken:
            yield spoken


async def _explained(answer: Callable[[], Awaitable[None]], turn: Talk) -> None:
    """Whatever goes wrong is told in the chat."""
    try:
        await answer()
    except HongyanError as e:
        turn.take(Failed(type(e).__name__, e.text))
    except Exception:  # noqa: BLE001 # a chat always gets an answer; the bug is logged
        turn.take(Failed("bug", excuse("playground")))


@needs(Permission.AGENTS_VIEW, on="id")
def agent(studio: Studio, id: str, version: str = "") -> dict[str, Any]:
    """What the page says about the agent, or a version of it, before the first message.

    Raises NotFound, BadAgent.
    """
    found = agent_of(studio, id, version) if version else studio.library.get(id).agent
    uses_default = any(
        isinstance(block, AsksModel) and block.asked[:1] == ("default",) for _, block in found.enabled()
    )
    return {
        "id": id,
        "name": found.name,
        "variables": [variable.model_dump() for variable in found.variables],
        "draft": not version and studio.library.open(id).is_draft,
        "version": about(studio, id, version) if version else None,
        "demo": uses_default and not studio.control.default_model(),
        "titles": {name: pair(kind.about.title) for name, kind in blocks().items()},
        "starts": offered(found),
        "surface": phone.surface(studio, id),
        "surfaces": [_surface(name) for name in phone.surfaces()],
    }


def _surface(name: str) -> dict[str, Any]:
    kind = channels()[name]
    return {"name": name, "title": pair(kind.about.title), "words": words(kind)}


def suggestions(studio: Studio, id: str, version: str = "") -> list[str]:
    """Questions to begin with; none when there is no such agent, which the page says elsewhere."""
    try:
        return list((agent_of(studio, id, version) if version else studio.library.get(id).agent).suggestions)
    except HongyanError:
        return []


def failure_of(studio: Studio, id: str) -> str:
    """What a person is told when that agent cannot answer."""
    try:
        return failure(studio.library.get(id).agent)
    except HongyanError:
        return FAILURE.zh


def _plain(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.to_json()
    if isinstance(event, Failed):
        data["reason"] = pair(event.reason)
    return without_keys(data)  # type: ignore[no-any-return] # JSON as it was
