"""What is promised when a reminder is set: honestly, by what the surface lets us bring at that time."""

from dataclasses import dataclass

from runtime.channels import Announces
from runtime.gateway.surfaces import Surface
from runtime.store.messages.messages import Messages
from runtime.tools import Promise, Reminder


@dataclass(frozen=True)
class StoredReminders:
    """Implements tools.Reminders, for the person of one message."""

    messages: Messages
    surface: Surface
    sender: str
    now: float
    can_push: bool | None
    """None while it is not known."""

    async def set(self, at: float, text: str, once: str) -> Promise | None:
        made = await self.messages.reminders.put(self.surface.id, self.sender, once, text, at, self.now)
        if made is None:
            return None
        until = await self._reachable_until()
        return Promise(made.id, "then" if until is None or at < until else "when_they_write", until)

    async def all(self) -> list[Reminder]:
        kept = await self.messages.reminders.of(self.surface.id, self.sender)
        return [Reminder(one.id, one.text, one.due) for one in kept]

    async def cancel(self, id: int) -> bool:
        return await self.messages.reminders.cancel(self.surface.id, self.sender, id)

    async def _reachable_until(self) -> float | None:
        """How long they can be brought something without writing again; None: always."""
        pusher = self.surface.pusher
        if isinstance(pusher, Announces):
            return None
        wrote = await self.messages.newest(self.surface.id, self.sender)
        if pusher is None or not pusher.may_push or self.can_push is False or wrote is None:
            return self.now
        return (wrote.at or self.now) + pusher.quota(wrote).seconds
