"""Commands about versions that answer a part of the people first. They print a JSON object a publication."""

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import control_of, library_of, say
from runtime.cli.spoken import spoken
from runtime.publish import difference
from runtime.publish.canary import begin, begin_draft, change, release, stop
from runtime.publish.publications import the_publication
from runtime.settings import Settings
from runtime.store.control.canaries import Canary
from runtime.store.control.control import Control
from runtime.store.messages.compared import sides
from runtime.testing.gate import standing_of

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_canary(canary: "Parsers") -> None:
    what = "let the draft, or that version, answer so many percent of the people; 10 at most to begin with"
    starting = command(canary, "start", start_canary, what)
    starting.add_argument("publication", metavar="PUBLICATION")
    starting.add_argument("--version", type=int, metavar="N", help="one that was published; else the draft")
    starting.add_argument("--share", type=float, metavar="PERCENT")
    _add_tags(starting)
    starting.add_argument("--note", default="")
    starting.add_argument("--untested", action="store_true", help="although its tests fail, or did not run")
    sharing = command(canary, "share", share_canary, "for more people, or fewer")
    sharing.add_argument("publication", metavar="PUBLICATION")
    sharing.add_argument("share", type=float, metavar="PERCENT")
    naming = command(canary, "people", name_people, "who always has it; without --tag nobody does any more")
    naming.add_argument("publication", metavar="PUBLICATION")
    _add_tags(naming)
    listing = command(
        canary, "list", list_canaries, "those that run, beside what everybody has, and the past"
    )
    listing.add_argument("publication", metavar="PUBLICATION", nargs="?", default="")
    for name, run, what in (
        ("stop", stop_canary, "everybody has the version again that the others have"),
        ("release", release_canary, "it answers everybody"),
    ):
        command(canary, name, run, what).add_argument("publication", metavar="PUBLICATION")


def _add_tags(one: argparse.ArgumentParser) -> None:
    what = "people with this tag always have it, see person tag"
    one.add_argument("--tag", dest="tags", action="append", default=[], metavar="TAG", help=what)


@needs(Permission.AGENTS_PUBLISH)
def start_canary(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control, number = control_of(settings), options.version
    whom: dict[str, Any] = {"share": options.share, "tags": options.tags, "by": who}
    publication = the_publication(control, options.publication)
    if number is None:
        library = library_of(settings)
        agent = library.ready(publication.agent)
        tests = standing_of(agent, settings.agents, settings.data)
        if not tests.is_well:
            if not options.untested:
                tests.refuse()
            sys.stderr.write(f"{spoken(tests.says)}\n")
        own = (control, agent, publication.id, options.note)
        say(_told(begin_draft(*own, **whom, allowed=settings.egress_allow), control))
    else:
        say(_told(begin(control, publication.id, number, **whom), control))


@needs(Permission.AGENTS_PUBLISH)
def share_canary(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    say(_told(change(control, options.publication, share=options.share, by=who), control))


@needs(Permission.AGENTS_PUBLISH)
def name_people(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    say(_told(change(control, options.publication, tags=options.tags, by=who), control))


@needs(Permission.AGENTS_VIEW)
def list_canaries(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    named = options.publication
    for publication in [the_publication(control, named)] if named else control.publications():
        found, past = control.canaries.find(publication.id), control.canaries.past(publication.id)
        if not (found or past or named):
            continue
        none: dict[str, Any] = {"publication": publication.id, "canary": None}
        told = _told(found, control) if found else none
        if found:
            which = (publication.id, found.version, publication.version, found.since, time.time())
            told["sides"] = sides(settings.data / "messages.db", *which)
            told["says"] = spoken(difference.told(told["sides"]))
        say({**told, "past": [one.model_dump(mode="json", exclude={"salt"}) for one in past]})


@needs(Permission.AGENTS_PUBLISH)
def stop_canary(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    _over(stop(control, options.publication, by=who), control, "stopped")


@needs(Permission.AGENTS_PUBLISH)
def release_canary(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    _over(release(control, options.publication, by=who), control, "released")


def _over(known: Canary, control: Control, how: str) -> None:
    live = the_publication(control, known.id).version
    say({"publication": known.id, "version": live, "canary": None, how: known.version})


def _told(found: Canary, control: Control) -> dict[str, Any]:
    live = the_publication(control, found.id).version
    told = {"publication": found.id, "version": live, "canary": found.version, "share": found.share}
    return {**told, "tags": list(found.tags), "since": found.since}
