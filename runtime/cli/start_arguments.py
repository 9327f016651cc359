"""What may be typed of starts, reminders and places."""

from typing import TYPE_CHECKING

from runtime.cli import reminders, shared, starts, waits
from runtime.cli.parsing import command, count

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add_starts(of: "Parsers") -> None:
    listing = command(of, "list", starts.list_starts, "those there are, and when each is due next")
    listing.add_argument("agent", metavar="AGENT", nargs="?")
    running = command(of, "run", starts.run_start, "begin one now, besides")
    looking = command(of, "runs", starts.list_runs, "what ran, the newest first")
    what = "print a new address that begins it; the one before ends"
    addressing = command(of, "address", starts.new_address, what)
    for one in (running, addressing):
        one.add_argument("agent", metavar="AGENT")
        one.add_argument("start", metavar="START")
        one.add_argument("--publication", default="", help="where several have it")
    addressing.add_argument("--off", action="store_true", help="end it, and make none")
    looking.add_argument("agent", metavar="AGENT")
    looking.add_argument("start", metavar="START", nargs="?")
    looking.add_argument("--most", metavar="N", type=count, default=20)
    looking.add_argument("--people", metavar="RUN", type=count, default=0, help="who had that one")


def add_reminders(of: "Parsers") -> None:
    adding = command(of, "add", reminders.add, "remind somebody at a time")
    listing = command(of, "list", reminders.list_all, "those that are to come")
    ending = command(of, "cancel", reminders.cancel, "end one")
    for one in (adding, listing, ending):
        one.add_argument("publication", metavar="PUBLICATION")
        one.add_argument("person", metavar="PERSON", help="as person list names them")
    adding.add_argument("at", metavar="TIME", help="such as 2026-11-30T09:00, in the agent's time zone")
    adding.add_argument("text", metavar="TEXT")
    ending.add_argument("id", metavar="ID", type=count)


def add_shared(of: "Parsers") -> None:
    listing = command(of, "list", shared.list_keys, "how much is taken of what")
    claims = command(of, "claims", shared.list_claims, "who has which place")
    freeing = command(of, "free", shared.free, "give one place back")
    setting = command(of, "places", shared.set_places, "say how many there are of one key")
    for one in (listing, claims, freeing, setting):
        one.add_argument("agent", metavar="AGENT")
    listing.add_argument("name", metavar="NAME", nargs="?")
    for one in (claims, setting):
        one.add_argument("name", metavar="NAME")
    claims.add_argument("--key", metavar="KEY")
    for one in (listing, claims):
        one.add_argument("--most", metavar="N", type=count, default=1000)
    freeing.add_argument("id", metavar="ID", type=count, help="as claims tells it")
    setting.add_argument("key", metavar="KEY")
    setting.add_argument("places", metavar="N", type=count, nargs="?", help="none: as its settings say")


def add_waits(waiting: "Parsers") -> None:
    listing = command(waiting, "list", waits.list_waits, "flows that wait, and for what")
    listing.add_argument("publication", metavar="PUBLICATION", nargs="?")
    deciding = [
        command(waiting, "approve", waits.approve, "say yes to what waits for a decision"),
        command(waiting, "deny", waits.deny, "say no to it"),
    ]
    for one in deciding:
        one.add_argument("--note", default="", metavar="TEXT", help="what the flow may pass on")
    for one in (*deciding, command(waiting, "cancel", waits.cancel, "end it: the other way is taken")):
        one.add_argument("id", metavar="ID", type=count, help="as list says")
