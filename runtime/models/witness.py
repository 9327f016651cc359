"""Who looks on at what a model is sent word for word: whoever tries an agent out, and nobody else."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

Witness = Callable[[dict[str, Any]], None]
"""Called before each try with the question as its server gets it: no key is in it, that is in a header."""

WITNESS: ContextVar[Witness | None] = ContextVar("witness", default=None)


def witnessed(question: Callable[[], dict[str, Any]]) -> None:
    """Tell whoever looks on; `question` is made for nobody else."""
    if look := WITNESS.get():
        look(question())
