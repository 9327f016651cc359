"""The files of a conversation, for a turn of it: those of the message, and those that came before."""

from collections.abc import Sequence

from runtime.gateway.job import Job
from runtime.message import Exchange
from runtime.newest import Newest
from runtime.senses.senses import Senses
from runtime.store.messages.messages import Messages
from runtime.turn.files import Files
from runtime.turn.restart import since_restart

MOST = 20
"""Messages with files that are looked at."""
PEOPLE = 10_000
"""Of whom it is remembered that they sent none."""


class Opening:
    """`senses`: None: no file is opened."""

    def __init__(self, messages: Messages, senses: Senses | None) -> None:
        self._records = messages.media
        self._senses = senses
        self._without = Newest[tuple[str, str], bool](PEOPLE)

    async def files(self, job: Job, history: Sequence[Exchange]) -> Files | None:
        """None: those of the message, as they are."""
        if self._senses is None:
            return None
        before = history if job.message.history is not None else await self._before(job)
        if not before and "files" not in job.message.data:
            return None
        return await self._senses.opened(job.surface.agent, job.message, before)

    async def _before(self, job: Job) -> Sequence[Exchange]:
        """What came with the person's earlier messages, since they last began anew."""
        memory = job.surface.agent.memory
        if "files" in job.message.data:
            self._without.pop(job.lane, None)
        if not memory.strategy.loads or job.lane in self._without:
            return ()
        found = await self._records.sent(*job.lane, job.seq, MOST)
        if not found:
            if "files" not in job.message.data:
                self._without[job.lane] = True
            return ()
        said = await self._records.said(*job.lane, found[0].number, job.seq)
        after = since_restart(said, memory, job.message.at).after
        return [one for one in found if one.number > after]
