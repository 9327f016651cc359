"""The newest exchanges, word for word."""

from collections.abc import Sequence

from runtime.lang import Text
from runtime.message import Exchange
from runtime.turn.memory import Strategy, Uses
from runtime.turn.memory._counting import newest


class Window(Strategy):
    title = Text("记住最近的对话", "The latest messages")

    @property
    def loads(self) -> int:
        return self.turns

    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        return newest(history, self.turns, self.tokens)


MEMORY = Window
