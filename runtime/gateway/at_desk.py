"""Whoever writes while a human has them: at the platform's own desk, or at ours."""

from runtime.channels import Responds, WebResponse
from runtime.gateway.context import Context, Handing
from runtime.gateway.delivery.ladder import Delivery
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.accepting import Accepted


class AtDesk:
    def __init__(self, context: Context, delivery: Delivery) -> None:
        self._messages = context.messages
        self._handings = context.handings
        self._clock = context.clock
        self._delivery = delivery

    def is_handed(self, surface: Surface, message: Message, accepted: Accepted) -> bool:
        """Whether there is nothing to do for a new one: a human has the person, or nobody asked anything."""
        if accepted.state == "handed":
            self._handings.put_nowait(Handing("wrote", surface, message.sender, accepted.seq))
        elif (
            (hander := surface.hander)
            and hander.with_assistant
            and accepted.state == "accepted"
            and message.kind != "event"
        ):
            self._handings.put_nowait(Handing("begins", surface, message.sender))
        return accepted.state != "accepted"

    async def response(
        self, surface: Surface, channel: Responds, message: Message, accepted: Accepted
    ) -> WebResponse | None:
        """The response to whoever is with a human, to a repeat too: where it can, it brings it there."""
        if accepted.state == "handed" and not await self._is_at_platform(surface, message):
            # an operator of ours has them: what was said to them waits where nothing can be pushed
            return await self._delivery.respond(surface, channel, message, accepted.seq, None)
        if surface.hander is None or message.kind == "event":
            return None
        if accepted.is_new:
            if not self.is_handed(surface, message, accepted):
                return None
        elif not await self._is_at_platform(surface, message):
            return None
        return surface.hander.handed(message, self._clock()) or channel.acknowledge()

    async def _is_at_platform(self, surface: Surface, message: Message) -> bool:
        """Whether a human at the platform's own desk has the person."""
        found = surface.hander and await self._messages.handed.find(surface.id, message.sender, self._clock())
        return found is not None
