"""What waits in the middle of a flow: listed, decided, ended."""

import argparse
import time
from datetime import UTC, datetime

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import say
from runtime.cli.spoken import spoken
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.messages.waits import Waits
from runtime.store.messages.waits_list import WaitsList

NO_SUCH = Text(
    "没有这个等待，或它已经有了结果。用 python app.py waits list 看都有哪些。",
    "There is no such thing that waits, or it is over. python app.py waits list shows what there is.",
)


@needs(Permission.CONVERSATIONS_READ)
def list_waits(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line each, the newest first."""
    before = 0
    while found := _list(settings).open(options.publication or "", before=before):
        for one in found:
            say(_shown(one))
        before = found[-1].id


def _shown(one: Waits) -> dict[str, object]:
    return {
        "id": one.id,
        "publication": one.publication,
        "person": one.sender,
        "waits_for": one.kind,
        "what": spoken(one.what),
        "block": one.block,
        "since": _moment(one.at),
        "until": _moment(one.until),
    }


@needs(Permission.CONVERSATIONS_ANSWER)
def approve(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound."""
    _decide(options, settings, who, yes=True)


@needs(Permission.CONVERSATIONS_ANSWER)
def deny(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound."""
    _decide(options, settings, who, yes=False)


@needs(Permission.CONVERSATIONS_ANSWER)
def cancel(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The other way of the flow is taken. Raises NotFound."""
    _told(_list(settings).cancel(options.id, time.time()), options.id, came="cancelled")


def _decide(options: argparse.Namespace, settings: Settings, who: Actor, *, yes: bool) -> None:
    counts = _list(settings).decide(options.id, yes=yes, by=who.id, note=options.note, now=time.time())
    _told(counts, options.id, came="decision", yes=yes, by=who.id)


def _told(counts: bool, id: int, **fact: object) -> None:  # it is what came back
    if not counts:
        raise NotFound(NO_SUCH)
    say({"id": id, **fact})


def _list(settings: Settings) -> WaitsList:
    return WaitsList(settings.data / "messages.db")


def _moment(at: float) -> str:
    """ "" for what is not bounded."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") if at < 1e11 else ""
