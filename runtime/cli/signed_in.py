"""People who are signed in on pages and in apps of ours: signed out, and other keys for their tokens."""

import argparse
import time
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import control_of, say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.messages.beside import is_there, writing
from runtime.store.messages.families import end_all

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

NONE = Text("没有「{id}」这个发布。", "There is no publication {id!r}.")


def add_signed_in(session: "Parsers") -> None:
    ending = command(session, "end", end_sessions, "sign people out; they sign in anew")
    ending.add_argument("publication", metavar="PUBLICATION")
    ending.add_argument("--person", default="", metavar="SENDER", help="this one alone")
    what = "another key signs tokens from now on; twice: none of before counts"
    command(session, "rotate", rotate_keys, what)


@needs(Permission.AGENTS_PUBLISH)
def end_sessions(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Also while the program runs, which closes their connections within seconds. Raises NotFound."""
    control = control_of(settings)
    if control.publication(options.publication) is None:
        raise NotFound(NONE.fill(id=options.publication), field="publication")
    path, ended = settings.data / "messages.db", 0
    if is_there(path):
        with writing(path) as db:
            ended = end_all(db, options.publication, options.person)
    say({"publication": options.publication, "ended": ended})


@needs(Permission.SETTINGS_EDIT)
def rotate_keys(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotSaved."""
    control_of(settings).token_keys.rotate(time.time())
    say({"rotated": True})
