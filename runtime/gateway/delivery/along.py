"""What came with a person's message and is used to answer it, as long as it is good."""

from runtime.gateway.surfaces import Surface
from runtime.message import Message


def usable(surface: Surface, after: Message | None, now: float) -> Message | None:
    """`after` with what came with it; None once that has ended. `now`: seconds since 1970."""
    assert surface.pusher
    return after if after and now < surface.pusher.answers_until(after) else None
