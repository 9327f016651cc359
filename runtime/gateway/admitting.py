"""Whether what arrives is taken: not of programs, and not more than one person may write."""

from runtime.gateway.canned import canned, slower
from runtime.gateway.context import Context
from runtime.gateway.delivery.push import Push
from runtime.gateway.surfaces import Surface
from runtime.message import Message


class Admitting:
    def __init__(self, context: Context, push: Push) -> None:
        self._allowance, self._metrics, self._push = context.allowance, context.metrics, push

    async def is_allowed(self, surface: Surface, message: Message) -> bool:
        """Whoever writes too much is told so, where nobody waits for a response."""
        verdict = await self.verdict(surface, message)
        if verdict == "told":
            self._push.say_soon(surface, message.sender, slower(surface.agent))
        return verdict == "taken"

    async def verdict(self, surface: Surface, message: Message) -> str:
        """See allowance.Verdict."""
        if message.is_bot:
            self._metrics.callbacks.labels(surface.kind, "bot").inc()
            return "quiet"
        if message.data.get("event") == "rated":
            verdict = "taken" if await self._allowance.may_rate(surface, message) else "quiet"
        else:
            verdict = await self._allowance.judge(surface, message)
            if canned(surface.agent, message) == "":
                return "taken"
        if verdict != "taken":
            self._metrics.callbacks.labels(surface.kind, "limited").inc()
        return verdict
