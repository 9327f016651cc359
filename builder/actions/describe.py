"""Building by description: the panel by the flow talks with the describer and decides what it proposes."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any

from builder.actions import RESTORED, Notice, excuse
from builder.actions.build import begun_from, choices, open_agent, saved
from builder.actions.counting import count
from builder.actions.description import Described, ground_of, is_demo, state
from builder.actions.description_elsewhere import elsewhere, finished, shown, telling, under_way
from builder.actions.lasting import begins, brief
from builder.actions.taking_away import undone_by
from builder.actions.usage import Usage
from builder.studio import Studio
from runtime.access.actor import SYSTEM, Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.describing.answering import answered, describer, heard_as
from runtime.describing.kept import Descriptions, Kept
from runtime.describing.proposals import Proposals
from runtime.describing.room import Room
from runtime.errors import Conflict, HongyanError, Invalid
from runtime.lang import Text
from runtime.message import Exchange
from runtime.newest import Newest
from runtime.testing.suites import Suites
from runtime.testing.under_way import UnderWay
from runtime.turn.events import Event, Failed, Replied

log = logging.getLogger("hongyan.builder")

Json = dict[str, Any]

AGENTS = 50
"""Agents whose description is at hand; others are read again."""
CONTEXT = 12
"""Exchanges that the describer is told."""
BUSY = Text("它正在搭，请等它说完，或先停下。", "It is at work: wait for it, or stop it first.")
NO_MODEL = Text(
    "没有接上「{model}」这个模型，请另选一个。", "The model {model!r} is not set up; choose another one."
)
ACCEPTED = Text("已接受 {count} 处改动。", "{count} changes accepted.")
UNDONE = Text("已撤销 {count} 处改动。", "{count} changes undone.")
FORGOTTEN = Text("对话已清空。", "The conversation is cleared.")
STOPPED = Text("（已停下）", "(stopped)")


OPEN = Newest[tuple[str, str], Described](AGENTS)
"""By the home and the agent."""


@needs(Permission.AGENTS_EDIT, on="id")
@brief("what was said is in memory")
@unrecorded("looks how far it is")
async def described(studio: Studio, id: str, lang: str = "zh", seen: str = "") -> Json:
    """What the panel shows. `seen`: the mark of what it draws already. Raises NotFound, BadAgent."""
    one = await _opened(studio, id, lang)
    far = None if one.running else await asyncio.to_thread(elsewhere, studio, id)
    told = state(studio, one, seen)
    return told if far is None else {**told, **{name: far[name] for name in shown(one)}, "running": True}


@needs(Permission.AGENTS_EDIT, on="id")
@begins(seen="described", ended="stop_describing")
async def describe(studio: Studio, who: Actor, id: str, text: str, lang: str = "zh", model: str = "") -> Json:
    """Say something to the describer; what comes of it is asked for by `described`.

    Raises Invalid, Conflict, NotFound, BadAgent.
    """
    one = await _idle(studio, id, lang)
    if model and model not in choices(studio, SYSTEM, lang)["models"]:
        raise Invalid(NO_MODEL.fill(model=model), field="model")
    asking = heard_as(text, lang)
    going = under_way(studio, id)
    if not await asyncio.to_thread(going.begin):
        raise Conflict(BUSY)
    one.going, one.asking, one.text, one.usage, one.paid = going, asking, "", Usage(), []
    one.room.lang, one.room.publish = lang, False
    one.task = asyncio.create_task(_turn(studio, one, model, going, who.id))
    return state(studio, one, "")


@needs(Permission.AGENTS_EDIT, on="id")
@brief("it only stops")
async def stop_describing(studio: Studio, id: str, lang: str = "zh") -> Json:
    """What was proposed until then stays."""
    one = await _opened(studio, id, lang)
    if one.running and one.task:
        one.task.cancel()
        await asyncio.wait({one.task})
        if one.asking:  # it had not even begun
            one.ended(STOPPED.to(one.room.lang))
            await finished(one)
    elif far := await asyncio.to_thread(elsewhere, studio, id):
        await asyncio.to_thread(under_way(studio, id).stop, far["began"])
    return state(studio, one, "")


@needs(Permission.AGENTS_EDIT, on="id")
@brief("small files are written")
async def accept_described(
    studio: Studio, who: Actor, id: str, numbers: Sequence[int], lang: str = "zh"
) -> Notice:
    """The owner takes these: they are saved, and whatever the agent may do by them it may from now on.

    Raises Conflict, NotFound, BadAgent, NotSaved.
    """
    one = await _idle(studio, id, lang)
    return await asyncio.to_thread(_accept, studio, who, one, set(numbers))


@needs(Permission.AGENTS_EDIT, on="id")
@brief("small files are written")
@undone_by("propose_again")
async def undo_described(studio: Studio, id: str, numbers: Sequence[int], lang: str = "zh") -> Notice:
    """These are proposed no more, nor what is built on them. Raises Conflict, NotFound, BadAgent."""
    one = await _idle(studio, id, lang)
    count = await asyncio.to_thread(one.room.proposals.undoing, set(numbers))
    _keep(studio, one)
    undo = {"id": id, "numbers": [made.number for made in one.room.proposals.gone], "lang": lang}
    return Notice(UNDONE.fill(count=count), state(studio, one, ""), undo=undo)


@needs(Permission.AGENTS_EDIT, on="id")
@brief("small files are written")
async def propose_again(studio: Studio, id: str, numbers: Sequence[int], lang: str = "zh") -> Notice:
    """Those that were undone just now. Raises Conflict, NotFound, BadAgent."""
    one = await _idle(studio, id, lang)
    await asyncio.to_thread(one.room.proposals.again, set(numbers))
    _keep(studio, one)
    return Notice(RESTORED, state(studio, one, ""))


@needs(Permission.AGENTS_EDIT, on="id")
@brief("it only forgets")
@undone_by("remember_described")
async def forget_described(studio: Studio, who: Actor, id: str, lang: str = "zh") -> Notice:
    """Begin anew: what was said and is not decided is gone."""
    one = await _idle(studio, id, lang)
    name = str(one.room.proposals.base.get("name") or id)
    token = await asyncio.to_thread(lambda: kept_of(studio).clear(id, name, by=who.id))
    OPEN.pop((str(studio.settings.home), id), None)
    told = state(studio, await _opened(studio, id, lang), "")
    return Notice(FORGOTTEN, told, undo={"id": id, "token": token, "lang": lang} if token else None)


@needs(Permission.AGENTS_EDIT, on="id")
@brief("small files are written")
async def remember_described(studio: Studio, id: str, token: str, lang: str = "zh") -> Notice:
    """The conversation as it was. Raises NotFound, Conflict, NotSaved."""
    await _idle(studio, id, lang)
    await asyncio.to_thread(kept_of(studio).restore, token, id)
    OPEN.pop((str(studio.settings.home), id), None)
    return Notice(RESTORED, state(studio, await _opened(studio, id, lang), ""))


async def _turn(studio: Studio, one: Described, model: str, going: UnderWay, by: str) -> None:
    """The describer's turn, seen by other instances, whatever becomes of it."""
    telling_it = asyncio.create_task(telling(one, going))
    try:
        await _answered(studio, one, model, by)
    finally:
        telling_it.cancel()
        await asyncio.wait({telling_it})
        await finished(one)


