"""The command that writes what may be shown to whoever helps."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.care import doctor
from runtime.care.site import Site
from runtime.care.support import bundle
from runtime.checkup.check import Finding
from runtime.cli.parsing import command
from runtime.cli.printing import control_of
from runtime.cli.spoken import spoken
from runtime.errors import NotFound
from runtime.files import write_whole
from runtime.lang import Text
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

WRITTEN = Text(
    "写好了 {file}。里面没有人们写的话，也没有密钥；发出去之前请自己看一遍。",
    "{file} is written. No words of people and no keys are in it; look through it before you send it.",
)
NO_LOG = Text("没有 {file} 这个日志文件。", "There is no log {file}.")


@needs(Permission.WATCH)
@recorded()
def write_support(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, NotSaved."""
    site = Site(settings, control_of(settings))
    findings = asyncio.run(_found(site))
    with _log(options.log) as lines:
        content = bundle(site, findings, lines)
    write_whole(Path(options.file).expanduser().resolve(), content, 0o600)
    sys.stderr.write(f"{spoken(WRITTEN.fill(file=options.file))}\n")


def add_support(every: "Parsers") -> None:
    what = "write how the installation is into a file for whoever helps: no words of people, no secrets"
    writing = command(every, "support", write_support, what)
    writing.set_defaults(also_older=True)
    writing.add_argument("file", metavar="FILE.zip")
    what = "lines of the log to take along, cleaned; - reads standard input, such as journalctl -u hongyan"
    writing.add_argument("--log", default="", metavar="FILE", help=what)


async def _found(site: Site) -> list[Finding]:
    return [one async for one in doctor.examine(site)]


@contextmanager
def _log(file: str) -> Iterator[TextIO | list[str]]:
    if not file:
        yield []
    elif file == "-":
        yield sys.stdin
    else:
        try:
            with Path(file).open(encoding="utf-8", errors="replace") as lines:
                yield lines
        except FileNotFoundError:
            raise NotFound(NO_LOG.fill(file=file)) from None
