"""Commands about the owner's own files, which are public. Each prints one JSON line a file."""

import argparse
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.media.own import MOST, OwnFile, OwnFiles
from runtime.settings import Settings


@needs(Permission.AGENTS_EDIT)
def add(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    own = OwnFiles(settings.own_files)
    for given in options.files:
        path = Path(given)
        try:
            with path.open("rb") as file:
                content = file.read(MOST + 1)
        except OSError as e:
            text = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")
            raise NotFound(text.fill(file=given, why=e.strerror or "?")) from None
        _say(settings, own.add(options.name or path.name, content))


@needs(Permission.AGENTS_VIEW)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    for file in OwnFiles(settings.own_files).all():
        _say(settings, file)


@needs(Permission.AGENTS_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    OwnFiles(settings.own_files).remove(options.name)
    say({"removed": options.name})


def _say(settings: Settings, file: OwnFile) -> None:
    """`address` is whole where the public address is known."""
    public = control_of(settings).public_url(settings.public_url)
    told = {"name": file.name, "type": file.type, "bytes": file.bytes, "address": public + file.address}
    say(told)
