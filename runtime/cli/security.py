"""What of the installation stands open; exit 1 where something is to be mended, for checks that run alone."""

import argparse
import json
import sys
import time

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.library import Library
from runtime.exposure.look import look, told
from runtime.exposure.point import Here
from runtime.settings import Settings
from runtime.store.control.control import Control

OPEN = 1


@needs(Permission.AUDIT_VIEW)
def show_open(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line a point, what is to be mended first. Exits with 1 if something is."""
    control = Control.in_folder(settings.data, settings.secret_key)
    library = Library(settings.agents, settings.templates / "agents", settings.data)
    agents = [file.agent for file in library.list().agents]
    found = look(Here(settings, control, agents, time.time()))
    for one in found:
        sys.stdout.write(f"{json.dumps(told(one), ensure_ascii=False)}\n")
    is_open = any(one.state == "bad" or (options.strict and one.state == "warn") for one in found)
    if is_open:
        raise SystemExit(OPEN)
