"""Real conversations of the last days, as cases that another version is played against."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from runtime.agents.agent import Agent
from runtime.errors import HongyanError, NotFound
from runtime.lang import Text
from runtime.shadowing.unsent import as_heard
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.insights import Insights
from runtime.store.messages.talks import drawn
from runtime.testing.real_talks import LONGEST, together, turned
from runtime.testing.recording import recorded
from runtime.testing.suite import Case

DAY = 86_400.0
MOST = 100
"""Conversations."""
NOBODY = Text(
    "这段时间「{id}」没有回答过谁，没有对话可以重放。可以选长一点的时间。",
    "Nobody was answered on {id!r} in that time, so there is nothing to replay. Choose a longer time.",
)


@dataclass(frozen=True)
class Talk:
    """`answers`: as they were given then, one a line of the case."""

    case: Case
    answers: Sequence[str]


def real_talks(
    control: Control, publication: Publication, *, days: int, most: int, seed: str | None = None
) -> list[Talk]:
    """Drawn at random, one a person; `case.id` is "talk-" and the number of its last message. `seed`: the
    same gives the same ones again. Raises NotFound where there are none, BadAgent, StoreFailed."""
    answered = Agent.load(control.frozen_agent(publication.id, publication.version))
    since, path = time.time() - days * DAY, control.home / "data" / "messages.db"
    seqs = drawn(path, publication.id, since, min(MOST, most), random.Random(seed))
    talks = [talk for seq in seqs if (talk := _talk(answered, Insights(path), seq, since))]
    if not talks:
        raise NotFound(NOBODY.fill(id=publication.id))
    return talks


def to_be_played(control: Control, publication: Publication, agent: Agent) -> Agent:
    """The agent, as it may answer them. Raises NotFound, BadAgent."""
    return as_heard(agent, Agent.load(control.frozen_agent(publication.id, publication.version)))


def _talk(agent: Agent, insights: Insights, seq: int, since: float) -> Talk | None:
    """None for what cannot be played again, such as one with files alone."""
    rows = [row for row in together(insights.conversation(seq, LONGEST)) if row["accepted_at"] >= since]
    turns = [one for one in map(turned, rows) if one.says.strip()]
    if not turns:
        return None
    try:
        case = Case.model_validate({"id": f"talk-{seq}", **recorded(agent, turns, among=True)})
    except (HongyanError, ValueError):  # of an older version, or longer than a test may be
        return None
    return Talk(case, [one.reply for one in turns])
