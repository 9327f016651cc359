"""Models that draw, by litellm: what they are sent, what they answer, what it costs."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypedDict

Json = dict[str, Any]
Say = Callable[[Json], Awaitable[None]]


class Picture(TypedDict):
    prompt: str
    size: str
    """ "": the model's usual one."""


class Painting:
    """`litellm`: the module, loaded."""

    def __init__(self, litellm: Any) -> None:
        self._litellm = litellm

    async def paint(self, question: Mapping[str, Any], picture: Picture, say: Say) -> float | None:
        """Says `content` in base64, or `url`. Its price, if known. Raises litellm's."""
        where = {name: question[name] for name in ("model", "api_base", "api_key") if question.get(name)}
        size = {"size": picture["size"]} if picture["size"] else {}
        answer = await self._litellm.aimage_generation(
            **where, **size, prompt=picture["prompt"], n=1, timeout=question["seconds"], max_retries=0
        )
        first = next(iter(getattr(answer, "data", None) or ()), None)
        content, url = getattr(first, "b64_json", None), getattr(first, "url", None)
        await say({"content": str(content or ""), "url": "" if content else str(url or "")})
        return self._price(question["model"], answer, picture["size"])

    def _price(self, model: str, answer: Any, size: str) -> float | None:
        """In US dollars, by litellm's list."""
        try:
            cost = self._litellm.completion_cost(
                completion_response=answer,
                model=model,
                call_type="image_generation",
                n=1,
                size=size or "1024-x-1024",
            )
        except Exception:  # noqa: BLE001 # litellm raises a bare one for a model that is not in its list
            return None
        return float(cost) or None
