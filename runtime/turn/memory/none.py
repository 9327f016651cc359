"""Nothing: each message is the first, and nothing is loaded."""

from collections.abc import Sequence
from typing import ClassVar

from runtime.lang import Text
from runtime.message import Exchange
from runtime.turn.memory import Strategy, Uses


class Nothing(Strategy):
    title = Text("不记忆", "Nothing")
    needs: ClassVar[frozenset[str]] = frozenset()

    @property
    def loads(self) -> int:
        return 0

    async def remembered(self, history: Sequence[Exchange], uses: Uses) -> Sequence[Exchange]:
        return ()


MEMORY = Nothing
