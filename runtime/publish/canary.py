"""Let a version answer a part of the people first, and then everybody, or nobody."""

import math
import time
from collections.abc import Collection, Sequence

from runtime.access.actor import SYSTEM, Actor
from runtime.agents.agent import Agent
from runtime.agents.check import check, refuse_errors
from runtime.agents.nesting import gathered
from runtime.errors import BadSettings, Conflict
from runtime.lang import Text
from runtime.person import LONGEST_TAG, NO_TAG
from runtime.publish.publications import roll_back, the_publication
from runtime.store.control.canaries import Canary, Why
from runtime.store.control.control import Control
from runtime.templating.prompts import prompts_of

FIRST = 10.0
"""Percent of the people that it begins with, at most."""
LEAST = 0.1
MOST_TAGS = 20
NOBODY = Text(
    "0% 就是谁都不用新版本：要结束试用请用停止；只给名单上的人，就不要写比例。",
    "0 % is nobody: to end a canary, stop it; for people on a list alone, name no share.",
)
EVERYBODY = Text(
    "100% 就是正式发布：请改用「发布给所有人」（命令行是 canary release）。",
    "100 % is everybody: release it instead (on the command line: canary release).",
)
NO_SHARE = Text("比例是 {least} 到 99 之间的数。", "The share is a number from {least} to 99.")
TOO_LARGE = Text(
    "先给最多 {most:g}% 的人试用，没问题再加大。", "Begin with {most:g} % of the people at most, then grow."
)
WITH_WHOM = Text("请写明比例或标签。", "Name a share or tags.")
LIVE = Text("v{number} 已经在回答所有人。", "v{number} answers everybody already.")
RUNS = Text(
    "v{number} 正在试用，请先停止它，或发布给所有人。",
    "v{number} is on canary already: stop or release it first.",
)
NONE = Text("现在没有试用中的版本。", "No version is on canary.")
MEANWHILE = Text(
    "这之后版本又换过，试用恢复不了；请重新开始。",
    "The versions changed since, so that canary cannot go on; begin another.",
)
ENDED: dict[Why, Text] = {
    "stopped": Text("已停止", "stopped"),
    "released": Text("已发布给所有人", "released to everybody"),
    "replaced": Text("发布了别的版本", "another version was published"),
    "gone": Text("读不出来了", "it could no longer be read"),
    "failures": Text("失败得多，已自动撤回", "it failed more often and was taken back by itself"),
    "slow": Text("慢得多，已自动撤回", "it was slower and was taken back by itself"),
    "thumbs": Text("差评多，已自动撤回", "people liked it less, and it was taken back by itself"),
}
OFFLINE = Text("「{id}」已经下线，没有人可以试用。", "{id!r} was taken offline; there is nobody to try it.")


def begin(
    control: Control,
    id: str,
    number: int,
    *,
    share: float | None = None,
    tags: Sequence[str] = (),
    by: Actor = SYSTEM,
) -> Canary:
    """That version answers so many percent of the people from now on, and whoever has one of the tags.

    Raises NotFound, BadAgent when it can no longer be read, BadSettings (`field`: share, tag, version),
    Conflict where one runs already or nobody is answered.
    """
    part, named = _for_whom(control, id, share, tags)
    publication = the_publication(control, id)
    if number == publication.version:
        raise BadSettings(LIVE.fill(number=number), field="version")
    Agent.load(control.frozen_agent(id, number))
    begun = Canary(id=id, version=number, share=part, tags=named, since=time.time(), by=by.id)
    beside = [one.id for one in control.publications() if one.agent == publication.agent and one.id != id]
    if not control.canaries.begin(begun, beside):
        raise Conflict(RUNS.fill(number=number))
    return control.canaries.find(id) or begun


def begin_draft(
    control: Control,
    agent: Agent,
    id: str,
    note: str = "",
    *,
    share: float | None = None,
    tags: Sequence[str] = (),
    allowed: Collection[str] = (),
    by: Actor = SYSTEM,
) -> Canary:
    """The agent as it is now, frozen as another version of the publication. Raises as `begin`, and BadAgent
    when the check finds an error: then nothing is frozen.
    """
    _for_whom(control, id, share, tags)
    number = frozen_draft(control, agent, id, note, allowed, by)
    return begin(control, id, number, share=share, tags=tags, by=by)


