"""What a person does beside writing, on a page or in an app of ours: they stop an answer, and judge one."""

from runtime.errors import NotFound
from runtime.gateway.context import Context
from runtime.gateway.intake import Intake
from runtime.gateway.live import ASKED, Ask, asked_for, name_of, written
from runtime.gateway.worker import Worker
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.own_history import OwnHistory

GONE = Text("这个智能体还没有发布。", "This agent is not published.")


class OwnActs:
    """Raises StoreFailed."""

    def __init__(self, context: Context, worker: Worker, intake: Intake) -> None:
        self._context, self._worker, self._intake = context, worker, intake
        self._history = OwnHistory(context.messages.database)

    async def stop(self, publication: str, sender: str, id: str) -> bool:
        """The turn of that message ends with what was written so far, wherever it runs; one that is over
        stays as it is. Whether there is such a message."""
        seq = await self._history.named(publication, sender, id)
        if seq is None:
            return False
        if job := self._worker.find(seq):
            job.halt()
            return True
        turn = asked_for(name_of(publication, Message(id, sender, ""), seq))
        await self._context.vanishing.say(ASKED, written(Ask(seq=seq, turn=turn, by="", halts=True)))
        return True

    async def judged(self, publication: str, event: Message) -> None:
        """It may begin a flow of the agent's. Raises NotFound."""
        surface = self._context.surfaces.find(publication)
        if surface is None:
            raise NotFound(GONE)
        await self._intake.take(surface, [event])
