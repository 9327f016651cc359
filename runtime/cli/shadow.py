"""Commands about versions that answer beside the one that people get. They print a JSON object each."""

import argparse
import time
from typing import TYPE_CHECKING, Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import control_of, library_of, say
from runtime.cli.spoken import spoken
from runtime.publish.publications import the_publication
from runtime.publish.shadow import ENDED, SHARE, YUAN, begin, begin_draft, stop, the_shadow
from runtime.publish.shadow_report import says
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.shadows import Ended, Shadow
from runtime.store.messages.shadowed import told

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_shadow(shadow: "Parsers") -> None:
    what = "let the draft, or that version, answer real messages beside the live one; nobody hears it"
    starting = command(shadow, "start", start_shadow, what)
    starting.add_argument("publication", metavar="PUBLICATION")
    starting.add_argument("--version", type=int, metavar="N", help="one that was published; else the draft")
    what = f"of the conversations; {SHARE:g} if omitted"
    starting.add_argument("--share", type=float, metavar="PERCENT", help=what)
    what = f"it may cost so many yuan a day; {YUAN:g} if omitted"
    starting.add_argument("--yuan", type=float, metavar="N", help=what)
    listing = command(shadow, "list", list_shadows, "those that run, what they came to, and the past")
    listing.add_argument("publication", metavar="PUBLICATION", nargs="?", default="")
    what = "what it came to, with the answers that differ most, which are people's words"
    reporting = command(shadow, "report", report_shadow, what)
    reporting.add_argument("publication", metavar="PUBLICATION")
    stopping = command(shadow, "stop", stop_shadow, "it answers nothing any more")
    stopping.add_argument("publication", metavar="PUBLICATION")


@needs(Permission.AGENTS_PUBLISH)
def start_shadow(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    wanted: dict[str, Any] = {"share": options.share, "yuan": options.yuan, "by": who}
    publication = the_publication(control, options.publication)
    if options.version is None:
        library = library_of(settings)
        own = (control, library.ready(publication.agent), publication.id)
        say(_told(begin_draft(*own, **wanted, allowed=settings.egress_allow), control))
    else:
        say(_told(begin(control, publication.id, options.version, **wanted), control))


@needs(Permission.AGENTS_VIEW)
def list_shadows(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control, named = control_of(settings), options.publication
    for publication in [the_publication(control, named)] if named else control.publications():
        found, past = control.shadows.find(publication.id), control.shadows.past(publication.id)
        if not (found or past or named):
            continue
        none: dict[str, Any] = {"publication": publication.id, "shadow": None}
        line = _with_figures(found, control, settings) if found else none
        line.pop("pairs", None)
        say({**line, "past": [_over(one) for one in past]})


@needs(Permission.CONVERSATIONS_READ)
def report_shadow(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound; Conflict where none runs."""
    control = control_of(settings)
    say(_with_figures(the_shadow(control, options.publication), control, settings))


@needs(Permission.AGENTS_PUBLISH)
def stop_shadow(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    known = stop(control, options.publication, by=who)
    say({"publication": known.id, "shadow": None, "stopped": known.version})


def _with_figures(found: Shadow, control: Control, settings: Settings) -> dict[str, Any]:
    live = the_publication(control, found.id).version
    which = (found.id, found.version, found.since, time.time())
    came = told(settings.data / "messages.db", *which)
    return {**_told(found, control), **came, "says": spoken(says(came["figures"], live, found.version))}


def _told(found: Shadow, control: Control) -> dict[str, Any]:
    live = the_publication(control, found.id).version
    told = {"publication": found.id, "version": live, "shadow": found.version, "share": found.share}
    return {**told, "yuan": found.yuan, "since": found.since}


def _over(one: Ended) -> dict[str, Any]:
    return {**one.model_dump(mode="json", exclude={"salt"}), "says": spoken(ENDED[one.why])}
