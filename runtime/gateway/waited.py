"""What whoever asked is told of a turn that waits, at its end and when they ask once more."""

from runtime.store.messages.waits import NewWait, Waits
from runtime.turn.events import Waited


def waited(reply: str, ms: int, wait: NewWait | Waits) -> Waited:
    """Of what is waited for only what is theirs: the calls of their own tools."""
    calls = {"calls": wait.data["calls"]} if wait.kind == "results" else {}
    return Waited(
        reply,
        ms,
        finish="tool_calls" if calls else "stop",
        block=wait.block,
        wait=wait.kind,
        what=wait.what,
        until=wait.until,
        data=calls,
    )
