"""What may be typed to keep what a home has, elsewhere too."""

import argparse
from typing import TYPE_CHECKING

from runtime.cli import backups, encryption, keeping, moving, retention
from runtime.cli.parsing import command, count, group

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

AREA = "installation"
"""Of the audit log."""


def add_keeping(every: "Parsers") -> None:
    what = "write everything into one file, a folder or a bucket, also while running; or by a plan"
    backup = command(every, "backup", backups.backup, what)
    backup.add_argument("file", metavar="FILE.tar.gz|FOLDER/|s3://BUCKET/FOLDER", nargs="?", default="")
    backup.set_defaults(also_older=True)
    _add_keys(backup)
    what = "restore that one beside, and compare it"
    backup.add_argument("--check", dest="run", action="store_const", const=backups.check_backup, help=what)
    what = "the plan, how the last one went, when the next is due; with a place: what is there"
    backup.add_argument("--list", dest="run", action="store_const", const=backups.list_backups, help=what)
    what = "make the plan's, if it is due now"
    backup.add_argument("--due", dest="run", action="store_const", const=backups.make_due, help=what)
    what = "with --due: also when it is not due yet"
    backup.add_argument("--now", action="store_true", help=what)
    what = "make a key for --key-file, and end"
    backup.add_argument("--new-key", metavar="FILE", action=_Instead, const=backups.new_key, help=what)
    what = "a running gateway makes one so often; off ends it"
    backup.add_argument(
        "--every", choices=("day", "week", "off"), action=_Instead, const=backups.plan_backups, help=what
    )
    what = "the hour of the plan, in the time zone of the settings; 03:00"
    backup.add_argument("--at", metavar="HH:MM", default="", help=what)
    backup.add_argument("--keep", metavar="N", type=count, help="of the plan's, the newest so many stay; 7")
    what = "and the newest of each of so many weeks; 0"
    backup.add_argument("--keep-weeks", metavar="N", type=count, help=what)
    backup.add_argument("--under", metavar="PID", type=count, default=0, help=argparse.SUPPRESS)
    what = "put a backup back; nothing unfinished is sent unasked"
    restore = command(every, "restore", keeping.restore, what)
    restore.add_argument("file", metavar="FILE.tar.gz|s3://…", nargs="?")
    restore.set_defaults(also_older=True)
    _add_keys(restore)
    restore.add_argument("--empty", action="store_true", help="go on without the messages that are gone")
    what = "say what it would bring and take, and change nothing"
    restore.add_argument("--dry-run", nargs=0, action=_Instead, const=keeping.foresee, help=what)
    what = "with --dry-run: messages that came since it was made, and their answers, a JSON object a line"
    restore.add_argument("--export", metavar="FILE.jsonl", default="", help=what)
    what = "end the program that runs on this home, if one does, once its turns are done"
    restore.add_argument("--stop", action="store_true", help=what)
    add_retention(group(every, "retention", "for how many days what is kept"))
    add_encryption(group(every, "encryption", "whether what people write is encrypted in the store"))
    what = "send what a restore or a copied folder holds back"
    release = command(every, "release", keeping.release, what)
    release.add_argument("--drop", action="store_true", help="never send it")
    what = "move the messages to a database (postgresql://…), to a home's folder, or to this one's (sqlite)"
    elsewhere = command(every, "move", moving.move_messages, what)
    elsewhere.set_defaults(also_left=True)
    where = "postgresql://…, the folder of a home, or sqlite for this one's own"
    elsewhere.add_argument("--to", default="", metavar="ADDRESS", help=where)
    elsewhere.add_argument("--undo", action="store_true", help="use what is here again, as it was then")


class _Instead(argparse.Action):
    """Another function does the command, and the audit log has it by the option's name."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, _: object = None
    ) -> None:
        setattr(namespace, self.dest, values)
        namespace.run, namespace.command_words = self.const, [AREA, self.option_strings[0].strip("-")]


def _add_keys(parser: argparse.ArgumentParser) -> None:
    what = "encrypted by this key, as --new-key or age-keygen makes it; for backups its public half is enough"
    parser.add_argument("--key-file", metavar="FILE", default="", help=what)
    what = "encrypted by the first line of this file"
    parser.add_argument("--passphrase-file", metavar="FILE", default="", help=what)


def add_encryption(kept: "Parsers") -> None:
    what = "whether it is, and how far what was there already came"
    command(kept, "show", encryption.show_encryption, what)
    what = "encrypt messages, answers and what is remembered, also what is there; killed, it goes on"
    command(kept, "on", encryption.switch_on, what)
    command(kept, "off", encryption.switch_off, "write all of it plainly again")


def add_retention(kept: "Parsers") -> None:
    what = "each kind: how much there is, how old, and what a run would delete now"
    command(kept, "show", retention.show_retention, what)
    setting = command(kept, "set", retention.set_retention, "keep a kind for so many days")
    setting.add_argument("kind", metavar="KIND", help="as show names it")
    setting.add_argument("days", metavar="DAYS|off")
    command(
        kept, "run", retention.run_retention, "delete what is too old now; a running program does so daily"
    )
    what = "write the store anew: nothing that was deleted stands in its files; others wait meanwhile"
    command(kept, "scrub", retention.scrub, what)
