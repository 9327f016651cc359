"""What of a turn is done once: over crashes by the journal, over waiting by what is carried along."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from runtime.turn.journal import Forgetful, Journal
from runtime.turn.waiting import Came, Past, Wait, Waiting, new_token


@dataclass(kw_only=True)
class Stepping:
    """Each step has a name that is unique in its flow; `path` makes it unique in the turn."""

    journal: Journal = field(default_factory=Forgetful)
    path: str = ""
    """Of an inner turn: it begins the name of all that is done in it, e.g. `each.3/`."""
    past: Past = field(default_factory=Past)
    """What was finished before the turn waited."""
    fresh: dict[str, Any] = field(default_factory=dict)
    """Steps that were finished since, by whole names."""
    running: list[str] = field(default_factory=list)
    """Ids of the blocks that run, each inside the one before it."""

    async def step(self, name: str, work: Callable[[], Awaitable[Any]], *, carried: bool = True) -> Any:
        """Do `work` once, even if the turn is cut off and continued: its result (plain JSON) is journaled.

        `name` is unique in the flow; the round or inner agent in which it is done begins the whole name.
        `carried`: also once when the turn waits and goes on with another message.
        """
        whole = self.path + name
        if carried and (done := self.past.steps.get(whole)) is not None:
            return await self.known(done)
        done = await self.journal.recall(whole)
        if done is None:
            done = await work()
            self.journal.record(whole, done)
        else:
            done = await self.known(done)
        if carried:
            self.fresh[whole] = done
        return done

    async def known(self, done: Any) -> Any:
        """It was done before, by a process that is gone or before the turn waited."""
        return done

    async def wait(self, name: str, wait: Wait) -> Came:
        """What came. The first time the turn ends here, by Waiting, which passes through every block; the
        turn that goes on comes to this place again. Raises WaitOver when it did not come in time, or the
        person left it.
        """
        step = self.path + name
        came = self.past.steps.get(step)
        if came is None:
            raise Waiting(step, self.running[-1] if self.running else "", wait)
        return Came.from_json(came).surely(wait.kind)

    async def recall(self, name: str) -> Any | None:
        """What a step came to, if it was done; it goes along when the turn waits."""
        whole = self.path + name
        done = self.past.steps.get(whole)
        if done is None and (done := await self.journal.recall(whole)) is not None:
            self.fresh[whole] = done
        return done

    async def token(self, name: str) -> str:
        """What nobody can guess, the same each time this place is come to: for a call from outside."""

        async def work() -> str:
            return new_token()

        return str(await self.step(f"{name}.token", work))

    async def decide(self, name: str, work: Callable[[], Any]) -> Any:
        """What was decided here (plain JSON, not None): once, also when the turn goes on later."""

        async def now() -> Any:
            return work()

        return await self.step(f"{name}.way", now)
