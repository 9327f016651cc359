"""The clicks of "recently deleted": what is there, had back, or gone for good. Each kind asks for the same
permission as whoever deleted it needed, on the agent that it is of."""

import logging
import math
import time
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.bins import BINS, Bin, Line, of
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.trash import GONE, KEPT

log = logging.getLogger(__name__)

Json = dict[str, Any]
DAY = 86_400.0
MOST = 500
"""Lines that the page shows."""
DROPPED = Text("已彻底删除「{name}」。", "Deleted {name!r} for good.")
EMPTIED = Text("已彻底删除 {n} 项。", "{n} deleted for good.")


@needs(Permission.AGENTS_VIEW, on=SOME)
def overview(studio: Studio, who: Actor) -> Json:
    """What whoever looks could have back, the last one first; a kind that cannot be read says why."""
    lines, broken = [], []
    for one in _mine(who):
        try:
            lines += [_shown(one, line) for line in _lines(studio, who, one)]
        except HongyanError as e:
            broken.append({"kind": one.kind, "text": pair(e.text)})
    lines.sort(key=lambda line: -line["at"])
    return {"lines": lines[:MOST], "more": max(0, len(lines) - MOST), "broken": broken}


@needs(Permission.AGENTS_RUN, on=SOME)
@recorded("token")
def restore(studio: Studio, who: Actor, kind: str, token: str, *, renamed: bool = False) -> Notice:
    """`renamed`: beside what has its place by now. Raises Forbidden, NotFound, Conflict; Taken where it may
    come back so."""
    one, line = _found(studio, who, kind, token)
    if renamed and one.agent(line) is not None:
        who.must(one.permission)  # the other name is an agent's on which nobody was given anything
    return Notice(RESTORED, {"to": one.restore(studio, who, token, renamed)})


@needs(Permission.AGENTS_RUN, on=SOME)
@recorded("id")
def bring_back(studio: Studio, who: Actor, kind: str, id: str) -> Notice:
    """The newest of that id, for a page that still shows it. Raises Forbidden, NotFound, NotSaved; Taken."""
    one = _somewhere(who, kind)
    token = next((line.token for line in _lines(studio, who, one) if line.id == id), "")
    return restore(studio, who, kind, token)


@needs(Permission.AGENTS_RUN, on=SOME)
@for_good("deleted.drop.hint")
@recorded("token")
def drop(studio: Studio, who: Actor, kind: str, token: str) -> Notice:
    """Raises Forbidden, NotFound, NotSaved."""
    one, line = _found(studio, who, kind, token)
    one.drop(studio, who, token)
    log.info("%s deleted the %s %s for good", who.id, kind, line.id)
    return Notice(DROPPED.fill(name=line.name))


@needs(Permission.AGENTS_RUN, on=SOME)
@for_good("deleted.empty.hint")
@recorded("")
def empty(studio: Studio, who: Actor, before: float) -> Notice:
    """What was there when the page was drawn, and whoever asks might delete. Raises NotSaved."""
    count = 0
    for one in _mine(who):
        for line in _lines(studio, who, one):
            if line.at <= before:
                one.drop(studio, who, line.token)
                count += 1
    log.info("%s deleted %d things for good", who.id, count)
    return Notice(EMPTIED.fill(n=count), {"n": count})


def _mine(who: Actor) -> list[Bin]:
    return [one for one in BINS if who.may_somewhere(one.permission)]


def _lines(studio: Studio, who: Actor, one: Bin) -> list[Line]:
    """Those of what they might delete: of everything, or of the agents that are theirs."""
    return [line for line in one.lines(studio, who) if who.may(one.permission, one.agent(line))]


def _somewhere(who: Actor, kind: str) -> Bin:
    """Raises NotFound, Forbidden for who may do that nowhere."""
    one = of(kind)
    if not who.may_somewhere(one.permission):
        who.must(one.permission)
    return one


def _found(studio: Studio, who: Actor, kind: str, token: str) -> tuple[Bin, Line]:
    """Raises NotFound, Forbidden."""
    one = _somewhere(who, kind)
    line = next((line for line in one.lines(studio, who) if line.token == token), None)
    if line is None:
        raise NotFound(GONE)
    who.must(one.permission, one.agent(line))
    return one, line


def _shown(one: Bin, line: Line) -> Json:
    left = max(0, math.ceil((line.at + KEPT - time.time()) / DAY))
    return {**vars(line), "kind": one.kind, "left": left}
