"""For how many days what is kept: shown with what a run would delete, set, and run."""

import argparse
import time
from dataclasses import asdict

from pydantic import ValidationError

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings
from runtime.privacy.retained import retain_now
from runtime.schema import first_problem
from runtime.settings import Settings
from runtime.store.control.retention_days import RetentionDays
from runtime.store.messages.beside import look, write_anew
from runtime.store.messages.retention import KINDS, Standing, standing


@needs(Permission.SETTINGS_VIEW)
def show_retention(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line a kind."""
    days, now = control_of(settings).retention().days, time.time()
    path = settings.data / "messages.db"
    nothing = [Standing(kind, days.get(kind), 0, None, 0) for kind in KINDS]
    for one in look(path, lambda db: standing(db, days, now), nothing):
        say(asdict(one))


@needs(Permission.SETTINGS_EDIT)
def set_retention(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings."""
    control = control_of(settings)
    days: dict[str, object] = {**control.retention().days}
    days.pop(options.kind, None)
    if options.days != "off" or options.kind not in KINDS:
        days[options.kind] = options.days
    try:
        wanted = RetentionDays.model_validate({"days": days, "by": who.id}, strict=False)
    except ValidationError as e:
        raise BadSettings(first_problem(e).clause(), field=options.kind) from None
    control.save_retention(wanted)
    say({"kind": options.kind, "days": wanted.days.get(options.kind)})


@needs(Permission.CONVERSATIONS_ERASE)
def run_retention(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line with how many of each kind went."""
    say({"deleted": retain_now(settings.data, control_of(settings).retention().days, time.time())})


@needs(Permission.CONVERSATIONS_ERASE)
def scrub(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line once it is done. Raises StoreFailed."""
    write_anew(settings.data / "messages.db")
    say({"scrubbed": True})
