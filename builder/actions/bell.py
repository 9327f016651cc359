"""What happened while somebody was away: facts that are there anyway, each told once to each person.

Nothing is watched for it: whoever opens a page asks, and gets what is so now. What a person has read is kept
by the key of each; a thing that happens again has another key.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args
from urllib.parse import quote

from builder.actions import pair
from builder.actions.bases import overview as bases_overview
from builder.actions.lasting import brief
from builder.actions.limits import uses
from builder.actions.publish_path import publish_path
from builder.actions.scanning import ended, lost
from builder.actions.whose import publications_of
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import SOME, Permission, needs
from runtime.channels import registry
from runtime.errors import HongyanError
from runtime.lang import NOTHING, Text, as_it_is
from runtime.models.budgets import day_of
from runtime.store.control.records import Seen
from runtime.store.messages.beside import is_there
from runtime.store.messages.failing import said
from runtime.store.messages.insights import Insights, Todo
from runtime.store.messages.restored import Restored

Json = dict[str, Any]
Tone = Literal["bad", "warn", "accent"]
DAY = 86_400
DAYS = 30
"""In which something waits for somebody."""
NEARLY = 0.2
"""The share of a budget from which it is told that it ends."""
KEPT = 300
"""Keys that are kept of what a person has read."""
TOUR = "tour"
"""The key of the tour, which comes once."""

TODO: Mapping[Todo, Text] = {
    "kept": Text("{n} 条回答还没送到", "{n} answers are not delivered yet"),
    "aside": Text("{n} 条消息已搁置", "{n} messages were put aside"),
    "unknown": Text("{n} 条回答不确定是否送达", "{n} answers may or may not have arrived"),
    "bounced": Text("{n} 条回答没送到", "{n} answers did not arrive"),
    "doubt": Text("{n} 次工具调用结果不明", "{n} tool calls of which nobody knows how they ended"),
    "handoff": Text("{n} 个人在等人工", "{n} people wait for a person"),
}
HELD = Text("{n} 条消息等您决定要不要发", "{n} messages wait for your word")
HELD_WHY = Text("它们来自备份", "They come from a backup")
UNREAD = Text("资料库「{name}」有 {n} 份读不了", "{n} sources of the base {name} cannot be read")
BROKEN = Text("资料库「{name}」打不开", "The base {name} cannot be opened")
NEAR_END = Text("「{name}」今天的额度只剩 {left}%", "{left} % of today's budget for {name} is left")
UNWELL = Text("模型「{name}」现在用不了", "The model {name} cannot be used now")
UNTOLD = Text("有一部分现在看不到", "Some of it cannot be seen now")


@dataclass(frozen=True)
class Told:
    """`key` says which it is, `to` where it is dealt with, below the builder's root."""

    key: str
    tone: Tone
    title: dict[str, str]
    text: dict[str, str]
    to: str


def _told(key: str, tone: Tone, title: Text, text: Text = NOTHING, to: str = "") -> Told:
    return Told(key, tone, pair(title), pair(text), to)


@needs(Permission.AGENTS_VIEW, on=SOME)
@brief("a few records of the last days")
async def bell(studio: Studio, who: Actor) -> Json:
    """{notices: [{key, tone, title, text, to, read}], tour}: `tour`, whether it should come by itself."""
    found = await asyncio.to_thread(lambda: list(_all(studio, who)))
    if who.may(Permission.MODELS_VIEW):
        found += list(_models(studio))
    found += [one async for one in _limits(studio, who)]
    seen = _seen(studio, who)
    is_new = TOUR not in seen and not any(studio.library.folder.glob("*.json"))
    return {"notices": [{**asdict(one), "read": one.key in seen} for one in found], "tour": is_new}


@needs(Permission.AGENTS_VIEW, on=SOME)
def have_read(studio: Studio, who: Actor, keys: list[str]) -> None:
    """What a person has seen; the newest KEPT are known."""
    kept = [key for key in _seen(studio, who) if key not in keys]
    newest = (*kept, *(key[:200] for key in keys[:KEPT]))[-KEPT:]
    studio.control.seen.put(Seen(id=who.id, keys=newest))


def _seen(studio: Studio, who: Actor) -> tuple[str, ...]:
    known = studio.control.seen.get(who.id)
    return known.keys if known else ()


def _all(studio: Studio, who: Actor) -> Iterator[Told]:
    """One that cannot be had hides no other."""
    for permission, part in PARTS:
        if not who.may_somewhere(permission):
            continue
        try:
            yield from part(studio, who)
        except HongyanError as e:
            yield _told(f"untold {part.__name__} {e.code}", "warn", UNTOLD, e.text)


def _failing(studio: Studio, who: Actor) -> Iterator[Told]:
    within = _read_by(studio, who)
    for one in _insights(studio).failing(time.time()):
        if within is not None and one.publication not in within:
            continue
        key = f"failing {one.publication} {one.since:.0f}"
        yield _told(key, "bad", _named(studio, one.publication), said(one), "insights/")


