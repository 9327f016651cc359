"""Yesterday's real conversations, played against the saved agent before it is published."""

import asyncio
from contextlib import aclosing
from functools import partial
from typing import Any

from builder.actions import pair
from builder.actions.counting import count
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.lang import Text
from runtime.publish.publications import the_publication
from runtime.shadowing.replayed import Talk, real_talks, to_be_played
from runtime.testing.check import told_by
from runtime.testing.running import AT_ONCE, Ran, run
from runtime.testing.suite import Suite
from runtime.working import tell

Json = dict[str, Any]
MOST = 50
"""Conversations, for which somebody waits."""
MOST_DAYS = 30
LONGEST = 2_000
"""Characters of what is shown of one text."""
SAME = Text(
    "{all} 段真实对话，草稿答得都和当时一样，可以发布。",
    "The draft answers all {all} real conversations as they were answered: it may be published.",
)
OTHERWISE = Text(
    "{all} 段真实对话里有 {otherwise} 段，草稿答得和当时不一样。看看下面这些：更好就发布，更差先改。",
    "The draft answers {otherwise} of {all} real conversations otherwise. Look at them: publish where it is "
    "better, mend it where it is worse.",
)


@needs(Permission.AGENTS_RUN, on="publication")
@recorded("publication")
@lasts(Text("正在重放真实对话", "Replaying real conversations"))
async def replay_talks(studio: Studio, who: Actor, publication: str, days: int = 1, most: int = 20) -> Json:
    """Nothing of it is kept. Raises Forbidden, NotFound, BadAgent, ModelFailed."""
    known = the_publication(studio.control, publication)
    who.must(Permission.CONVERSATIONS_READ, known.agent)
    whole = await asyncio.to_thread(studio.library.whole, known.agent)
    agent = await asyncio.to_thread(to_be_played, studio.control, known, whole)
    drawn = partial(
        real_talks, studio.control, known, days=_within(days, MOST_DAYS), most=_within(most, MOST)
    )
    talks = await asyncio.to_thread(drawn)
    ran = await _played(studio, agent, Suite(cases=[one.case for one in talks]), who.id)
    then = {one.case.id: one for one in talks}
    differ = sorted((one for one in ran if not one.ok), key=lambda one: one.case.id)
    says = OTHERWISE.fill(all=len(ran), otherwise=len(differ)) if differ else SAME.fill(all=len(ran))
    return {
        "all": len(ran),
        "otherwise": len(differ),
        "says": pair(says),
        "talks": [_told(one, then[one.case.id]) for one in differ],
    }


async def _played(studio: Studio, agent: Agent, suite: Suite, by: str) -> list[Ran]:
    ran = list[Ran]()
    tell(0, len(suite.cases))
    async with (
        studio.trying(by, long=True),
        aclosing(run(suite, agent, studio.services, at_once=AT_ONCE)) as cases,
    ):
        async for one in cases:
            ran.append(one)
            tell(len(ran), len(suite.cases))
            await count(studio, agent, one.paid, by)
    return ran


def _told(one: Ran, talk: Talk) -> Json:
    """`seq`: the number of the conversation's last message; the line that was answered otherwise first."""
    missed = one.missed[0]
    place = min(missed.line, len(one.case.lines)) - 1
    draft = one.seen[place].text if place < len(one.seen) else ""
    return {
        "seq": int(one.case.id.removeprefix("talk-")),
        "text": one.case.lines[place].says[:LONGEST],
        "live": talk.answers[place][:LONGEST] if place < len(talk.answers) else "",
        "draft": draft[:LONGEST],
        "why": [pair(miss.says) for miss in one.missed[:3] if miss.says.zh != told_by(draft).zh],
    }


def _within(number: int, most: int) -> int:
    return max(1, min(int(number), most))
