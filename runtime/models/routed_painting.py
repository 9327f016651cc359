"""Ask models that draw: find the one that a name means, within a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from runtime.errors import ModelFailed
from runtime.models.adapters import Adapter, AdapterForPainting
from runtime.models.failures import took_too_long
from runtime.models.hiding import in_words
from runtime.models.keyring import Keyring
from runtime.models.painting import NOBODY_DRAWS, Painted, cannot_paint
from runtime.models.providers import Endpoints
from runtime.models.targets import DIRECT, HERE, resolve


class RoutedPainting:
    """Implements painting.Paints."""

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
        self._adapter, self._keyring, self._meant = adapter, keyring, meant

    async def paint(self, model: str, prompt: str, size: str, seconds: float) -> Painted:
        """See painting.Paints."""
        model = model or self._endpoints.usual_models().drawing
        if not model:
            raise ModelFailed(NOBODY_DRAWS, code="no_model")
        target = self._keyring.keyed(resolve(await self._meant(model), self._endpoints, self._environment))
        if target.via == HERE or not isinstance(self._adapter, AdapterForPainting):
            raise cannot_paint(model)
        is_known = target.via != DIRECT
        if not is_known:
            # litellm speaks to it as it does to OpenAI, whose prices are not its prices
            target = replace(target, model=f"openai/{target.model}")
        try:
            async with asyncio.timeout(seconds):
                painted = await self._adapter.paint(target, in_words(prompt), size, seconds)
        except TimeoutError:
            raise took_too_long(model) from None
        return painted if is_known else replace(painted, cost=None)
