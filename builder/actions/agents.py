"""The gallery's clicks: list, create, copy, rename, delete and undo, import, export."""

from collections.abc import Sequence
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.history import begin_anew, remember
from builder.actions.named_secrets import asked_by
from builder.actions.starters import groups
from builder.actions.taking_away import for_good, undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.file import AgentFile
from runtime.agents.nesting import handed_on, used
from runtime.agents.pasted_keys import keys
from runtime.agents.powers import allowing, may
from runtime.agents.strict_json import parse
from runtime.errors import HongyanError
from runtime.lang import Text, joined
from runtime.store.control.records import Publication
from runtime.store.messages.restored import Restored
from runtime.testing.taken_along import exported

Json = dict[str, Any]


WITH_KEY = Text(
    "文件里有看起来像密钥的内容，请到「编排」查看提示。",
    " It holds what looks like a key: see the hints on the Build page.",
)


EXPORTED_WITH_KEY = Text(
    "这个文件里有看起来像密钥的内容，交给别人以前请先改掉。",
    "This file holds what looks like a key: change that before you hand it on.",
)


@needs(Permission.AGENTS_VIEW, on=SOME)
def overview(studio: Studio, who: Actor) -> Json:
    """Everything the gallery shows."""
    listing = studio.library.list()
    broken = [
        {"name": f"{file.id}.json", "id": file.id, "reason": pair(file.reason)}
        for file in listing.broken
        if who.may(Permission.AGENTS_VIEW, file.id)
    ]
    return {
        "agents": [_card(studio, file) for file in seen(studio, who)],
        "broken": broken,
        "groups": groups(studio),
        "model_ready": bool(studio.control.default_model()),
        "restored": _restored(studio).count(),
    }


@needs(Permission.CONVERSATIONS_ANSWER)
def release(studio: Studio) -> Notice:
    """Send what a restore held back."""
    count = _restored(studio).release()
    return Notice(
        Text("{count} 条消息接着处理，几秒内发出。", "{count} messages go on; sent within seconds.").fill(
            count=count
        )
    )


@needs(Permission.CONVERSATIONS_ANSWER)
@for_good("agents.restored.drop.hint")
def drop(studio: Studio) -> Notice:
    """Never send what a restore held back."""
    count = _restored(studio).drop()
    return Notice(
        Text("{count} 条消息不再发送，记录还在。", "{count} messages are not sent; they stay readable.").fill(
            count=count
        )
    )


@needs(Permission.AGENTS_EDIT)
@recorded("name")
def create(studio: Studio, lang: str, starter: str = "", name: str = "") -> Json:
    """A new agent in the reader's language, from a starter, or from nothing when `starter` is empty."""
    file = studio.library.create(starter or None, lang, name)
    begin_anew(studio, file.agent.id)
    return {"id": file.agent.id}


@needs(Permission.AGENTS_EDIT)
def duplicate(studio: Studio, id: str) -> Notice:
    agent = studio.library.duplicate(id).agent
    begin_anew(studio, agent.id)
    return Notice(Text("已复制为「{name}」。", "Copied as “{name}”.").fill(name=agent.name), {"id": agent.id})


@needs(Permission.AGENTS_EDIT, on="id")
def rename(studio: Studio, id: str, name: str) -> Notice:
    agent = studio.library.rename(id, name).agent
    return Notice(
        Text("已改名为「{name}」。", "Renamed to “{name}”.").fill(name=agent.name), {"name": agent.name}
    )


@needs(Permission.AGENTS_DELETE, on="id")
@undone_by("restore")
def delete(studio: Studio, who: Actor, id: str) -> Notice:
    """What is published keeps answering: it is a frozen version."""
    try:
        name = studio.library.get(id).agent.name
    except HongyanError:
        name = id  # a broken file can be deleted too
    token = studio.library.delete(id, name, by=who.id)
    return Notice(Text("已删除「{name}」。", "Deleted “{name}”.").fill(name=name), undo={"token": token})


@needs(Permission.AGENTS_DELETE)
def restore(studio: Studio, token: str) -> Notice:
    return Notice(RESTORED, {"id": studio.library.restore(token)})


