"""Ask models that compare texts: find the one that a name means, try again, within a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.adapters import Adapter, AdapterForComparing
from runtime.models.failures import took_too_long
from runtime.models.hiding import all_in_words
from runtime.models.keyring import Keyring
from runtime.models.providers import Endpoints
from runtime.models.ranks import Embedded, Ranked
from runtime.models.targets import DIRECT, HERE, Target, resolve

T = TypeVar("T")

PAUSES = (0.5, 2.0)
"""Seconds before each further try."""
CANNOT = Text(
    "「{model}」不能把文字变成向量或排序，请选一个向量模型或重排模型，例如 openai/text-embedding-3-small。",
    "{model!r} cannot compare texts; choose an embedding or reranking model, "
    "e.g. openai/text-embedding-3-small.",
)


class RoutedRanks:
    """Implements ranks.Ranks."""

    def __init__(
        self,
        endpoints: Endpoints,
        environment: Mapping[str, str],
        adapter: Adapter,
        keyring: Keyring,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        check: Callable[[str], ModelFailed | None] = lambda _: None,
    ) -> None:
        """`check`: why a model may not be asked any more today."""
        self._endpoints, self._environment = endpoints, environment
        self._adapter, self._keyring, self._sleep, self._check = adapter, keyring, sleep, check

    def named(self, model: str) -> str:
        """The name by which it is counted. Raises ModelFailed."""
        return resolve(model, self._endpoints, self._environment).name

    async def embed(self, model: str, texts: Sequence[str], seconds: float) -> Embedded:
        """See ranks.Ranks."""
        adapter, target, is_known = self._asked(model, "openai")
        sent = await all_in_words(texts)
        made = await self._persist(model, seconds, lambda: adapter.embed(target, sent, seconds))
        return made if is_known else replace(made, cost=None)

    async def rerank(self, model: str, query: str, texts: Sequence[str], seconds: float) -> Ranked:
        """See ranks.Ranks."""
        adapter, target, is_known = self._asked(model, "jina_ai")
        asked, *sent = await all_in_words([query, *texts])
        ranked = await self._persist(model, seconds, lambda: adapter.rerank(target, asked, sent, seconds))
        return ranked if is_known else replace(ranked, cost=None)

    async def price(self, model: str, tokens: int) -> float | None:
        """See ranks.Ranks."""
        adapter, target, is_known = self._asked(model, "openai")
        return await adapter.price(target, tokens) if is_known else None

    def _asked(self, model: str, dialect: str) -> tuple[AdapterForComparing, Target, bool]:
        """Who is asked how, and whether litellm knows its prices. Raises ModelFailed.

        `dialect`: what an endpoint that speaks like OpenAI is taken for. Those that put texts in order
        do it as Jina does.
        """
        meant = resolve(model, self._endpoints, self._environment)
        if (failed := self._check(meant.name)) is not None:
            raise failed
        target = self._keyring.keyed(meant)
        if target.via == HERE or not isinstance(self._adapter, AdapterForComparing):
            raise ModelFailed(CANNOT.fill(model=model), code="no_model")
        if target.via != DIRECT:
            return self._adapter, target, True
        return self._adapter, replace(target, model=f"{dialect}/{target.model}"), False

    async def _persist(self, model: str, seconds: float, work: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(seconds):
                for pause in PAUSES:
                    try:
                        return await work()
                    except ModelFailed as e:
                        if not e.retryable:
                            raise
                    await self._sleep(pause)
                return await work()
        except TimeoutError:
            raise took_too_long(model) from None
