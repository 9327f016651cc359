"""A response to a callback holds one thing: text, or one thing that is more than text and stands alone."""

import contextlib

from runtime.answer import PartKind
from runtime.channels import Responds, RespondsMedia, Shown, WebResponse
from runtime.errors import SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.offers import can_be_tapped
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.carried import Part, Response


class Alone:
    def __init__(self, context: Context, showing: Showing) -> None:
        self._parts = context.messages.parts
        self._showing = showing

    async def shown(self, surface: Surface, message: Message) -> tuple[Part, Shown] | None:
        """What is more than text, when nothing else waits for the person and a response can show it."""
        if not isinstance(surface.channel, RespondsMedia):
            return None
        parts = await self._parts.waiting(surface.id, message.sender)
        if len(parts) != 1 or not _responds(surface, parts[0].kind):
            return None
        with contextlib.suppress(SendFailed):
            if shown := await self._showing.shown(surface, parts[0]):
                return parts[0], shown
        return None

    async def is_better_pushed(self, surface: Surface, message: Message) -> bool:
        """Whether what waits would be less in a response than it is when it is pushed."""
        if surface.shower is None and surface.chooser is None:
            return False
        parts = await self._parts.waiting(surface.id, message.sender)
        is_alone = len(parts) == 1 and _responds(surface, parts[0].kind)
        return not is_alone and any(_is_more(surface, part) for part in parts)


def responded(channel: Responds, message: Message, response: Response, now: float) -> WebResponse:
    """As it was recorded, so that a repeat gets the same again."""
    if response.shown is not None and isinstance(channel, RespondsMedia):
        return channel.respond_media(message, Shown(**response.shown), now)
    return channel.respond(message, response.text, now)


def _is_more(surface: Surface, part: Part) -> bool:
    return can_be_tapped(surface, part.data) if part.kind == "choices" else part.kind != "text"


def _responds(surface: Surface, kind: PartKind) -> bool:
    """Whether a response can show it as what it is."""
    channel = surface.channel
    return (
        isinstance(channel, RespondsMedia)
        and kind not in ("text", "choices")
        and kind not in channel.only_pushed
    )
