"""Whether what people write is encrypted in the store: shown, and switched with what is there already."""

import argparse
import time
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import say
from runtime.media.kept import KeptMedia
from runtime.settings import Settings
from runtime.store.messages.beside import look, writing
from runtime.store.messages.sealed_files import SealedFiles
from runtime.store.messages.switching import Switch, found, is_last, step, switch, told, waits

PAUSE = 1.0
"""Seconds until it is looked again whether every instance has noticed."""


@needs(Permission.SETTINGS_VIEW)
def show_encryption(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line."""
    say(told(look(_path(settings), found, Switch())))


@needs(Permission.SETTINGS_EDIT)
def switch_on(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A JSON line a batch. Raises StoreFailed, BadSettings."""
    with writing(_path(settings)) as db:
        switch(db, "on", time.time())
    _walk(_path(settings))


@needs(Permission.SETTINGS_EDIT)
def switch_off(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A JSON line a batch. Raises StoreFailed, BadSettings."""
    with writing(_path(settings)) as db:
        switch(db, "off", time.time())
    _walk(_path(settings))


def _walk(path: Path) -> None:
    """Through all that is there; killed, it goes on when called again, or where a program runs."""
    files = KeptMedia(path.parent / "media", SealedFiles(path))
    while True:
        switched = look(path, found, Switch())
        if is_last(switched):
            list(files.seal_all(on=switched.is_on))
        with writing(path, scrub=True) as db:
            switched = step(db, time.time())
        say(told(switched))
        if not switched.goes_on:
            return
        if waits(switched) and not is_last(switched):
            time.sleep(PAUSE)


def _path(settings: Settings) -> Path:
    return settings.data / "messages.db"
