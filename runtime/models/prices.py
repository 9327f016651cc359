"""What the owner pays for a model, where the list that comes along does not say, or says something else."""

from typing import Annotated, Literal

from pydantic import Field

from runtime.schema import Strict

MILLION = 1_000_000
YUAN = 7.1
"""For a dollar, about: costs are kept in dollars, as most lists are."""
Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Currency = Literal["USD", "CNY"]


class Price(Strict):
    """Of a million tokens, of questions (`input`) and of answers. `id`: `endpoint/model`."""

    id: str = Field(pattern=r"^[^\s/]+/\S+$", max_length=200)
    input: Amount
    output: Amount
    currency: Currency = "USD"
    by: str = ""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """In US dollars."""
        amount = (self.input * prompt_tokens + self.output * completion_tokens) / MILLION
        return in_dollars(amount, self.currency)


def in_dollars(amount: float, currency: Currency) -> float:
    return amount / YUAN if currency == "CNY" else amount