async def _answered(studio: Studio, one: Described, model: str, by: str) -> None:
    said = [Exchange(past["asked"], past["answer"]) for past in one.said[-CONTEXT:]]
    last: Event | None = None
    try:
        async with studio.trying(by, long=True):
            async for event in answered(
                one.room, one.asking, said, is_demo=lambda: is_demo(studio), model=model
            ):
                one.take(event)
                last = event
        one.ended(last.text if isinstance(last, Replied) else one.text, _why(last))
    except asyncio.CancelledError:
        one.ended(f"{one.text} {STOPPED.to(one.room.lang)}".strip())
    except HongyanError as e:
        one.ended(one.text, e.text)
    except Exception:  # noqa: BLE001 # a panel always gets an answer; the bug is logged
        one.ended(one.text, excuse("describe"))
    for paid in one.room.paid:
        one.count(paid)
    one.room.paid = []
    _keep(studio, one)
    await count(studio, describer(one.room.lang), one.paid, by)


def _why(last: Event | None) -> Text | None:
    return last.reason if isinstance(last, Failed) else None


def _accept(studio: Studio, who: Actor, one: Described, numbers: Collection[int]) -> Notice:
    proposals = one.room.proposals
    agent, suite = proposals.accepting(numbers)
    count = sum(made.number in numbers for made in proposals.made)
    opened = studio.library.open(one.id)
    if agent != opened.data:
        saved(studio, who, one.id, agent, begun_from(opened))
    if suite != proposals.suite:
        _suites(studio).save(one.id, suite, None)
    proposals.accepted(numbers, studio.library.open(one.id).data, suite)
    _keep(studio, one)
    value = {"opened": open_agent(studio, one.id), "state": state(studio, one, "")}
    return Notice(ACCEPTED.fill(count=count), value)


async def _idle(studio: Studio, id: str, lang: str) -> Described:
    """Raises Conflict while it works."""
    one = await _opened(studio, id, lang)
    far = None if one.running else await asyncio.to_thread(elsewhere, studio, id)
    if one.running or far:
        raise Conflict(BUSY)
    return one


async def _opened(studio: Studio, id: str, lang: str) -> Described:
    """With what its owner has by now. Raises NotFound, BadAgent."""
    key = (str(studio.settings.home), id)
    known = OPEN.get(key, None)
    if known is not None and known.running:
        return known
    one = await asyncio.to_thread(_fresh, studio, id, lang, known)
    if (now := OPEN.get(key, None)) is not None and now is not known:
        return now  # another page opened it meanwhile: a talk is one
    OPEN[key] = one
    return one


def _fresh(studio: Studio, id: str, lang: str, known: Described | None) -> Described:
    data = studio.library.open(id).data
    suite, _ = _suites(studio).open(id)
    revision = kept_of(studio).revision(id)
    if known is not None and known.revision == revision:
        if known.room.proposals.base != data or known.room.proposals.suite != suite:
            known.room.proposals.begin(data, suite)
        return known
    kept = kept_of(studio).open(id)
    ground = ground_of(studio, lang)
    proposals = Proposals(data, ground.judge, suite, list(kept.made), kept.next)
    asked = dict(kept.asked) if kept.asked else None
    room = Room(ground, proposals, lang, asked, kept.tested, kept.publish)
    return Described(id, room, kept.said, revision=revision)


def _keep(studio: Studio, one: Described) -> None:
    """A full disk costs the conversation's place after a restart, and nothing else."""
    room = one.room
    made = room.proposals
    try:
        kept = Kept(one.said, made.made, made.next, room.asked, room.publish, room.tested)
        one.revision = kept_of(studio).save(one.id, kept)
    except HongyanError as e:
        log.warning("what is said of %s is not kept: %s", one.id, e.text.en)


def kept_of(studio: Studio) -> Descriptions:
    return Descriptions(studio.settings.data)


def _suites(studio: Studio) -> Suites:
    return Suites(studio.settings.agents, studio.settings.data)
