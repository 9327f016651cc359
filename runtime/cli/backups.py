"""Back up, by hand and by a plan; look at backups, and check them."""

import argparse
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from runtime import child_process
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.backups.deciding import decide
from runtime.backups.key_files import key_of, make_key
from runtime.backups.making import Made, check, make
from runtime.backups.places import Where, where
from runtime.backups.plan import Plans, due_at
from runtime.backups.planned import run_due
from runtime.backups.sealing_keys import Key
from runtime.cli import recording
from runtime.cli.printing import control_of, say
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings, NotSaved
from runtime.lang import Text
from runtime.settings import Settings

KEY = Text(
    "备份里有解开全部凭证的密钥，请像密码一样保管。加密请用 --key-file 或 --passphrase-file。",
    "The backup holds the key to all credentials: keep it like a password. To encrypt it: --key-file or "
    "--passphrase-file.",
)
NO_KEY = Text(
    "备份里没有密钥：恢复时还要有同样的 HONGYAN_SECRET_KEY。但消息、智能体和设置没有加密，谁拿到都能读。",
    "The key is not in the backup: restoring also needs the same HONGYAN_SECRET_KEY. Messages, agents and "
    "settings are not encrypted: whoever has the file reads them.",
)
SEALED = Text(
    "备份是加密的：没有那把密钥或口令，谁也打不开，您自己也不行。请把它存到别处。",
    "The backup is encrypted: without that key or passphrase nobody opens it, and neither do you. Keep it "
    "somewhere else.",
)
NEW_KEY = Text(
    "密钥在「{file}」里。丢了它，备份就打不开：请存到另一台机器上。服务器上只放公钥（{public}）也能备份。",
    "The key is in {file!r}. Without it no backup opens: keep it on another machine. For making backups "
    "the server needs no more than the public key, {public}.",
)
GIVEN = ("every", "at", "keep", "keep_weeks")
ONE = Text("请给出备份的去处。", "Say where the backup goes to.")
ABOUT_PLAN = Text(
    "--at、--keep、--keep-weeks 只用于 --every day|week。",
    "--at, --keep, --keep-weeks go with --every day|week.",
)


@needs(Permission.BACKUP)
def backup(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Also while the program runs. Raises HongyanError."""
    if options.at or options.keep is not None or options.keep_weeks is not None:
        raise BadSettings(ABOUT_PLAN, field="--every")
    to, key = _where(options), _key(options)
    made = make(settings.home, to, key, time.time())
    say(_told(options.file, to, made))
    _note(SEALED if key else KEY if made.saved.has_key else NO_KEY)


@needs(Permission.BACKUP)
def new_key(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings: there is one already; NotSaved."""
    public = make_key(Path(options.new_key)).public.written
    say({"file": options.new_key, "public": public})
    _note(NEW_KEY.fill(file=options.new_key, public=public))


@needs(Permission.BACKUP)
@unrecorded("what it made is")
def make_due(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """As a running gateway has it done. Raises NotSaved: it failed, and that is noted."""
    if options.under:
        signal.signal(signal.SIGTERM, _end)
        child_process.end_with(options.under, signal.SIGTERM)
        os.nice(child_process.NICE)
    outcome = run_due(settings.home, control_of(settings).options().zone, is_asked=options.now)
    if outcome.last and (why := outcome.last.why):
        raise NotSaved(why)
    if outcome.last:
        recording.afterwards(options, settings, who)
    say({"made": outcome.last.file if outcome.last else "", "gone": outcome.gone})


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # whatever was begun is taken away on the way out


@needs(Permission.BACKUP)
@unrecorded("it changes nothing")
def check_backup(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings, NotFound, NotSaved, StoreFailed: it is not as it was made."""
    at = _where(options)
    if not at.name:
        raise BadSettings(ONE, field="FILE")
    checked = check(at.place, at.name, _key(options), settings.data)
    say({"file": options.file, "ok": True, **asdict(checked)})


@needs(Permission.SETTINGS_VIEW)
def list_backups(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The plan, how the last went, and when the next is due; with a place: what is there."""
    if options.file:
        for name in sorted(_where(options).place.names()):
            if name.startswith("hongyan-"):
                say({"file": name})
        return
    plans, now = Plans(settings.data), time.time()
    plan, last = plans.plan(), plans.last()
    due = due_at(plan, last, control_of(settings).options().zone, now) if plan else None
    say({"plan": plan.model_dump() if plan else None, "last": last.model_dump(), "next": due})


@needs(Permission.BACKUP)
def plan_backups(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings, and whatever keeps it from looking there."""
    plans = Plans(settings.data)
    now = time.time()
    if options.every == "off":
        say({"plan": None, "ended": plans.end()})
        return
    given = {name: value for name in GIVEN if (value := getattr(options, name)) not in (None, "")}
    if options.file:
        given["to"] = options.file
    if options.key_file or options.passphrase_file:
        given |= {"key_file": options.key_file, "passphrase_file": options.passphrase_file}
    try:
        plan = decide(plans, settings.home, given, now, who.id)
    except BadSettings as e:
        raise BadSettings(e.text, field=_typed(e.field)) from None
    place = control_of(settings).options().zone
    say({"plan": plan.model_dump(), "next": due_at(plan, plans.last(), place, now)})
    if not (plan.key_file or plan.passphrase_file):
        _note(NO_KEY if settings.secret_key else KEY)


def _typed(field: str) -> str:
    """The option that says that field of a plan."""
    return "FILE" if field == "to" else field if field.startswith("-") else f"--{field.replace('_', '-')}"


def _where(options: argparse.Namespace) -> Where:
    if not options.file:
        raise BadSettings(ONE, field="FILE")
    return where(options.file)


def _key(options: argparse.Namespace) -> Key | None:
    return key_of(options.key_file, options.passphrase_file)


def _told(typed: str, to: Where, made: Made) -> dict[str, object]:
    file = typed if to.name else to.place.shown(made.name)
    return {"file": file, **asdict(made.saved), "encrypted": bool(made.own)}


def _note(text: Text) -> None:
    sys.stderr.write(f"{spoken(text)}\n")
