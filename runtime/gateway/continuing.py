"""Which message goes on with a turn that waits, and with which version of the agent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from runtime.choices import read
from runtime.gateway.job import Job
from runtime.gateway.pinned import Pinned
from runtime.gateway.surfaces import Surfaces
from runtime.lang import Text
from runtime.store.messages.messages import Outcome
from runtime.store.messages.waits import WaitRows, Waits
from runtime.turn.restart import is_word
from runtime.turn.waiting import Awaited, Came, Past

AGAIN = Text("回到刚才的问题：\n{asked}", "Back to what I asked before:\n{asked}")


class Asked(Protocol):
    """A question that is still open."""

    @property
    def what(self) -> Text: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def asked_again(reply: str, open: Asked, lang: str) -> str:
    """The answer, and below it what was asked before."""
    asked = AGAIN.fill(asked=str(open.data.get("says") or open.what.to(lang))).to(lang)
    return "\n\n".join(text for text in (reply, asked) if text)


class Continuing:
    def __init__(self, rows: WaitRows, surfaces: Surfaces, clock: Callable[[], float]) -> None:
        self._rows = rows
        self._pinned = Pinned(surfaces)
        self._clock = clock

    async def with_message(self, job: Job, *, is_for_turn: bool) -> tuple[Past, int] | None:
        """What the turn of this message brings along, and its version; None when it begins one.

        `is_for_turn`: whether the message needs a turn at all; else it only goes on with what it took before.
        Raises StoreFailed.
        """
        message, agent = job.message, job.surface.agent
        if not (job.may_wait or job.waited or job.resumed):
            return None  # none did, and no turn of this person's was between: there is nothing to look for
        results = message.wishes.get("results")
        awaited: Awaited = "message" if results is None else "results"
        speaks = not message.unasked and results is None
        leaves = speaks and bool(is_word(message.text, agent.waiting.cancel))
        wait = await self._rows.of(*job.lane, job.seq, self._clock(), newest=leaves)
        if wait is None:
            return None
        if wait.taken_by is None:
            start = agent.begun_by(message)
            if start is not None and start.comes_before_a_question(message):
                return None
            if not is_for_turn or message.unasked or not (leaves or wait.kind == awaited):
                return None
            data = {} if results is None else {"results": results}
            came = Came("cancelled" if leaves else awaited, data, self._clock())
            if not await self._rows.take(wait.id, job.seq, came.to_json()):
                return None
            wait = replace(wait, came=came.to_json())
        version = self._version(job, wait)
        past = Past.from_json(wait.carried)
        past.steps[wait.step] = wait.came
        return past, version

    async def still_asked(self, job: Job, outcome: Outcome) -> Outcome:
        """With what the person was asked before and did not answer, once they have answered or left what they
        were asked since: nobody looks for a question above another one. Raises StoreFailed.
        """
        if (
            job.message.unasked
            or outcome.wait
            or outcome.failure
            or outcome.handoff
            or read(outcome.reply)[1]
        ):
            return outcome
        now = self._clock()
        rows = [one for one in await self._rows.open(*job.lane, "message") if one.until > now]
        if not rows:
            return outcome
        lang = job.surface.agent.language
        return replace(outcome, reply=asked_again(outcome.reply, rows[0], lang))

    def _version(self, job: Job, wait: Waits) -> int:
        """Gives the job the agent that the turn began with, unless its owner wants the newest."""
        surface = job.surface
        if wait.version != surface.version and not surface.agent.waiting.newer:
            job.surface = self._pinned.to(surface, wait.version)
        return job.surface.version
