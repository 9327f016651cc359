"""What a flow says in its middle is sent at once, where somebody may be written to unasked."""

from collections.abc import Awaitable, Callable

from runtime.channels import Announces
from runtime.errors import HongyanError
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.job import Job

PATIENCE = 10.0
"""Seconds that the flow waits for it to leave, so that what it says next comes behind it."""


class Speaking:
    """By what is said without anybody having written: it is on the disk first, and leaves once."""

    def __init__(self, saying: Saying, abilities: Abilities) -> None:
        self._saying = saying
        self._abilities = abilities

    def of(self, job: Job) -> Callable[[str, str], Awaitable[bool]] | None:
        """See turn.Speak; None where it stands before the answer: windows, quotas and bubbles are the
        answer's."""
        surface = job.surface
        may = isinstance(surface.channel, Announces) and surface.is_for_people
        may = may and surface.streamer is None and surface.door is None
        if not may or job.message.for_nobody or self._abilities.can_push(surface) is False:
            return None

        async def speak(name: str, text: str) -> bool:
            try:
                key = f"said in {job.seq} {name}"
                ids = await self._saying.say(surface, text, job.message.sender, key)
                await self._saying.ended(ids, PATIENCE)
            except HongyanError:
                return False  # nothing of it is there: it stands before the answer
            return True

        return speak
