"""What one turn of the playground used."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.models.prices import YUAN
from runtime.turn.events import ModelUsed, Paid


@dataclass(frozen=True)
class Usage:
    """What one turn cost: tokens, milliseconds, US dollars (None: the price of a model is unknown)."""

    models: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    cost: float | None = 0.0
    first_token_ms: int | None = None
    ms: int = 0
    over: bool = False
    """Whether the turn is at its end: until then nobody knows what it will have used."""

    voice: Mapping[str, Any] | None = None
    """The answer read out, as the page asks for it."""

    def plus(self, used: Paid, first_token_ms: int | None) -> "Usage":
        known = self.cost is not None and used.cost is not None
        return replace(
            self,
            models=(*self.models, *(() if used.model in self.models else (used.model,))),
            prompt_tokens=self.prompt_tokens + used.prompt_tokens,
            completion_tokens=self.completion_tokens + used.completion_tokens,
            estimated=self.estimated or (isinstance(used, ModelUsed) and used.estimated),
            cost=(self.cost or 0) + (used.cost or 0) if known else None,
            first_token_ms=first_token_ms if self.first_token_ms is None else self.first_token_ms,
        )

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "models": list(self.models)}


def price(dollars: float, lang: str) -> str:
    """As readers of a language count it: in Chinese about so many yuan, else dollars."""
    amount = dollars * YUAN if lang == "zh" else dollars
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.4f}".rstrip("0").rstrip(".")
