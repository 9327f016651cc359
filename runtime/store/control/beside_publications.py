"""What is kept of publications by whoever looks after them, and not by publishing."""

from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from runtime.schema import Strict
from runtime.store.control.canaries import Canaries, Canary
from runtime.store.control.secrets import SecretBox
from runtime.store.control.shadows import Shadow, Shadows
from runtime.store.control.table import Table


class DebugWord(Strict):
    """Of one publication, by whose id it is kept."""

    id: str
    mark: str = Field(repr=False)
    """What only this installation can make of the word; the word itself is nowhere."""
    hours: float = Field(gt=0, le=24)
    """After which it is forgotten again who said it."""
    draft: bool = False
    """Whoever said it is answered by the agent as it is saved, whatever is published."""
    by: str = ""


class DebugWords:
    """Raises as Control does."""

    def __init__(self, rows: Table[DebugWord], box: SecretBox) -> None:
        self._rows, self._box = rows, box
        self.stands: Callable[[DebugWord], bool] = lambda word: True
        """Whether one counts yet."""

    def find(self, id: str) -> DebugWord | None:
        found = self._rows.get(id)
        return found if found and self.stands(found) else None

    def put(self, id: str, word: str, hours: float, *, draft: bool, by: str) -> None:
        mark = self._box.mark(_whole(id, word))
        self._rows.put(DebugWord(id=id, mark=mark, hours=hours, draft=draft, by=by))

    def remove(self, id: str) -> bool:
        """Whether there was one."""
        return bool(self._rows.remove(id))

    def opens(self, id: str, word: str) -> bool:
        """Compared in a time that tells nothing of it."""
        found = self.find(id)
        return found is not None and self._box.is_mark(_whole(id, word), found.mark)


def _whole(id: str, word: str) -> str:
    """Large letters are small ones: a phone begins a line with one."""
    return f"debug word\n{id}\n{word.casefold()}"


def beside_publications(folder: Path, box: SecretBox) -> tuple[Canaries, DebugWords, Shadows]:
    words = Table(folder / "debug_words.json", DebugWord)
    shadows = Shadows(Table(folder / "shadows.json", Shadow))
    return Canaries(Table(folder / "canaries.json", Canary)), DebugWords(words, box), shadows
