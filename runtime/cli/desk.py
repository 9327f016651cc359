"""Who is with a human at a platform's desk, and giving them back to the agent."""

import argparse
import time
from dataclasses import asdict

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.messages.handed_list import HandedList


@needs(Permission.CONVERSATIONS_READ)
def list_handed(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a person."""
    for one in HandedList(settings.data / "messages.db").everybody(time.time()):
        if options.publication in (None, one.publication):
            say(asdict(one))


@needs(Permission.CONVERSATIONS_ANSWER)
def give_back(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A running gateway tells the platform within seconds. Raises NotFound when no human has them."""
    handed = HandedList(settings.data / "messages.db")
    if not handed.give_back(options.publication, options.person, time.time()):
        raise NotFound(
            Text(
                "这位用户现在不在人工手里。用 python app.py handed 看都有谁。",
                "No human has this person now. python app.py handed lists who is with one.",
            )
        )
    say({"publication": options.publication, "person": options.person, "given_back": True})
