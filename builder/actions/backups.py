"""When backups are made by themselves and how the last one went; one now, and the key that encrypts them."""

import time
from pathlib import Path
from typing import Any

from builder.actions import Notice, pair
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.backups import before_update
from runtime.backups.deciding import USUAL_HOUR, decide
from runtime.backups.key_files import make_key
from runtime.backups.places import where
from runtime.backups.plan import Plans, due_at, made_by_plan
from runtime.backups.watching import HUNG, LONGEST, NOT_BEGUN, made_by, usual_program
from runtime.errors import BadSettings, NotFound, NotSaved
from runtime.lang import Text
from runtime.settings import CHECKOUT
from runtime.store.messages.growth import backed_up_at

Json = dict[str, Any]
SHOWN = {"to", "every", "at", "keep", "keep_weeks", "key_file", "passphrase_file"}
MOST = 100
"""Backups that are shown."""
SAVED = Text("已保存。从现在起按它备份。", "Saved. Backups are made by it from now on.")
ENDED = Text("不再自动备份；已有的备份都还在。", "No backups by themselves any more; those there are stay.")
MADE = Text("备份好了，也恢复了一遍来检查。", "The backup is made, and was checked by restoring it.")
NO_PLAN = Text("还没有定时备份，先保存一个。", "There is no plan yet: save one first.")
DIED = Text("备份的进程中途没了，看一看日志。", "The process that made it ended unexpectedly: see the log.")
WORKING = Text("正在备份，并恢复一遍来检查", "Backing up, and checking it by restoring it")


@needs(Permission.SETTINGS_VIEW)
def overview(studio: Studio) -> Json:
    """The plan and how it goes. Raises Unreadable, StoreFailed."""
    plans, now = Plans(studio.settings.data), time.time()
    plan, last, zone = plans.plan(), plans.last(), studio.control.options().zone
    by_hand = backed_up_at(studio.settings.data / "messages.db")
    return {
        "plan": plan.model_dump(include=SHOWN) if plan else None,
        "usual": {"every": "day", "at": USUAL_HOUR, "keep": 7, "keep_weeks": 4},
        "next": due_at(plan, last, zone, now) if plan else None,
        "zone": zone,
        "running": last.begun > 0 and last.ended is None,
        "good": {"at": last.good_at, "file": last.file, "bytes": last.bytes} if last.good_at else None,
        "newest": max(by_hand, last.good_at or 0.0) or None,
        "trouble": pair(last.why) if plan and last.failures and last.why else None,
        "failures": last.failures,
        "updates": [
            {"name": Path(one.shown).name, "version": one.version, "at": one.at}
            for one in before_update.in_data(studio.settings.data)
        ],
    }


@needs(Permission.SETTINGS_VIEW)
@lasts(Text("正在看有哪些备份", "Looking which backups there are"))
def kept(studio: Studio) -> list[Json]:
    """Those that the plan made and are there yet, the newest first. Raises HongyanError: not reached."""
    plan = Plans(studio.settings.data).plan()
    if plan is None:
        return []
    found = made_by_plan(where(plan.to).place.names(), plan)
    return [{"name": name, "at": at} for at, name in found[:MOST]]


@needs(Permission.BACKUP)
def decide_plan(
    studio: Studio,
    who: Actor,
    to: str,
    every: str,
    at: str,
    keep: int,
    keep_weeks: int,
    key_file: str = "",
    passphrase_file: str = "",
) -> Notice:
    """Raises BadSettings, and whatever keeps it from looking there."""
    given = {"to": to.strip(), "every": every, "at": at.strip(), "keep": keep, "keep_weeks": keep_weeks}
    files = {"key_file": key_file.strip(), "passphrase_file": passphrase_file.strip()}
    try:
        decide(Plans(studio.settings.data), studio.settings.home, given | files, time.time(), who.id)
    except BadSettings as e:
        wrongs = {_field(field): text for field, text in e.wrongs.items()}
        raise BadSettings(e.text, field=_field(e.field)).all_of(wrongs) from None
    return Notice(SAVED)


@needs(Permission.BACKUP)
def end_plan(studio: Studio) -> Notice:
    """Raises NotFound."""
    if not Plans(studio.settings.data).end():
        raise NotFound(NO_PLAN)
    return Notice(ENDED)


@needs(Permission.BACKUP)
@lasts(WORKING)
async def run_now(studio: Studio) -> Notice:
    """As the plan says, in a process of its own, which ends when nobody waits for it any more.

    Raises NotFound, NotSaved.
    """
    plans = Plans(studio.settings.data)
    if plans.plan() is None:
        raise NotFound(NO_PLAN)
    try:
        code = await made_by(usual_program(CHECKOUT, "--now"), studio.settings.home)
    except OSError as e:
        raise NotSaved(NOT_BEGUN.fill(why=e.strerror or e)) from e
    except TimeoutError as e:
        raise NotSaved(HUNG.fill(hours=LONGEST / 3600)) from e
    last = plans.last()
    if code or last.failures:
        raise NotSaved((last.why if last.ended is not None else None) or DIED)
    return Notice(MADE)


@needs(Permission.BACKUP)
def make_backup_key(studio: Studio) -> Json:
    """A pair: the public half stays here, for making backups; the secret one goes to whoever asks, once, and
    is written nowhere. Raises NotSaved."""
    folder = studio.settings.data / "control" / "backups"
    file = folder / f"backup-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.pub"
    made = make_key(file, is_public=True)
    return {"file": str(file), "public": made.public.written, "secret": made.text}


def _field(field: str) -> str:
    """As the page calls it."""
    return "to" if field == "FILE" else field.removeprefix("--").replace("-", "_")
