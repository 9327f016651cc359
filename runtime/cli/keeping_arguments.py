"""What may be typed to keep what a home has, elsewhere too."""

from typing import TYPE_CHECKING

from runtime.cli import encryption, keeping, moving, retention
from runtime.cli.parsing import command, group

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_keeping(every: "Parsers") -> None:
    backup = command(every, "backup", keeping.backup, "write everything into one file, also while running")
    backup.add_argument("file", metavar="FILE.tar.gz")
    what = "put a backup back; nothing unfinished is sent unasked"
    restore = command(every, "restore", keeping.restore, what)
    restore.add_argument("file", metavar="FILE.tar.gz", nargs="?")
    restore.add_argument("--empty", action="store_true", help="go on without the messages that are gone")
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
