"""The audit log, looked through, verified and taken along."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.audit.reading import FORMS, Wanted, all_of, checked, day, found, line, told
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command, count
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, Unreadable
from runtime.lang import Text
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

DAY = 86_400.0


@needs(Permission.AUDIT_VIEW)
def list_records(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The newest first, a line each. Raises BadSettings."""
    wanted = _wanted(options)
    for one in found(settings.data / "messages.db", wanted, options.most).records:
        sys.stdout.write(f"{json.dumps(one.to_json(), ensure_ascii=False) if options.json else line(one)}\n")


@needs(Permission.AUDIT_VIEW)
def verify(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises Unreadable where a record is not as it was written."""
    control = control_of(settings)
    result = checked(settings.data / "messages.db", control.is_mark)
    say(vars(result))
    if trouble := result.trouble:
        raise Unreadable(trouble)


@needs(Permission.AUDIT_VIEW)
@recorded("")
def export(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """On standard output, the newest first. Raises BadSettings."""
    for one in told(all_of(settings.data / "messages.db", _wanted(options)), options.form):
        sys.stdout.write(one)


def _wanted(options: argparse.Namespace) -> Wanted:
    try:
        since = day(options.since) if options.since else 0.0
        until = day(options.until) + DAY if options.until else Wanted.until
    except ValueError:
        text = Text("日期写成 2026-12-31 这样。", "Write a day like 2026-12-31.")
        raise BadSettings(text, field="--since, --until") from None
    return Wanted(options.who, options.what, options.status, options.text, since, until)


def add_audit(audit: "Parsers") -> None:
    listing = command(
        audit, "list", list_records, "who did what, the newest first: User | Action | Status | Time"
    )
    listing.add_argument("--most", type=count, default=50, metavar="N")
    listing.add_argument("--json", action="store_true", help="whole records, a line each")
    command(audit, "verify", verify, "whether every record is as it was written; names the first that is not")
    exporting = command(audit, "export", export, "all of them, to standard output")
    exporting.add_argument("--form", choices=FORMS, default="jsonl")
    for one in (listing, exporting):
        one.add_argument("--who", default="", metavar="USER")
        one.add_argument("--what", default="", metavar="AREA.ACTION", help="or how it begins")
        one.add_argument("--status", default="", choices=("", "done", "refused", "failed"))
        one.add_argument("--text", default="", metavar="WORDS", help="that stand in it")
        one.add_argument("--since", default="", metavar="YYYY-MM-DD", help="in UTC")
        one.add_argument("--until", default="", metavar="YYYY-MM-DD", help="that day included")
