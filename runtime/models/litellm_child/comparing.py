"""Models that compare texts, by litellm: texts as numbers, texts by their relevance, and prices."""

import asyncio
import base64
import math
import struct
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypedDict

from runtime.models.litellm_child.failures import CannotAsk

Json = dict[str, Any]
Say = Callable[[Json], Awaitable[None]]

MOST_NUMBERS = 8192
"""Of one text."""


class Rerank(TypedDict):
    query: str
    texts: list[str]


class Comparing:
    """`litellm`: the module, loaded."""

    def __init__(self, litellm: Any) -> None:
        self._litellm = litellm

    async def embed(self, question: Mapping[str, Any], texts: list[str], say: Say) -> float | None:
        """Says `vectors`, in the texts' order: base64 of float16, of length 1. Its price, if known.

        Raises CannotAsk, litellm's.
        """
        answer = await self._litellm.aembedding(**_where(question), input=texts)
        rows = sorted(answer.data, key=_place)  # those that say no place stay as they came
        packed = await asyncio.to_thread(_packed, [row["embedding"] for row in rows])
        if len(packed) != len(texts):
            raise CannotAsk("comparing")
        await say({"vectors": packed})
        return self.price(question["model"], int(getattr(answer.usage, "prompt_tokens", 0) or 0))

    async def rerank(self, question: Mapping[str, Any], asked: Rerank, say: Say) -> float | None:
        """Says `order`: places and relevances. Raises CannotAsk, litellm's."""
        answer = await self._litellm.arerank(
            **_where(question), query=asked["query"], documents=asked["texts"], top_n=len(asked["texts"])
        )
        try:
            order = [[int(one["index"]), float(one["relevance_score"])] for one in answer.results or ()]
        except (KeyError, TypeError, ValueError):
            raise CannotAsk("comparing") from None
        if not order or not all(math.isfinite(score) for _, score in order):
            raise CannotAsk("comparing")
        await say({"order": order})
        return None

    def price(self, model: str, tokens: int) -> float | None:
        """In US dollars, by litellm's list."""
        try:
            info: Mapping[str, Any] = self._litellm.get_model_info(model)
        except Exception:  # noqa: BLE001 # litellm raises a bare one for a model that is not in its list
            return None
        rate = info.get("input_cost_per_token")
        return tokens * float(rate) if rate is not None and tokens else None


def _place(row: Any) -> int:
    said = row.get("index") if isinstance(row, Mapping) else getattr(row, "index", None)
    return said if isinstance(said, int) else 0


def _packed(vectors: Sequence[Sequence[float]]) -> list[str]:
    """Raises CannotAsk for what is no vector."""
    packed = []
    for vector in vectors:
        length = math.sqrt(math.fsum(float(one) ** 2 for one in vector)) if _is_numbers(vector) else 0.0
        if not math.isfinite(length) or not length:
            raise CannotAsk("comparing")
        packed.append(
            base64.b64encode(struct.pack(f"{len(vector)}e", *(one / length for one in vector))).decode()
        )
    return packed


def _is_numbers(vector: Any) -> bool:
    return (
        isinstance(vector, list)
        and 0 < len(vector) <= MOST_NUMBERS
        and all(isinstance(one, int | float) for one in vector)
    )


def _where(question: Mapping[str, Any]) -> Json:
    given = {name: question[name] for name in ("model", "api_base", "api_key") if question.get(name)}
    return {**given, "timeout": question["seconds"], "max_retries": 0}
