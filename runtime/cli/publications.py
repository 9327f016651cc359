"""Commands about what is published already. Each prints one JSON object."""

import argparse
import json
import sys
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.publish import pause, resume
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Publication


def _control(settings: Settings) -> Control:
    return Control.in_folder(settings.data, settings.secret_key)


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")


def _state(publication: Publication) -> dict[str, Any]:
    paused = publication.paused_at is not None
    return {"publication": publication.id, "version": publication.version, "paused": paused}


@needs(Permission.AGENTS_PUBLISH)
def pause_publication(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    _say(_state(pause(_control(settings), options.publication, options.tell, by=who)))


@needs(Permission.AGENTS_PUBLISH)
def resume_publication(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    _say(_state(resume(_control(settings), options.publication, by=who)))
