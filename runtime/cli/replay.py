"""Play real conversations of the last days against the draft: a JSON line each, and what came of them all."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command, count
from runtime.cli.printing import control_of, say
from runtime.cli.tested_version import DRAFT, tested
from runtime.cli.testing import MISSED, Limit, run_suite
from runtime.publish.publications import the_publication
from runtime.settings import Settings
from runtime.shadowing.replayed import MOST, real_talks, to_be_played
from runtime.testing.running import AT_ONCE
from runtime.testing.suite import Suite

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


@needs(Permission.CONVERSATIONS_READ)
def replay(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Ends with 1 when more of them than allowed are answered otherwise. Raises NotFound, BadAgent."""
    control = control_of(settings)
    publication = the_publication(control, options.publication)
    who.must(Permission.AGENTS_RUN, publication.agent)
    which = tested(publication.agent, options.version, settings)
    talks = real_talks(control, publication, days=options.days, most=options.most, seed=options.seed)
    limit, played = Limit(0, 0), to_be_played(control, publication, which.agent)
    suite = Suite(cases=[one.case for one in talks])
    ran = asyncio.run(run_suite(suite, played, settings, limit, at_once=AT_ONCE))
    same = sum(one.ok for one in ran)
    told = {"replayed": len(ran), "same": same, "otherwise": len(ran) - same, "allowed": options.allow}
    say(told)
    if len(ran) - same > options.allow:
        raise SystemExit(MISSED)


def add_replay(every: "Parsers") -> None:
    what = "play real conversations against the draft; exit 1 if too many are answered otherwise"
    one = command(every, "replay", replay, what)
    one.add_argument("publication", metavar="PUBLICATION")
    one.add_argument("--days", type=count, default=1, metavar="N")
    one.add_argument("--most", type=count, default=20, metavar="N", help=f"conversations, {MOST} at most")
    one.add_argument("--allow", type=count, default=0, metavar="N", help="that may be answered otherwise")
    one.add_argument("--seed", default=None, metavar="TEXT", help="the same gives the same ones again")
    what = "PUBLICATION.NUMBER instead of the saved draft"
    one.add_argument("--version", metavar="VERSION", default=DRAFT, help=what)
