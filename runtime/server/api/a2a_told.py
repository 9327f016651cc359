"""A turn as A2A's tasks: at its end, from the store, and while it runs."""

from collections.abc import AsyncIterator, Collection

import orjson

from runtime.errors import HongyanError, TurnFailed
from runtime.lang import NOTHING
from runtime.message import Message
from runtime.server.api import what_waits
from runtime.server.api.a2a_wire import Json, State, Task, Wire
from runtime.server.api.a2a_wrong import code_of
from runtime.server.api.api_errors import sentence_of
from runtime.server.api.streams import whole
from runtime.store.messages.one_answer import OneAnswer
from runtime.turn.events import STOPPED, Event, Failed, Replied, Stored, TextDelta, TextReset, Waited


def id_of(message: Message) -> str:
    return f"{message.sender.partition(':')[2]}.{message.id}"


def task_of(message: Message, state: State, text: str = "", waiting: Event | None = None) -> Task:
    context = message.sender.partition(":")[2]
    metadata = None
    if isinstance(waiting, Waited):
        metadata = {"waiting": what_waits.told(waiting.wait, waiting.what, waiting.until)}
    return Task(id_of(message), context, state, message.text, text, metadata)


def stored(found: OneAnswer, lang: str) -> Task:
    if not found.is_over:
        return task_of(found.message, "working")
    if found.failure:
        why = sentence_of(TurnFailed(NOTHING, code=found.failure)).to(lang)
        return task_of(found.message, "failed", why)
    return task_of(found.message, _ended(found.finish), found.reply)


async def turned(events: AsyncIterator[Event | None], message: Message, lang: str) -> Task:
    """The task once its turn is over; one that failed is a task, too."""
    try:
        done = await whole(events)
    except TurnFailed as e:
        return task_of(message, "failed", sentence_of(e).to(lang))
    return task_of(message, _ended(done.finish), done.text, done.waiting)


def _ended(finish: str) -> State:
    """`finish`: see events.Replied."""
    return "canceled" if finish == STOPPED else "completed"


class Telling:
    """The events of one stream, each a response to the same call."""

    def __init__(
        self, wire: Wire, id: str | int, message: Message, blocks: Collection[str], lang: str
    ) -> None:
        self._wire, self._id, self._message, self._lang = wire, id, message, lang
        self._blocks = blocks
        self._shown = ""
        self._goes_on = False

    def take(self, event: Event) -> list[bytes]:
        """Raises TurnFailed when the turn did."""
        match event:
            case Stored():
                return [self._result(self._wire.begun(task_of(self._message, "submitted")))]
            case TextDelta(block=block, text=text) if block in self._blocks and not event.within:
                return [self._piece(text)]
            case TextReset(block=block) if block in self._blocks:
                self._shown, self._goes_on = "", False
        if not isinstance(event, Replied):
            return []
        task = task_of(self._message, _ended(event.finish), event.text, event)
        last = [] if event.text.strip() == self._shown.strip() else [self._whole(event.text)]
        return [*last, self._result(self._wire.change(task, final=True))]

    def _piece(self, text: str) -> bytes:
        task, append = task_of(self._message, "working"), self._goes_on
        self._shown, self._goes_on = self._shown + text, True
        return self._result(self._wire.piece(task, text, append=append))

    def _whole(self, text: str) -> bytes:
        """In the place of what was shown."""
        task = task_of(self._message, "working")
        return self._result(self._wire.piece(task, text, append=False))

    def failed(self, error: HongyanError) -> bytes:
        """How the turn failed; or why there is none."""
        text = sentence_of(error).to(self._lang)
        if isinstance(error, TurnFailed):
            return self._result(self._wire.change(task_of(self._message, "failed", text), final=True))
        return _line({"jsonrpc": "2.0", "id": self._id, "error": {"code": code_of(error), "message": text}})

    def _result(self, result: Json) -> bytes:
        return _line({"jsonrpc": "2.0", "id": self._id, "result": result})


async def told(events: AsyncIterator[Event | None], telling: Telling) -> AsyncIterator[bytes]:
    try:
        async for event in events:
            if event is None:
                yield b": still here\n\n"
                continue
            if isinstance(event, Failed):
                raise TurnFailed(event.reason, code=event.code)
            for line in telling.take(event):
                yield line
    except HongyanError as e:
        yield telling.failed(e)


def _line(data: Json) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"
