"""What of the installation stands open; exit 1 where something is to be mended, for checks that run alone."""

import argparse
import time

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, library_of, say
from runtime.exposure.look import look, told
from runtime.exposure.point import Here
from runtime.settings import Settings

OPEN = 1


@needs(Permission.AUDIT_VIEW)
def show_open(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One JSON line a point, what is to be mended first. Exits with 1 if something is."""
    control = control_of(settings)
    library = library_of(settings)
    agents = [file.agent for file in library.list().agents]
    found = look(Here(settings, control, agents, time.time()))
    for one in found:
        say(told(one))
    is_open = any(one.state == "bad" or (options.strict and one.state == "warn") for one in found)
    if is_open:
        raise SystemExit(OPEN)
