"""Who waits for an operator: listed, taken, answered, handed back. One JSON line each."""

import argparse
import secrets
import sys
import time
from dataclasses import asdict

from runtime.access.actor import Actor, operator
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import Conflict, Invalid, NotFound
from runtime.gateway.operating import EMPTY, GONE, NO_WAY, checked
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.settings import Settings
from runtime.store.messages.states import TicketState
from runtime.store.messages.tickets import LONGEST, LineKind, Ticket
from runtime.store.messages.tickets_beside import TicketsBeside


@needs(Permission.CONVERSATIONS_READ)
def list_tickets(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The most urgent first; with --done those that are over, the newest first."""
    for one in _beside(settings).listed(done=options.done):
        if options.publication in ("", one.publication):
            say(_told(one))


@needs(Permission.CONVERSATIONS_READ)
def show_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """With what happened to it. Raises NotFound."""
    one = _find(options, settings)
    found = _beside(settings).find(one.id)
    say({**_told(one), "lines": [asdict(line) for line in found[1]] if found else []})


@needs(Permission.CONVERSATIONS_ANSWER)
def take_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The agent is silent to the person from now on. Raises NotFound, Conflict."""
    _reachable(_find(options, settings), settings)
    checked(_beside(settings).take(options.id, _by(options, who), time.time()))
    say(_told(_find(options, settings)))


@needs(Permission.CONVERSATIONS_ANSWER)
def answer_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Brought to the person like an answer. Raises NotFound, Conflict, Invalid."""
    ticket = _find(options, settings)
    surface = _reachable(ticket, settings)
    text, key = _text(options), options.key or secrets.token_hex(16)
    parts = surface.channel.parts(text)
    outcome, seq = _beside(settings).say(ticket.id, _by(options, who), text, parts, key, time.time())
    checked(outcome)
    say({"ticket": ticket.id, "message": seq, "said": outcome == "done"})


@needs(Permission.CONVERSATIONS_ANSWER)
def note_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """For operators alone. Raises NotFound, Invalid."""
    ticket, text = _find(options, settings), _text(options)
    _beside(settings).note(ticket.id, _by(options, who), text, time.time())
    say({"ticket": ticket.id, "noted": True})


@needs(Permission.CONVERSATIONS_ANSWER)
def close_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The agent answers what they write next. Raises NotFound, Conflict."""
    _move(options, settings, who, "done", "handed_back")


@needs(Permission.CONVERSATIONS_ANSWER)
def let_ticket_wait(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """For something else; the agent answers meanwhile. Raises NotFound, Conflict."""
    _move(options, settings, who, "waiting", "waiting")


@needs(Permission.CONVERSATIONS_ANSWER)
def reopen_ticket(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, Conflict."""
    _move(options, settings, who, "open", "reopened")


def _move(
    options: argparse.Namespace, settings: Settings, who: Actor, state: TicketState, kind: LineKind
) -> None:
    ticket = _find(options, settings)
    checked(_beside(settings).move(ticket.id, _by(options, who), state, kind, time.time()))
    say(_told(_find(options, settings)))


def _find(options: argparse.Namespace, settings: Settings) -> Ticket:
    """Raises NotFound."""
    if (found := _beside(settings).find(options.id)) is None:
        raise NotFound(GONE)
    return found[0]


def _reachable(ticket: Ticket, settings: Settings) -> Surface:
    """Where its person is written to. Raises NotFound, Conflict."""
    surface = Surfaces(control_of(settings)).find(ticket.publication)
    if surface is None:
        raise NotFound(GONE)
    if not surface.is_for_people:
        raise Conflict(NO_WAY)
    return surface


def _text(options: argparse.Namespace) -> str:
    """Raises Invalid."""
    text = sys.stdin.read() if options.text == "-" else str(options.text)
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid(EMPTY, field="text")
    return text


def _by(options: argparse.Namespace, who: Actor) -> str:
    return operator(who, options.name)


def _told(one: Ticket) -> dict[str, object]:
    known = {name: value for name, value in vars(one).items() if name != "sender"}
    return {**known, "person": one.sender, "late": one.is_late(time.time())}


def _beside(settings: Settings) -> TicketsBeside:
    return TicketsBeside(settings.data / "messages.db")
