"""Clicks on a version that answers beside the one that people get, heard by nobody."""

import time
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import NOTHING, Text
from runtime.publish.publications import the_publication
from runtime.publish.shadow import ENDED, YUAN, begin, begin_draft, go_on, stop
from runtime.publish.shadow_report import says
from runtime.store.control.records import Publication
from runtime.store.messages.shadowed import told

Json = dict[str, Any]

BEGUN = Text(
    "v{version} 开始在旁边试答，没有人听得到；线上还是 v{live}。",
    "v{version} answers along, and nobody hears it; people have v{live}.",
)
STOPPED = Text("已停止，结果留在这里。", "It is over; what it came to stays here.")


def shadowing(studio: Studio, publication: Publication) -> Json:
    """What runs, and what the last one came to."""
    found = studio.control.shadows.find(publication.id)
    past = studio.control.shadows.past(publication.id)
    now = found and {"version": found.version, "share": found.share, "yuan": found.yuan, "since": found.since}
    return {"now": now, "usual": YUAN, "last": _over(past[0], publication.version) if past else None}


def mark_of_shadow(studio: Studio, id: str) -> str:
    """Another one when what runs is another, or is over."""
    found = studio.control.shadows.find(id)
    return f" s{found.version}" if found else ""


def _over(one: Any, live: int) -> Json:
    figures = one.figures and one.figures.model_dump(mode="json")
    report = says(figures, live, one.version) if figures else NOTHING
    return {"version": one.version, "at": one.at, "why": pair(ENDED[one.why]), "says": pair(report)}


@needs(Permission.AGENTS_PUBLISH, on="publication")
def start_shadow(
    studio: Studio,
    who: Actor,
    publication: str,
    version: int = 0,
    share: float | None = None,
    yuan: float | None = None,
) -> Notice:
    """`version`: one that was published; 0: the agent as it is saved now. Raises BadAgent, BadSettings,
    NotFound, Conflict."""
    known = the_publication(studio.control, publication)
    wanted: Json = {"share": share, "yuan": yuan, "by": who}
    if version:
        begun = begin(studio.control, publication, version, **wanted)
    else:
        found, allowed = studio.library.ready(known.agent), studio.settings.egress_allow
        begun = begin_draft(studio.control, found, publication, **wanted, allowed=allowed)
    return Notice(BEGUN.fill(version=begun.version, live=known.version))


@needs(Permission.AGENTS_PUBLISH, on="publication")
@undone_by("shadow_back")
def stop_shadow(studio: Studio, who: Actor, publication: str) -> Notice:
    over = stop(studio.control, publication, by=who)
    return Notice(STOPPED, undo={"publication": publication, "version": over.version})


@needs(Permission.AGENTS_PUBLISH, on="publication")
def shadow_back(studio: Studio, who: Actor, publication: str, version: int) -> Notice:
    """With what it came to until then. Raises Conflict where another began since."""
    go_on(studio.control, publication, version, by=who)
    return Notice(RESTORED)


@needs(Permission.AGENTS_VIEW, on="publication")
def shadow_report(studio: Studio, publication: str) -> Json:
    """What may be said of it, and of how many answers; nothing where none runs. Raises NotFound."""
    found = _told(studio, publication)
    differ = len(found["pairs"]) if found else 0
    return {"says": pair(found["says"] if found else NOTHING), "differ": differ}


@needs(Permission.CONVERSATIONS_READ, on="publication")
def shadow_pairs(studio: Studio, publication: str) -> Json:
    """The answers that differ most, which are people's words. Raises NotFound."""
    found = _told(studio, publication)
    return {"pairs": found["pairs"] if found else []}


def _told(studio: Studio, publication: str) -> Json | None:
    known = the_publication(studio.control, publication)
    if (found := studio.control.shadows.find(publication)) is None:
        return None
    path = studio.settings.data / "messages.db"
    came = told(path, publication, found.version, found.since, time.time())
    return {"pairs": came["pairs"], "says": says(came["figures"], known.version, found.version)}
