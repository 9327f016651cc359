"""Privacy: what is kept and for how long, what a run would delete, where it goes, what providers are told."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from builder.actions import Notice, pair
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime import tools as tool_kinds
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents import providers_used
from runtime.errors import Invalid
from runtime.exposure.leaving import places_used
from runtime.exposure.point import Here
from runtime.lang import Text
from runtime.models.told_headers import PERIOD, TAG, ToldHeaders
from runtime.privacy.gets import GOES, Goes
from runtime.privacy.kinds import CHOSEN, KINDS, SEALED, Data
from runtime.privacy.retained import retain_now
from runtime.schema import first_problem
from runtime.store.control.retention_days import RetentionDays
from runtime.store.messages.beside import look, writing
from runtime.store.messages.retention import DONE, LAST, Standing, standing
from runtime.store.messages.retention import KINDS as KEPT
from runtime.store.messages.switching import Switch, switch, told
from runtime.store.messages.switching import found as found_switch
from runtime.trash import KEPT as BINS

Json = dict[str, Any]
DAY = 86_400.0
SAVED = Text("已保存，从下一次运行起生效。", "Saved. It counts from the next run on.")
TOLD = Text("已保存，从下一次提问起就带上。", "Saved. The next question carries it.")
WENT = Text("已删除 {many} 项过期的内容。", "Deleted {many} things that were too old.")
SWITCHED_ON = Text(
    "已打开。新的内容几秒后起加密，原有的正在后台加密。",
    "On. Within seconds what comes is encrypted, and what is there follows.",
)
SWITCHED_OFF = Text(
    "已关闭。新的内容不再加密，原有的正在后台解密。",
    "Off. What comes is not encrypted, and what is there follows.",
)
FILES = 20_000
"""Of one kind that are counted."""


@needs(Permission.SETTINGS_VIEW)
def overview(studio: Studio) -> Json:
    """What there is of each kind with an end, what else is kept, who gets it, and what providers are told."""
    control, now = studio.control, time.time()
    days = control.retention().days
    path = studio.settings.data / "messages.db"
    nothing = [Standing(kind, days.get(kind), 0, None, 0) for kind in KEPT]
    found = look(path, lambda db: standing(db, days, now), nothing)
    last = look(path, lambda db: db.execute(LAST, (DONE,)).fetchone(), None)
    switched = look(path, found_switch, Switch())
    agents = [file.agent for file in studio.library.list().agents]
    used = places_used(Here(studio.settings, control, agents, now))
    headers = control.policy.told_headers()
    return {
        "kinds": [{**asdict(one), "title": pair(KEPT[one.kind].title)} for one in found],
        "fixed": _fixed(studio),
        "ran": last["at"] if last else None,
        "map": [_shown(one, days, used, is_on=switched.is_on) for one in KINDS],
        "encryption": told(switched),
        "models": [asdict(one) for one in providers_used.models(agents, control)],
        "tools": _tools(providers_used.tools(agents)),
        "told": {"tag": headers.tag, "period": headers.period, "names": [TAG, PERIOD]},
    }


@needs(Permission.SETTINGS_EDIT)
def save_days(studio: Studio, who: Actor, days: Mapping[str, int]) -> Notice:
    """By kind; what is not there has no end. Raises Invalid, NotSaved."""
    try:
        wanted = RetentionDays.model_validate({"days": dict(days), "by": who.id})
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.text, field=problem.field.removeprefix("days.")) from None
    studio.control.save_retention(wanted)
    return Notice(SAVED)


@needs(Permission.CONVERSATIONS_ERASE)
@for_good("privacy.run.hint")
def run(studio: Studio) -> Notice:
    """What the page showed as too old, and what became so since. Raises StoreFailed."""
    went = retain_now(studio.settings.data, studio.control.retention().days, time.time())
    return Notice(WENT.fill(many=sum(went.values())))


@needs(Permission.SETTINGS_EDIT)
def save_headers(studio: Studio, who: Actor, tag: str, period: str) -> Notice:
    """What every provider is told with every question. Raises Invalid, NotSaved."""
    try:
        wanted = ToldHeaders.model_validate({"tag": tag.strip(), "period": period.strip(), "by": who.id})
    except ValidationError as e:
        problem = first_problem(e)
        raise Invalid(problem.text, field=problem.field) from None
    studio.control.policy.save_headers(wanted)
    return Notice(TOLD)


@needs(Permission.SETTINGS_VIEW)
def encryption(studio: Studio) -> Json:
    """How far it came."""
    return dict(told(look(studio.settings.data / "messages.db", found_switch, Switch())))


@needs(Permission.SETTINGS_EDIT)
def encrypt(studio: Studio, on: bool) -> Notice:
    """What is there already follows while everything runs on. Raises StoreFailed."""
    with writing(studio.settings.data / "messages.db") as db:
        switch(db, "on" if on else "off", time.time())
    return Notice(SWITCHED_ON if on else SWITCHED_OFF)


def _shown(one: Data, days: Mapping[str, int], used: Collection[str], *, is_on: bool) -> Json:
    until = one.until
    if one.ends in days:
        until = Text("{days} 天", "{days} days").fill(days=days[one.ends])
    return {
        "name": one.name,
        "title": pair(one.title),
        "until": pair(until),
        "read_by": pair(one.read_by.words) if one.read_by else None,
        "where": [*one.tables, *one.files],
        "sealed": pair(CHOSEN if one.seals and is_on else SEALED[one.sealed]),
        "goes": [pair(GOES[goes]) for goes in _gets(one, used)],
        "of_people": one.of_people,
    }


def _gets(one: Data, used: Collection[str]) -> Sequence[Goes]:
    """Whoever gets it as this installation is set up."""
    more = [goes for goes in one.may_go if goes in used]
    return more if more and one.goes == ("nobody",) else [*one.goes, *more]


def _tools(used: Mapping[str, list[str]]) -> list[Json]:
    kinds = tool_kinds.registry()
    return [
        {"name": name, "title": pair(kinds[name].about.title) if name in kinds else None, "agents": agents}
        for name, agents in used.items()
    ]


def _fixed(studio: Studio) -> list[Json]:
    """Kinds whose end is not set here."""
    data = studio.settings.data
    bins = _files(data / "trash")
    return [
        {"kind": "audit", "days": studio.settings.audit_days},
        {"kind": "bins", "days": round(BINS / DAY), "many": len(bins), "oldest": min(bins, default=None)},
        {"kind": "exports", "days": None},
        {"kind": "logs", "days": None},
    ]


def _files(folder: Path) -> list[float]:
    """When each was written, seconds since 1970."""
    found: list[float] = []
    for path in folder.rglob("*"):
        if path.is_file() and len(found) < FILES:
            found.append(path.stat().st_mtime)
    return found
