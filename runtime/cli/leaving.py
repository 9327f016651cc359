"""The command that takes an installation away: everything is named, asked for, and done, or said to stay."""

import argparse
import asyncio
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.care.leaving import Step, plan, stays
from runtime.care.site import Site
from runtime.cli.parsing import command
from runtime.cli.printing import control_of
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings, HongyanError
from runtime.lang import Text
from runtime.server.lock import only_one
from runtime.settings import Settings
from runtime.store.giving_up import refuse_living

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

LEFT = 1
YES = ("y", "yes", "是", "好")
ASK = Text("做这一步吗？[y/N] ", "Do it? [y/N] ")
DO = Text("要做：{what}", "To do: {what}")
STAYS = Text("留着：{what}", "Stays: {what}")
SKIPPED = Text("没有做。", "Not done.")
BACK_UP = Text(
    "删掉的东西要不回来。先备份：python app.py backup 文件.tar.gz。",
    "What is removed cannot be had back. Back up before: python app.py backup FILE.tar.gz.",
)
NOBODY = Text(
    "没有人可以回答。只想看要做什么：加 --dry-run；全部都做：加 --yes。",
    "Nobody is there to answer. Add --dry-run to see what would be done, or --yes to do all of it.",
)


@needs(Permission.RESTORE)
@unrecorded("the log goes as well")
def uninstall(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Exits with 1 where a step was left out or failed. Raises Conflict while it runs, BadSettings."""
    site = Site(settings, control_of(settings))
    steps, left = plan(site), stays(site)
    if options.dry_run:
        _tell([DO.fill(what=one.says) for one in steps], [STAYS.fill(what=one) for one in left])
        return
    if not options.yes and not sys.stdin.isatty():
        raise BadSettings(NOBODY, field="--yes")
    refuse_living(site.messages)
    with ExitStack() as held:
        for task in ("builder", "gateway"):
            held.enter_context(only_one(settings.data, task))
    _tell([BACK_UP])
    asked = [step for step in steps if options.bucket or not (step.is_apart and options.yes)]
    is_done = all([_done(step, is_sure=options.yes) for step in asked])  # each is asked for
    _tell([STAYS.fill(what=one) for one in left])
    if not is_done:
        raise SystemExit(LEFT)


def add_uninstall(every: "Parsers") -> None:
    what = "take this installation away: platforms, services, database, files, each named and asked for"
    leaving = command(every, "uninstall", uninstall, what)
    leaving.set_defaults(also_older=True)
    leaving.add_argument("--dry-run", action="store_true", help="only say what would be done, and what stays")
    leaving.add_argument("--yes", action="store_true", help="do all of it without asking, but for the bucket")
    what = "with --yes: large files in the bucket go, too"
    leaving.add_argument("--bucket", action="store_true", help=what)


def _done(step: Step, *, is_sure: bool) -> bool:
    _tell([DO.fill(what=step.says)])
    if not is_sure:
        sys.stdout.write(spoken(ASK))
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in YES:
            _tell([SKIPPED])
            return False
    try:
        _tell([asyncio.run(step.work())])  # type: ignore[arg-type] # it is a coroutine
    except HongyanError as e:
        _tell([e.text])
        return False
    return True


def _tell(*several: list[Text]) -> None:
    for texts in several:
        sys.stdout.write("".join(f"{spoken(text)}\n" for text in texts))
