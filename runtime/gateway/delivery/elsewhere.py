"""A callback is answered here whose message another instance works on.

It is held as long as one of ours would be, and takes from the store what the other put there: choosing what a
response carries is one step, so that nothing is carried here and pushed there.
"""

import asyncio
from math import inf

from runtime.channels import Responds, WebResponse
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.ladder import HUNG_UP, Delivery
from runtime.gateway.job import Listens
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.instances import HowFar, Instances

LOOK = 0.2
"""Seconds between two looks whether the answer is there."""


class Elsewhere:
    def __init__(self, context: Context, abilities: Abilities, delivery: Delivery) -> None:
        self._instances = context.messages.instances
        self._abilities, self._delivery = abilities, delivery

    async def respond(
        self, surface: Surface, channel: Responds, message: Message, seq: int, listens: Listens
    ) -> WebResponse:
        far = await until_over(self._instances, seq, self._delivery.patience(surface, message))
        if not far.is_over and not self._abilities.can_push(surface):
            return await self._delivery.put_off(surface, channel, message, seq, far.came, listens)
        if not await listens():
            return HUNG_UP
        return await self._delivery.respond(surface, channel, message, seq, None, listens)


async def until_over(instances: Instances, seq: int, seconds: float = inf) -> HowFar:
    """Wait for the end of its turn, for so long at most."""
    now = asyncio.get_running_loop().time
    ends = now() + seconds
    while not (far := await instances.how_far(seq)).is_over and now() < ends:  # noqa: ASYNC110 # nobody here is told
        await asyncio.sleep(min(LOOK, max(0.0, ends - now())))
    return far


async def nothing_earlier(accepted: Accepted) -> None:
    """Whatever was written before came here."""
