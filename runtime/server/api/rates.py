"""What a key has left today, told with each answer: the headers that clients of OpenAI's API know.

    x-ratelimit-limit-requests, -remaining-requests, -reset-requests: messages of today, and when it is over
    x-ratelimit-limit-tokens, -remaining-tokens, -reset-tokens
    x-ratelimit-limit-dollars, -remaining-dollars, -reset-dollars: ours; with up to six decimals

Only what is bounded is told. https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import HTTPConnection

from runtime.caps import Cap, Sum, Today

SHOWN = tuple(
    f"x-ratelimit-{what}-{of}"
    for of in ("requests", "tokens", "dollars")
    for what in ("limit", "remaining", "reset")
)


class Rates(NamedTuple):
    """Before this request, which counts once it is over."""

    cap: Cap
    used: Today

    def headers(self) -> Iterator[tuple[str, str]]:
        cap, spent = self.cap, self.used.spent
        each = (
            ("requests", cap.messages, spent.messages, str),
            ("tokens", cap.tokens, spent.tokens, str),
            ("dollars", cap.money, spent.cost, dollars_plain),
        )
        for name, most, taken, written in each:
            if most is not None:
                yield f"x-ratelimit-limit-{name}", written(most)
                yield f"x-ratelimit-remaining-{name}", written(max(0, most - taken))
                yield f"x-ratelimit-reset-{name}", f"{max(0, round(self.used.seconds))}s"


def tighter(one: Rates, other: Rates) -> Rates:
    """Of each measure the bound of which less is left; of two that end together."""
    cap, spent = [], Sum()
    for what, taken in (("messages", "messages"), ("tokens", "tokens"), ("money", "cost")):
        mine = [
            (most - getattr(rates.used.spent, taken), most, getattr(rates.used.spent, taken))
            for rates in (one, other)
            if (most := getattr(rates.cap, what)) is not None
        ]
        _, most, took = min(mine, default=(0, None, 0))
        cap.append(most)
        setattr(spent, taken, took)
    return Rates(Cap(*cap), Today(spent, one.used.seconds))


@dataclass
class Told:
    """Of a request: what its response is to say. The route makes it, the check of the key fills it in."""

    rates: Rates | None = None

    @classmethod
    def of(cls, request: HTTPConnection) -> "Told":
        told: Told = request.scope.setdefault("hongyan.told", cls())
        return told


def dollars_plain(amount: float) -> str:
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def dollars(amount: float) -> str:
    return f"${dollars_plain(amount)}"