def told_of(studio: Studio, agent: Agent) -> Notice:
    """Of one that was brought in: which secrets it asks for, what it may do, and what looks like a key."""
    whole = studio.library.with_others(agent.id)
    said = Text("已导入「{name}」。", "Imported “{name}”.").fill(name=agent.name)
    if any(keys(whole.to_json())):
        said = joined([said, WITH_KEY])
    asked = [one.to_json() for one in may(whole) if one.asked]
    return Notice(said, {"id": agent.id, "secrets": asked_by(studio, agent.id), "may": asked})


@needs(Permission.AGENTS_EDIT, on="id")
def allow(studio: Studio, who: Actor, id: str, powers: list[str]) -> Notice:
    """The owner lets an agent that was brought in, and those that came with it, do these things from now on.

    Raises NotFound, Conflict.
    """
    for one in (id, *studio.library.with_others(id).others):
        file = studio.library.get(one)
        changed = allowing(file.agent, powers)
        if changed != file.agent:
            studio.library.save(changed, file.revision)
            remember(studio, who, one, changed.to_json(), file.agent.to_json())
    return Notice(value={"may": [one.to_json() for one in may(studio.library.with_others(id))]})


@needs(Permission.AGENTS_EDIT, on="id")
@recorded()
def export(studio: Studio, who: Actor, id: str) -> Notice:
    """Raises NotFound, BadAgent, Forbidden: what it calls goes along, and may be nobody's business."""
    may_take(studio, who, id)
    text = exported(studio.library, id, studio.settings.data)
    warned = EXPORTED_WITH_KEY if any(keys(parse(text))) else None
    return Notice(warned, {"name": f"{id}.json", "text": text})


def may_take(studio: Studio, who: Actor, id: str) -> None:
    """Raises Forbidden where an agent that it calls is not theirs to see, NotFound, BadAgent."""
    for other in studio.library.with_others(id).others:
        who.must(Permission.AGENTS_VIEW, other)


def may_call(who: Actor, agent: Agent, before: Json | None = None) -> None:
    """Raises Forbidden where it calls one that is not theirs to see: by that they would read it. `before`: as
    it was, whose calls stay."""
    known = set() if before is None or Agent.check(before) else {id for _, id in used(Agent.load(before))}
    for _, other in used(agent):
        if other not in known:
            who.must(Permission.AGENTS_VIEW, other)


def _card(studio: Studio, file: AgentFile) -> Json:
    agent = file.agent
    draft = studio.library.open(agent.id).is_draft
    return {
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "updated": file.changed,
        "draft": draft,
        **live_state(studio, agent.id, None if draft else agent),
    }


def live_state(studio: Studio, id: str, agent: Agent | None) -> Json:
    """What every page says of an agent's publications; `agent` None: it does not validate as it is edited.

    `version` is the newest that answers, 0 for none; `changed`, whether one of them differs from the agent.
    """
    live = [p for p in studio.control.publications() if p.agent == id and p.enabled]
    newest = max((p.version for p in live), default=0)
    changed = any(agent is None or is_changed(studio, agent, p) for p in live)
    return {"published": bool(live), "version": newest, "changed": changed}


def is_changed(studio: Studio, agent: Agent, live: Publication) -> bool:
    """Whether the agent differs from the version that answers."""
    version = studio.control.version(live.id, live.version)
    return version is None or version.agent != handed_on(agent, studio.settings.home).to_json()


def _restored(studio: Studio) -> Restored:
    return Restored(studio.settings.data / "messages.db")


@needs(Permission.AGENTS_VIEW, on=SOME)
def names(studio: Studio, who: Actor) -> list[Json]:
    """What there is to choose from, last changed first."""
    return [
        {"id": one.agent.id, "name": one.agent.name, "description": one.agent.description}
        for one in seen(studio, who)
    ]


def seen(studio: Studio, who: Actor) -> Sequence[AgentFile]:
    """The agents that they may see, last changed first."""
    return [one for one in studio.library.list().agents if who.may(Permission.AGENTS_VIEW, one.agent.id)]
