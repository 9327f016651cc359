"""What a command leaves in the audit log: the same as the click that does the same."""

import argparse
import logging
from contextlib import AbstractContextManager

from runtime.access.actor import Actor
from runtime.access.audit.declared import kept
from runtime.access.audit.log import Audit
from runtime.access.audit.record import COMMAND_LINE, Deed
from runtime.access.audit.trail import Trail
from runtime.access.permissions import needed
from runtime.access.things.things import Things
from runtime.cli.printing import control_of
from runtime.errors import HongyanError
from runtime.settings import Settings

log = logging.getLogger(__name__)


def audit_of(settings: Settings) -> Audit:
    control = control_of(settings)
    return Audit(settings.data, control.mark, settings.audit_days, things=Things(control))


def run(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """If `who` may. Raises Forbidden, what the command raises, and what keeps the record from being kept."""
    how = kept(options.run)
    if how is None:
        who.must(needed(options.run))
        options.run(options, settings, who)
        return
    if how.afterwards:
        who.must(needed(options.run))
        options.run(options, settings, who)
        afterwards(options, settings, who)
        return
    with _recording(options, settings, who):
        who.must(needed(options.run))
        options.run(options, settings, who)


def _recording(options: argparse.Namespace, settings: Settings, who: Actor) -> AbstractContextManager[None]:
    audit = audit_of(settings)
    return Trail(audit, COMMAND_LINE).doing(_deed(options, who, audit))


def afterwards(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Of what is done, and is not undone because the log takes no record."""
    try:
        audit = audit_of(settings)
        audit.add(_deed(options, who, audit))
    except HongyanError as e:
        log.error("%s is not in the audit log: %s", options.command, e)


def _deed(options: argparse.Namespace, who: Actor, audit: Audit) -> Deed:
    first, *more = options.command_words
    what = f"{first}.{'-'.join(more)}" if more else f"{needed(options.run).area}.{first}"
    return Deed(who.id, COMMAND_LINE, what, options.command, _of(options, audit))


def _of(options: argparse.Namespace, audit: Audit) -> str:
    """The first that a command names; of somebody who writes, nobody's name."""
    named = vars(options)
    first = next(
        (str(named[name]) for name in options.command_places() if isinstance(named.get(name), str | int)), ""
    )
    for name in ("person", "customer"):
        if isinstance(named.get(name), str):
            whose = audit.pseudonym("" if first == named[name] else first, named[name])
            return whose if first == named[name] else f"{first} {whose}"
    return first
