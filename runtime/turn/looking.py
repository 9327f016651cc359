"""Searches of one block, which whoever watches the turn is told of."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from runtime.knowledge.search.found import ANY, Result, Searches, Wanted
from runtime.owned import base
from runtime.turn.events import Compared, Event, LookedUp
from runtime.turn.holding import MayUse


class Looking:
    """A base that the agent does not hold is not there."""

    def __init__(
        self, searches: Searches, emit: Callable[[Event], None], block: str, may_use: MayUse
    ) -> None:
        self._searches, self._emit, self._block, self._may_use = searches, emit, block, may_use

    async def search(
        self, text: str, bases: Sequence[str] = (), wanted: Wanted = ANY, pasted: str = ""
    ) -> Result:
        held = [one for one in bases if self._may_use(base(one))]
        result = await self._searches.search(text, held, wanted, pasted)
        if lacking := [one for one in bases if one not in held]:
            result = replace(result, missing=[*result.missing, *lacking])
        for spent in result.spent:
            self._emit(Compared(self._block, spent.model, spent.cost))
        if held:
            files: dict[str, list[str]] = {}
            for one in result.passages if result.fits else ():
                if one.base and one.source not in files.setdefault(one.base, []):
                    files[one.base].append(one.source)
            self._emit(LookedUp(self._block, text, tuple(held), result.fits, files))
        return result

    async def meanings(self, texts: Sequence[str]) -> Sequence[bytes]:
        return await self._searches.meanings(texts)
