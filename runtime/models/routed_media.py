"""Ask models that hear, speak and draw: find the one that a name means, within a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from runtime.errors import ModelFailed
from runtime.models.adapters import Adapter, AdapterForPainting, AdapterForSound
from runtime.models.failures import took_too_long
from runtime.models.hiding import in_words
from runtime.models.keyring import Keyring
from runtime.models.painting import NOBODY_DRAWS, Painted, cannot_paint
from runtime.models.providers import Endpoints
from runtime.models.sound import Heard, Recording, Spoken, cannot_hear, cannot_speak
from runtime.models.targets import DIRECT, HERE, Target, resolve

T = TypeVar("T")


class RoutedMedia:
    """Implements sound.Sound and painting.Paints."""

    def __init__(
        self,
        endpoints: Endpoints,
        environment: Mapping[str, str],
        adapter: Adapter,
        keyring: Keyring,
        meant: Callable[[str], Awaitable[str]],
    ) -> None:
        """`meant`: what a name with rules means now."""
        self._endpoints, self._environment = endpoints, environment
        self._adapter, self._keyring = adapter, keyring
        self._meant = meant

    async def transcribe(self, model: str, recording: Recording, seconds: float) -> Heard:
        """See sound.Sound."""
        target, is_known = await self._asked(model)
        if target is None or not isinstance(self._adapter, AdapterForSound):
            raise cannot_hear(model)
        heard = await _within(seconds, model, self._adapter.transcribe(target, recording, seconds))
        return heard if is_known else replace(heard, cost=None)

    async def speak(self, model: str, voice: str, text: str, seconds: float) -> Spoken:
        """See sound.Sound."""
        target, is_known = await self._asked(model)
        if target is None or not isinstance(self._adapter, AdapterForSound):
            raise cannot_speak(model)
        spoken = await _within(seconds, model, self._adapter.speak(target, voice, in_words(text), seconds))
        return spoken if is_known else replace(spoken, cost=None)

    async def converted(self, recording: Recording, type: str, seconds: float) -> bytes:
        """See sound.Sound."""
        if not isinstance(self._adapter, AdapterForSound):
            raise cannot_speak(type)
        return await _within(seconds, "litellm", self._adapter.converted(recording, type, seconds))

    async def paint(self, model: str, prompt: str, size: str, seconds: float) -> Painted:
        """See painting.Paints."""
        model = model or self._endpoints.usual_models().drawing
        if not model:
            raise ModelFailed(NOBODY_DRAWS, code="no_model")
        target, is_known = await self._asked(model)
        if target is None or not isinstance(self._adapter, AdapterForPainting):
            raise cannot_paint(model)
        painted = await _within(seconds, model, self._adapter.paint(target, in_words(prompt), size, seconds))
        return painted if is_known else replace(painted, cost=None)

    async def _asked(self, model: str) -> tuple[Target | None, bool]:
        """Who is asked how, None for one that only plays here, and whether litellm knows its prices."""
        target = self._keyring.keyed(resolve(await self._meant(model), self._endpoints, self._environment))
        if target.via != DIRECT:
            return (None if target.via == HERE else target), True
        # litellm speaks to it as it does to OpenAI, whose prices are not its prices
        return replace(target, model=f"openai/{target.model}"), False


async def _within(seconds: float, model: str, work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        raise took_too_long(model) from None
