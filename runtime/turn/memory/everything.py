"""The whole conversation, as far as the model can read it."""

from collections.abc import Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.message import Exchange
from runtime.turn.memory import Strategy, Uses
from runtime.turn.memory._counting import newest

MOST = 500
"""Exchanges that are read; what of them a model cannot take is left out when it is asked."""


class Everything(Strategy):
    title = Text("记住整个对话", "The whole conversation")
    needs: ClassVar[frozenset[str]] = frozenset({"tokens"})

    @property
    def loads(self) -> int:
        return MOST

    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        return newest(history, MOST, self.tokens)


MEMORY = Everything
