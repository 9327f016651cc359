"""Who was asked taps yes or no on a card: decided once, by the platform's word of who it was."""

import logging

from runtime.channels import WebResponse
from runtime.deciding import NO, YES, Tap, may_decide, options, tap_of
from runtime.errors import Conflict, HongyanError, NotFound, StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.choosing import Choosing
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.surfaces import Surface
from runtime.gateway.waits import Waitings
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.waits import Waits

log = logging.getLogger(__name__)

NOT_YOURS = Text("这件事不由您决定。", "This is not for you to decide.")
OVER = Text("这件事已经有了结果，或已过期。", "This is decided already, or its time is over.")
DECIDED = Text("{by} 已经决定：{what}。", "{by} decided already: {what}.")


class Deciding:
    def __init__(self, context: Context, waits: Waitings, saying: Saying, choosing: Choosing) -> None:
        self._rows = context.messages.waits
        self._waits = waits
        self._saying = saying
        self._choosing = choosing

    @staticmethod
    def is_tap(surface: Surface, message: Message) -> bool:
        """Only what the platform tells as a tap: words that say the same are words."""
        is_told = message.kind == "event" and message.data.get("event") == "menu"
        return is_told and surface.chooser is not None and tap_of(message.text) is not None

    async def tapped(self, surface: Surface, message: Message) -> WebResponse | None:
        """Take it; no turn is run for it. The response that shows it, where that is the way.

        Raises StoreFailed: then nothing was decided, and the platform is to tell it again.
        """
        tap = tap_of(message.text)
        assert tap
        wait = await self._waits.asked(tap.token)
        lang = str(wait.data.get("lang", "zh")) if wait else surface.agent.language
        if refusal := await self._refused(wait, tap, surface, message):
            await self._tell(surface, message, refusal.to(lang))
            return None
        return await self._choosing.show(surface, message, options(tap.token, lang, by=message.sender))

    async def _refused(self, wait: Waits | None, tap: Tap, surface: Surface, message: Message) -> Text | None:
        """Why it does not count; None when this is the decision."""
        if wait is None:
            return OVER
        if not may_decide(wait.data, surface.id, message.sender):
            log.warning("%s of %s may not decide what waits as %s", message.sender, surface.id, wait.id)
            return NOT_YOURS
        if await self._counts(wait, tap, message):
            return None
        return _already(await self._rows.find(wait.id) or wait)

    async def _counts(self, wait: Waits, tap: Tap, message: Message) -> bool:
        """Now, or when the same tap was told before."""
        if wait.came is None:
            try:
                await self._waits.decide(wait.id, yes=tap.yes, by=message.sender, tapped=True)
            except (Conflict, NotFound):
                return False
            return True
        said = wait.came.get("data", {})
        return (said.get("yes"), said.get("by")) == (tap.yes, message.sender)

    async def _tell(self, surface: Surface, message: Message, text: str) -> None:
        try:
            await self._saying.say(surface, text, message.sender, key=f"tap {message.id}")
        except StoreFailed:
            raise
        except HongyanError as e:
            log.info("who tapped on %s is not told: %s", surface.id, e.text.en)


def _already(wait: Waits) -> Text:
    if wait.came is None or wait.came["kind"] != "decision":
        return OVER
    said = wait.came["data"]
    return DECIDED.fill(by=said["by"], what=YES if said["yes"] else NO)
