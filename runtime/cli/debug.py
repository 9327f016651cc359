"""Commands about the word by which a phone shows how answers come about. Each prints one JSON object."""

import argparse
import sys
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import amount, command
from runtime.cli.printing import control_of, say
from runtime.publish.debug_word import USUAL, remove_word, set_word
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_debug(debug: "Parsers") -> None:
    setting = command(debug, "set", set_debug, "another word, which is printed once; - reads one of yours")
    setting.add_argument("publication", metavar="PUBLICATION")
    setting.add_argument("word", metavar="-", nargs="?", default="", choices=("", "-"))
    what = f"for which whoever said it is shown more; {USUAL:g} if omitted"
    setting.add_argument("--hours", type=amount, default=USUAL, metavar="N", help=what)
    what = "whoever said it is answered by the agent as it is saved, not as it is published"
    setting.add_argument("--draft", action="store_true", help=what)
    removing = command(debug, "remove", remove_debug, "the word counts no more, also for whoever said it")
    removing.add_argument("publication", metavar="PUBLICATION")


@needs(Permission.AGENTS_PUBLISH)
def set_debug(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control, given = control_of(settings), ""
    if options.word == "-":
        given = sys.stdin.readline().strip()
    word = set_word(control, options.publication, given, hours=options.hours, draft=options.draft, by=who)
    told = {"publication": options.publication, "say": f"debug {word}", "hours": options.hours}
    say(told)


@needs(Permission.AGENTS_PUBLISH)
def remove_debug(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    remove_word(control_of(settings), options.publication)
