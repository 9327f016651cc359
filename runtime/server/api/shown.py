"""An answer as whoever follows it is told of it, frame by frame, over a WebSocket or an EventSource."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from runtime.errors import TurnFailed
from runtime.server.api.chat_api import answered
from runtime.turn.events import Event, Failed, Replied, Stored, TextDelta, TextReset


async def _always() -> None: ...


@dataclass(frozen=True)
class Lane:
    """Whose messages: `blocks` are those that answers are made of; `context` as a program names it, or "".
    `still`: raises HongyanError once they may not be told any more."""

    publication: str
    sender: str
    blocks: Collection[str]
    context: str = ""
    still: Callable[[], Awaitable[object]] = _always


class Shown:
    """The answer to one message. `blocks`: those that it is made of; `say`: gets each frame, see ws_told."""

    def __init__(self, id: str, context: str, blocks: Collection[str], say: Callable[..., None]) -> None:
        self._id, self._context, self._blocks, self._say = id, context, blocks, say
        self._goes_on = False
        """What is written follows what was sent before; else the client may have seen other text, here or
        before its line was cut."""

    def take(self, event: Event) -> None:
        """Raises TurnFailed when the turn did."""
        match event:
            case Stored():
                self._say("accepted", id=self._id)
            case TextDelta(block=block, text=text) if block in self._blocks:
                self._say("written" if self._goes_on else "rewritten", id=self._id, text=text)
                self._goes_on = True
            case TextReset(block=block) if block in self._blocks:
                self._goes_on = False
            case Failed():
                raise TurnFailed(event.reason, code=event.code)
            case Replied():
                whole = answered(event.text, self._context, event, event.finish)
                self._say("answered", id=self._id, **_named(whole))


def _named(answer: dict[str, object]) -> dict[str, object]:
    return {"context_id" if name == "new_context" else name: value for name, value in answer.items()}
