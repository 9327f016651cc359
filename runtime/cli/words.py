"""Commands about lists of words that agents' checks look for. Each prints one JSON line a list."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.safety.words.lists import LARGEST, WordList, WordLists
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

UNREADABLE = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")


@needs(Permission.AGENTS_EDIT)
def add(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A new list, or another content of one's own. Raises NotFound, BadSettings, Conflict, NotSaved."""
    name = options.name or Path(options.file).stem.lower()
    _say(WordLists(settings.home).save(name, _content(options.file)))


@needs(Permission.AGENTS_VIEW)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The given ones first."""
    for one in WordLists(settings.home).all():
        _say(one)


@needs(Permission.AGENTS_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """It can be had back on the pages. Raises NotFound, NotSaved; Conflict for a given one."""
    WordLists(settings.home).remove(options.name, by=who.id)
    say({"removed": options.name})


def _content(file: str) -> bytes:
    """Raises NotFound."""
    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with Path(file).expanduser().open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as e:
        raise NotFound(UNREADABLE.fill(file=file, why=e.strerror or "?")) from None


def _say(one: WordList) -> None:
    say({"name": one.name, "words": one.words, "allowed": one.allowed, "given": one.is_given})


def add_words(words: "Parsers") -> None:
    """…and how they are asked for."""
    adding = command(words, "add", add, "bring in a list: a text file with a word a line")
    adding.add_argument("file", metavar="FILE", help="- reads standard input")
    adding.add_argument("--name", default="", help="another name than the file's")
    command(words, "list", list_all, "the lists there are, and how many words each has")
    command(words, "remove", remove, "delete one; it stays among the recently deleted").add_argument(
        "name", metavar="NAME"
    )
