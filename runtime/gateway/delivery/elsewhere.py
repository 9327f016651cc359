"""A callback is answered here whose message another instance works on.

It is held as long as one of ours would be, and takes from the store what the other put there: choosing what a
response carries is one step, so that nothing is carried here and pushed there.
"""

import asyncio
from contextlib import aclosing, suppress

from runtime.channels import Responds, WebResponse
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.ladder import HUNG_UP, Delivery
from runtime.gateway.job import Listens
from runtime.gateway.listening import SOON, Listening
from runtime.gateway.live import name_of
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.instances import HowFar


class Elsewhere:
    def __init__(self, context: Context, abilities: Abilities, delivery: Delivery) -> None:
        self._instances, self._vanishing = context.messages.instances, context.vanishing
        self._abilities, self._delivery = abilities, delivery

    async def respond(
        self,
        surface: Surface,
        channel: Responds,
        message: Message,
        seq: int,
        listens: Listens,
        spent: float,
    ) -> WebResponse:
        """`spent`: seconds of the callback's window."""
        patience = max(0.0, self._delivery.patience(surface, message) - spent)
        far = await self._until_over(surface, message, seq, patience)
        if not far.is_over and not self._abilities.can_push(surface):
            return await self._delivery.put_off(surface, channel, message, seq, far.came, listens)
        if not await listens():
            return HUNG_UP
        return await self._delivery.respond(surface, channel, message, seq, None, listens)

    async def _until_over(self, surface: Surface, message: Message, seq: int, seconds: float) -> HowFar:
        """Wait for the end of its turn, for so long at most."""
        far = await self._instances.how_far(seq)
        if far.is_over or not seconds:
            return far
        if seconds < SOON:  # nobody is told of it so quickly
            await asyncio.sleep(seconds)
        else:
            name = name_of(surface.id, message, seq)
            turn = Listening(self._vanishing, self._instances, seq, name, pieces=False, needs_listener=False)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), aclosing(turn.events()) as told:
                    async for _ in told:
                        pass
        return await self._instances.how_far(seq)


async def nothing_earlier(accepted: Accepted) -> None:
    """Whatever was written before came here."""