def frozen_draft(
    control: Control, agent: Agent, id: str, note: str, allowed: Collection[str], by: Actor
) -> int:
    """The number of the version that it is from now on; who is answered by it is another thing. Raises
    BadAgent when the check finds an error."""
    refuse_errors(agent, check(agent, prompts_of(control.home), control, allowed))
    whole = gathered(agent, control.home)
    for inner in whole.others.values():
        refuse_errors(inner, check(inner, prompts_of(control.home), control, allowed))
    return control.freeze(id, whole.to_json(), note, by=by.id).number


def change(
    control: Control,
    id: str,
    *,
    share: float | None = None,
    tags: Sequence[str] | None = None,
    by: Actor = SYSTEM,
) -> Canary:
    """None: as it is. A larger share only adds people. Raises NotFound, BadSettings, Conflict."""
    known = the_canary(control, id)
    part = known.share if share is None else checked_share(share)
    named = known.tags if tags is None else _tags(tags)
    if not part and not named:
        raise BadSettings(WITH_WHOM, field="tag")
    if not control.canaries.change(id, known.version, share=part, tags=named, by=by.id):
        raise Conflict(NONE)
    return the_canary(control, id)


def stop(control: Control, id: str, *, why: Why = "stopped", by: Actor = SYSTEM) -> Canary:
    """Everybody has the other version again; what it was. Raises NotFound, Conflict."""
    known = the_canary(control, id)
    if not control.canaries.end(id, known.version, why, time.time(), by=by.id):
        raise Conflict(NONE)
    return known


def go_on(control: Control, id: str, version: int, *, by: Actor = SYSTEM) -> Canary:
    """Undo `stop`, for the same people. Raises NotFound, BadAgent when it can no longer be read, Conflict
    where another began since, or that version answers everybody."""
    publication = the_publication(control, id)
    Agent.load(control.frozen_agent(id, version))
    if publication.version == version or not control.canaries.back(id, version, by.id):
        raise Conflict(MEANWHILE)
    return the_canary(control, id)


def release(control: Control, id: str, *, by: Actor = SYSTEM) -> Canary:
    """It answers everybody from now on. Raises NotFound, BadAgent when it can no longer be read, Conflict."""
    known = the_canary(control, id)
    roll_back(control, id, known.version, by=by)
    return known


def the_canary(control: Control, id: str) -> Canary:
    """Raises NotFound; Conflict where none runs."""
    the_publication(control, id)
    if (found := control.canaries.find(id)) is None:
        raise Conflict(NONE)
    return found


def checked_share(share: float) -> float:
    """In percent. Raises BadSettings."""
    if share == 0:
        raise BadSettings(NOBODY, field="share")
    if share == 100:
        raise BadSettings(EVERYBODY, field="share")
    if not math.isfinite(share) or not LEAST <= share <= 99:
        raise BadSettings(NO_SHARE.fill(least=LEAST), field="share")
    return float(share)


def _for_whom(
    control: Control, id: str, share: float | None, tags: Sequence[str]
) -> tuple[float, tuple[str, ...]]:
    """The share and the tags that one may begin with."""
    if not the_publication(control, id).enabled:
        raise Conflict(OFFLINE.fill(id=id))
    named = _tags(tags)
    if share is None and not named:
        raise BadSettings(WITH_WHOM, field="share")
    part = 0.0 if share is None else checked_share(share)
    if part > FIRST:
        raise BadSettings(TOO_LARGE.fill(most=FIRST), field="share")
    if running := control.canaries.find(id):
        raise Conflict(RUNS.fill(number=running.version))
    return part, named


def _tags(given: Sequence[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(tag.strip() for tag in given if tag.strip()))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise BadSettings(NO_TAG.fill(most=LONGEST_TAG), field="tag")
    return tags
