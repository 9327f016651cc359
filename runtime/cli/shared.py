"""What an agent shares out among everybody: who has which place, and how many there are."""

import argparse
import time

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import say
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.messages.shared_list import SharedList

NONE_SUCH = Text("「{agent}」没有编号 {id} 的名额。", "{agent!r} has no place {id}.")


@needs(Permission.CONVERSATIONS_READ)
def list_keys(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a key: how many places are taken, and how many there are if the operator said so."""
    for one in _shared(settings).keys(options.agent, options.name or "", options.most):
        _say(dict(vars(one)))


@needs(Permission.CONVERSATIONS_READ)
def list_claims(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a claim, in the order of their numbers."""
    for one in _shared(settings).claims(options.agent, options.name, options.key, options.most):
        _say({**vars(one), "person": one.sender, "sender": None})


@needs(Permission.CONVERSATIONS_ANSWER)
def free(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound."""
    if not _shared(settings).free(options.agent, options.id):
        raise NotFound(NONE_SUCH.fill(agent=options.agent, id=options.id))
    _say({"id": options.id, "freed": True})


@needs(Permission.CONVERSATIONS_ANSWER)
def set_places(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """So many of one key; without a number as the agent's settings say."""
    key = " ".join(options.key.split())
    _shared(settings).set_places(options.agent, options.name, key, options.places, time.time())
    _say({"agent": options.agent, "name": options.name, "key": key, "places": options.places})


def _shared(settings: Settings) -> SharedList:
    return SharedList(settings.data / "messages.db")


def _say(fact: dict[str, object]) -> None:
    say({name: value for name, value in fact.items() if value is not None})
