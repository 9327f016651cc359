"""What is kept of publications by whoever looks after them, and not by publishing."""

from pathlib import Path

from runtime.store.control.canaries import Canaries, Canary
from runtime.store.control.debug_words import DebugWord, DebugWords
from runtime.store.control.secrets import SecretBox
from runtime.store.control.shadows import Shadow, Shadows
from runtime.store.control.table import Table


def beside_publications(folder: Path, box: SecretBox) -> tuple[Canaries, DebugWords, Shadows]:
    words = Table(folder / "debug_words.json", DebugWord)
    shadows = Shadows(Table(folder / "shadows.json", Shadow))
    return Canaries(Table(folder / "canaries.json", Canary)), DebugWords(words, box), shadows