def _links(studio: Studio, who: Actor) -> Iterator[Told]:
    for publication, why in lost(studio.control):
        if not who.may(Permission.AGENTS_VIEW, publication.agent):
            continue
        title, to = _named(studio, publication.id), publish_path(publication)
        yield _told(f"lost {publication.id} {publication.version}", "bad", title, why, to)
    for publication, why in ended(studio.control, _insights(studio).fact):
        if not who.may(Permission.AGENTS_VIEW, publication.agent):
            continue
        title, to = _named(studio, publication.id), publish_path(publication)
        yield _told(f"ended {publication.id} {publication.version}", "bad", title, why, to)


def _unreadable(studio: Studio, who: Actor) -> Iterator[Told]:
    if not who.may(Permission.AGENTS_VIEW):
        return  # of which agent one is cannot be read
    for id, why in studio.control.unreadable().items():
        yield _told(f"unreadable {id}", "bad", as_it_is(id), why, "insights/")


def _todo(studio: Studio, who: Actor) -> Iterator[Told]:
    if not is_there(studio.settings.data / "messages.db"):
        return
    insights, within = _insights(studio), _read_by(studio, who)
    for kind in get_args(Todo):
        found = insights.todo(kind, time.time() - DAY * DAYS, within)
        if found.total:
            newest = max(line["seq"] for line in found.lines)
            title = TODO[kind].fill(n=found.total)
            yield _told(f"todo {kind} {newest}", "warn", title, to="insights/todo")


def _held_back(studio: Studio, who: Actor) -> Iterator[Told]:
    if not who.may(Permission.CONVERSATIONS_ANSWER):
        return
    if count := Restored(studio.settings.data / "messages.db").count():
        yield _told(f"held {count}", "warn", HELD.fill(n=count), HELD_WHY, "./")


def _bases(studio: Studio, who: Actor) -> Iterator[Told]:
    found = bases_overview(studio, who)
    for one in found["bases"]:
        if unread := one["unread"]:
            title = UNREAD.fill(name=one["name"], n=unread)
            yield _told(f"base {one['id']} {unread}", "warn", title, to=f"bases?base={quote(one['id'])}")
    for one in found["broken"]:
        yield Told(f"base {one['id']}", "bad", pair(BROKEN.fill(name=one["id"])), one["text"], "bases")


def _models(studio: Studio) -> Iterator[Told]:
    """On the loop, where money is counted."""
    spent, today = studio.services.budgets, day_of(time.time())
    for budget in studio.control.policy.budgets():
        left = budget.left(spent.of_budget(budget))
        if left <= NEARLY:
            title = NEAR_END.fill(name=budget.id, left=round(100 * left))
            yield _told(f"budget {budget.id} {today} {left <= 0}", "warn", title, to="models")
    for one in studio.models.unwell():
        title = UNWELL.fill(name=one.model)
        why = one.failed.text if one.failed else NOTHING
        yield _told(f"model {one.model} {today}", "warn", title, why, "models")


def _read_by(studio: Studio, who: Actor) -> frozenset[str] | None:
    """On which publications they may read conversations; None: on all."""
    return publications_of(studio.control, who.agents(Permission.CONVERSATIONS_READ))


async def _limits(studio: Studio, who: Actor) -> AsyncIterator[Told]:
    """Of agents, API keys and members; models and all together are among the budgets."""
    now = time.time()
    try:
        found = await uses(studio, who, now)
    except HongyanError as e:
        yield _told(f"untold limits {e.code}", "warn", UNTOLD, e.text)
        return
    for one in found:
        if one["kind"] in ("agent", "key", "user") and one["share"] >= 1 - NEARLY:
            left = max(0, round(100 * (1 - one["share"])))
            key = f"limit {one['kind']} {one['id']} {day_of(now)} {left <= 0}"
            yield _told(key, "warn", NEAR_END.fill(name=one["name"], left=left), to="limits")


def _insights(studio: Studio) -> Insights:
    return Insights(studio.settings.data / "messages.db", 1.0)


def _named(studio: Studio, id: str) -> Text:
    """The agent's name and the channel's title."""
    record = studio.control.publication(id)
    if record is None:
        return as_it_is(id)
    kind = registry().get(record.channel)
    name = str(studio.control.frozen_agent(id, record.version).get("name", record.agent))
    title = kind.about.title if kind else as_it_is(record.channel)
    return Text("{name} · {title}", "{name} · {title}").fill(name=name, title=title)


PARTS: tuple[tuple[Permission, Callable[[Studio, Actor], Iterator[Told]]], ...] = (
    (Permission.CONVERSATIONS_READ, _failing),
    (Permission.AGENTS_VIEW, _links),
    (Permission.AGENTS_VIEW, _unreadable),
    (Permission.CONVERSATIONS_READ, _todo),
    (Permission.CONVERSATIONS_ANSWER, _held_back),
    (Permission.KNOWLEDGE_VIEW, _bases),
)
