"""How a command is typed, and the function that does it."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import needed
from runtime.settings import Settings

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

Command = Callable[[argparse.Namespace, Settings, Actor], None]


def command(parsers: "Parsers", name: str, run: Command, help: str) -> argparse.ArgumentParser:
    """A command, which `run` does. Raises TypeError when that does not say which permission it needs."""
    needed(run)
    made = described(parsers, name, help)
    made.set_defaults(
        run=run,
        also_left=False,
        also_older=False,
        command_words=made.prog.split()[1:],
        command_places=lambda: _places(made),
    )
    return made


def _places(parser: argparse.ArgumentParser) -> list[str]:
    """What it takes without saying a name, in order."""
    return [action.dest for action in parser._actions if not action.option_strings]


def group(parsers: "Parsers", name: str, help: str) -> "Parsers":
    return described(parsers, name, help).add_subparsers(dest="action", required=True)


def described(parsers: "Parsers", name: str, help: str) -> argparse.ArgumentParser:
    """Its own --help says what it is for, as the list of all does."""
    return parsers.add_parser(name, help=help, description=help)


def amount(text: str) -> float:
    """More than nothing, and not without end."""
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError
    return number


def count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number
