"""Clicks on a version that answers a part of the people first."""

import time
from collections.abc import Sequence
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.suites import tested
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import NOTHING, Text
from runtime.publish import difference
from runtime.publish.canary import ENDED, begin, begin_draft, change, go_on, release, stop
from runtime.publish.publications import the_publication
from runtime.store.control.records import Publication
from runtime.store.messages.compared import sides

Json = dict[str, Any]

BEGUN = Text(
    "v{version} 已开始试用，其他人还由 v{stable} 回答。",
    "v{version} is being tried; everybody else has v{stable}.",
)
CHANGED = Text("已保存，新消息就按它来。", "Saved; it counts from the next message on.")
STOPPED = Text("试用已停止，所有人都由 v{stable} 回答。", "The trial is over; v{stable} answers everybody.")
RELEASED = Text("现在由 v{version} 回答所有人。", "v{version} answers everybody now.")


def running(studio: Studio, publication: Publication) -> Json:
    """What runs, and how the last one ended."""
    found = studio.control.canaries.find(publication.id)
    past = studio.control.canaries.past(publication.id)
    word = studio.control.debug_words.find(publication.id)
    told = found and {"version": found.version, "share": found.share, "tags": list(found.tags)}
    return {
        "debug": word and {"hours": word.hours, "draft": word.draft},
        "now": told and {**told, "since": found.since if found else 0},
        "last": past[0].model_dump(mode="json", exclude={"salt"}) | {"says": pair(ENDED[past[0].why])}
        if past
        else None,
    }


def mark_of(studio: Studio, id: str) -> str:
    """Another one when what runs is another, or is over."""
    found = studio.control.canaries.find(id)
    return f" {found.version} {found.share}" if found else ""


@needs(Permission.AGENTS_PUBLISH, on="publication")
def start_canary(
    studio: Studio,
    who: Actor,
    publication: str,
    version: int = 0,
    share: float | None = None,
    tags: Sequence[str] = (),
) -> Notice:
    """`version`: one that was published; 0: the agent as it is saved now. Raises BadAgent, BadSettings,
    NotFound, Conflict."""
    known = the_publication(studio.control, publication)
    if not version:
        found, allowed = studio.library.ready(known.agent), studio.settings.egress_allow
        tested(studio, found).refuse()
        own = (studio.control, found, publication)
        begun = begin_draft(*own, share=share, tags=tags, allowed=allowed, by=who)
    else:
        begun = begin(studio.control, publication, version, share=share, tags=tags, by=who)
    return Notice(BEGUN.fill(version=begun.version, stable=known.version))


@needs(Permission.AGENTS_PUBLISH, on="publication")
def share_canary(
    studio: Studio,
    who: Actor,
    publication: str,
    share: float | None = None,
    tags: Sequence[str] | None = None,
) -> Notice:
    """Who has it from now on; None: as it is."""
    change(studio.control, publication, share=share, tags=tags, by=who)
    return Notice(CHANGED)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@undone_by("canary_back")
def stop_canary(studio: Studio, who: Actor, publication: str) -> Notice:
    over = stop(studio.control, publication, by=who)
    stable = the_publication(studio.control, publication).version
    return Notice(STOPPED.fill(stable=stable), undo={"publication": publication, "version": over.version})


@needs(Permission.AGENTS_PUBLISH, on="publication")
def canary_back(studio: Studio, who: Actor, publication: str, version: int) -> Notice:
    """For the same people as before. Raises Conflict where another began since."""
    go_on(studio.control, publication, version, by=who)
    return Notice(RESTORED)


@needs(Permission.AGENTS_PUBLISH, on="publication")
def release_canary(studio: Studio, who: Actor, publication: str) -> Notice:
    return Notice(RELEASED.fill(version=release(studio.control, publication, by=who).version))


@needs(Permission.AGENTS_VIEW, on="publication")
def canary_figures(studio: Studio, publication: str) -> Json:
    """How it does, and how the other does for everybody else, and what may be said of that; nothing where
    none runs. Raises NotFound."""
    known = the_publication(studio.control, publication)
    if (found := studio.control.canaries.find(publication)) is None:
        return {"sides": [], "says": pair(NOTHING)}
    path, now = studio.settings.data / "messages.db", time.time()
    both = sides(path, publication, found.version, known.version, found.since, now)
    return {"sides": both, "says": pair(difference.told(both))}
