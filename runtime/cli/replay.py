"""Play real conversations of the last days against the draft: a JSON line each, and what came of them all."""

import argparse
import asyncio
import json
import random
import sys
import time
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.cli.parsing import command, count
from runtime.cli.tested_version import DRAFT, tested
from runtime.cli.testing import MISSED, Limit, run_suite
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.publish.publications import the_publication
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights
from runtime.store.messages.talks import drawn
from runtime.testing.real_talks import LONGEST, together, turned
from runtime.testing.recording import recorded
from runtime.testing.running import AT_ONCE
from runtime.testing.suite import Case, Suite

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

DAY = 86_400.0
MOST = 100
"""Conversations."""
NOBODY = Text(
    "「{id}」最近 {days} 天没有答好的对话可以重放。",
    "Nobody was answered on {id!r} in the last {days} days, so there is nothing to replay.",
)


@needs(Permission.CONVERSATIONS_READ)
def replay(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Ends with 1 when more of them than allowed are answered otherwise. Raises NotFound, BadAgent."""
    control = Control.in_folder(settings.data, settings.secret_key)
    publication = the_publication(control, options.publication)
    who.must(Permission.AGENTS_RUN, publication.agent)
    answered = Agent.load(control.frozen_agent(publication.id, publication.version))
    which = tested(publication.agent, options.version, settings)
    since, most = time.time() - options.days * DAY, min(MOST, options.most)
    path, chance = settings.data / "messages.db", random.Random(options.seed)
    seqs = drawn(path, publication.id, since, most, chance)
    cases = [case for seq in seqs if (case := _case(answered, Insights(path), seq, since))]
    if not cases:
        raise NotFound(NOBODY.fill(id=publication.id, days=options.days))
    limit = Limit(0, 0)
    ran = asyncio.run(run_suite(Suite(cases=cases), which.agent, settings, limit, at_once=AT_ONCE))
    same = sum(one.ok for one in ran)
    told = {"replayed": len(ran), "same": same, "otherwise": len(ran) - same, "allowed": options.allow}
    sys.stdout.write(f"{json.dumps(told)}\n")
    if len(ran) - same > options.allow:
        raise SystemExit(MISSED)


def _case(agent: Agent, insights: Insights, seq: int, since: float) -> Case | None:
    """None for what cannot be played again, such as one with files alone."""
    rows = [row for row in together(insights.conversation(seq, LONGEST)) if row["accepted_at"] >= since]
    turns = [one for one in map(turned, rows) if one.says.strip()]
    if not turns:
        return None
    try:
        return Case.model_validate({"id": f"talk-{seq}", **recorded(agent, turns, among=True)})
    except (HongyanError, ValueError):  # of an older version, or longer than a test may be
        return None


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
