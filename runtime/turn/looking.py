"""Searches of one block, which whoever watches the turn is told of."""

from collections.abc import Callable, Sequence

from runtime.knowledge.search.found import ANY, Result, Searches, Wanted
from runtime.turn.events import Compared, Event, LookedUp


class Looking:
    def __init__(self, searches: Searches, emit: Callable[[Event], None], block: str) -> None:
        self._searches, self._emit, self._block = searches, emit, block

    async def search(
        self, text: str, bases: Sequence[str] = (), wanted: Wanted = ANY, pasted: str = ""
    ) -> Result:
        result = await self._searches.search(text, bases, wanted, pasted)
        for spent in result.spent:
            self._emit(Compared(self._block, spent.model, spent.cost))
        if bases:
            files: dict[str, list[str]] = {}
            for one in result.passages if result.fits else ():
                if one.base and one.source not in files.setdefault(one.base, []):
                    files[one.base].append(one.source)
            self._emit(LookedUp(self._block, text, tuple(bases), result.fits, files))
        return result

    async def meanings(self, texts: Sequence[str]) -> Sequence[bytes]:
        return await self._searches.meanings(texts)
