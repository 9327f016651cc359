"""Who chooses from what was offered: typed numbers are understood, and a tap is shown where it was made."""

import logging
import re
from dataclasses import replace

from runtime.channels import ApiRequest, Frame, WebResponse
from runtime.choices import LONGEST_TEXT, Choices
from runtime.errors import SendFailed, StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.debugging import Debugging
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.offers import offers_choices
from runtime.gateway.scored import original
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.offered import OfferedRows

log = logging.getLogger(__name__)

NUMBER = re.compile(r"\s*[0-9０-９]{1,2}[.、．)）]?\s*")


class Choosing:
    def __init__(self, context: Context, sender: Sender) -> None:
        self._rows = OfferedRows(context.messages.database)
        self._sender, self._debugging = sender, Debugging(context)
        self._background = context.background
        self._clock = context.clock

    async def understood(self, surface: Surface, message: Message) -> Message:
        """As if it had been tapped, when the person typed the number or the words of what they were offered
        last. Raises StoreFailed."""
        message = await self._debugging.heard(surface, message)
        if not surface.is_for_people or message.kind != "text" or "choice" in message.data:
            return message
        if not NUMBER.fullmatch(message.text) and not self._may_be_words(surface, message.text):
            return message
        data = await self._rows.newest(surface.id, message.sender)
        found = Choices.of(data).said_by(message.text) if data else None
        if found is None:
            return message
        return replace(message, text=found.value, data={**message.data, "choice": found.text})

    async def tapped(self, surface: Surface, message: Message) -> WebResponse | None:
        """Show, once, that it was; the response to the call that told it, where that is the way."""
        message = original(message) or message
        if surface.chooser is None or message.data.get("event") != "menu" or not message.text:
            return None
        try:
            data = await self._rows.with_value(surface.id, message.sender, message.text)
        except StoreFailed as e:
            log.warning("what was chosen on %s is not shown: %s", surface.id, e.text.en)
            data = None
        return await self.show(surface, message, Choices.of(data) if data else None)

    async def show(self, surface: Surface, message: Message, offered: Choices | None) -> WebResponse | None:
        """That this one of what was `offered` was tapped."""
        assert surface.chooser
        shown = surface.chooser.chosen(message, offered, self._clock())
        if isinstance(shown, WebResponse):
            return shown
        if shown is not None:
            self._background.start(self._show(surface, shown))
        return None

    async def _show(self, surface: Surface, request: ApiRequest | Frame) -> None:
        """An ornament: what is refused is left alone."""
        assert surface.chooser
        try:
            await self._sender.asked(surface.chooser, request, surface.chooser.pushed)
        except SendFailed as e:
            log.info("what was chosen on %s is not shown: %s", surface.id, e.text.en)

    @staticmethod
    def _may_be_words(surface: Surface, text: str) -> bool:
        return len(text) <= LONGEST_TEXT and offers_choices(surface)
