"""Let a version answer beside the one that people get, heard by nobody; and stop it."""

import math
import time
from collections.abc import Collection

from runtime.access.actor import SYSTEM, Actor
from runtime.agents.agent import Agent
from runtime.errors import BadSettings, Conflict
from runtime.lang import Text
from runtime.publish.canary import LIVE, MEANWHILE, frozen_draft
from runtime.publish.publications import the_publication
from runtime.store.control.control import Control
from runtime.store.control.shadows import Shadow, Why
from runtime.store.messages.shadowed import told

SHARE = 10.0
YUAN = 10.0
"""A day, where nothing else is said."""
LEAST, MOST = 0.1, 100.0
DEAREST = 100_000.0
NO_SHARE = Text("比例是 {least} 到 100 之间的数。", "The share is a number from {least} to 100.")
NO_MONEY = Text(
    "每天的花费是 0.1 到 100000 元（约 0.02 到 14000 美元）之间的数。",
    "A day's cost is from 0.1 to 100,000 yuan, which is about $0.02 to $14,000.",
)
RUNS = Text("v{number} 正在当影子，请先停止它。", "v{number} is a shadow already: stop it first.")
NONE = Text("现在没有影子版本。", "No version is a shadow.")
OFFLINE = Text("「{id}」已经下线，没有对话可以一起答。", "{id!r} was taken offline: nothing to answer.")
ENDED: dict[Why, Text] = {
    "stopped": Text("已停止", "stopped"),
    "live": Text("它已经在回答所有人", "it answers everybody by now"),
    "replaced": Text("线上换了别的版本", "another version was published"),
    "gone": Text("读不出来了", "it could no longer be read"),
    "cut_off": Text("运行时程序连续中断，已自动停止", "the program died while it ran, so it was stopped"),
}


def begin(
    control: Control,
    id: str,
    number: int,
    *,
    share: float | None = None,
    yuan: float | None = None,
    by: Actor = SYSTEM,
) -> Shadow:
    """That version answers so many percent of the conversations, unheard, and costs so many yuan a day.

    Raises NotFound, BadAgent when it can no longer be read, BadSettings (`field`: share, yuan, version),
    Conflict where one runs already or nobody is answered.
    """
    part, most = _wanted(control, id, share, yuan)
    if number == the_publication(control, id).version:
        raise BadSettings(LIVE.fill(number=number), field="version")
    Agent.load(control.frozen_agent(id, number))
    begun = Shadow(id=id, version=number, share=part, yuan=most, since=time.time(), by=by.id)
    if not control.shadows.begin(begun):
        raise Conflict(RUNS.fill(number=number))
    return the_shadow(control, id)


def begin_draft(
    control: Control,
    agent: Agent,
    id: str,
    *,
    share: float | None = None,
    yuan: float | None = None,
    allowed: Collection[str] = (),
    by: Actor = SYSTEM,
) -> Shadow:
    """The agent as it is now, frozen as another version of the publication. Raises as `begin`, and BadAgent
    when the check finds an error: then nothing is frozen."""
    _wanted(control, id, share, yuan)
    number = frozen_draft(control, agent, id, "", allowed, by)
    return begin(control, id, number, share=share, yuan=yuan, by=by)


def stop(control: Control, id: str, *, by: Actor = SYSTEM) -> Shadow:
    """What it was; what it came to stays in the list. Raises NotFound, Conflict, StoreFailed."""
    known, now = the_shadow(control, id), time.time()
    path = control.home / "data" / "messages.db"
    figures = told(path, id, known.version, known.since, now)["figures"]
    if not control.shadows.end(id, known.version, "stopped", now, figures=figures, by=by.id):
        raise Conflict(NONE)
    return known


def go_on(control: Control, id: str, version: int, *, by: Actor = SYSTEM) -> Shadow:
    """Undo `stop`, with what it came to. Raises NotFound, BadAgent when it can no longer be read, Conflict
    where another began since, or that version answers everybody."""
    publication = the_publication(control, id)
    Agent.load(control.frozen_agent(id, version))
    if publication.version == version or not control.shadows.back(id, version, by.id):
        raise Conflict(MEANWHILE)
    return the_shadow(control, id)


def the_shadow(control: Control, id: str) -> Shadow:
    """Raises NotFound; Conflict where none runs."""
    the_publication(control, id)
    if (found := control.shadows.find(id)) is None:
        raise Conflict(NONE)
    return found


def _wanted(control: Control, id: str, share: float | None, yuan: float | None) -> tuple[float, float]:
    if not the_publication(control, id).enabled:
        raise Conflict(OFFLINE.fill(id=id))
    part, most = SHARE if share is None else share, YUAN if yuan is None else yuan
    if not math.isfinite(part) or not LEAST <= part <= MOST:
        raise BadSettings(NO_SHARE.fill(least=LEAST), field="share")
    if not math.isfinite(most) or not LEAST <= most <= DEAREST:
        raise BadSettings(NO_MONEY, field="yuan")
    if running := control.shadows.find(id):
        raise Conflict(RUNS.fill(number=running.version))
    return float(part), float(most)
