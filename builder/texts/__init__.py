"""Every sentence the pages show: zh.json and en.json hold all; a further language has its own file, which
says the English ones (runtime/languages.py)."""

import functools
import json
from pathlib import Path

from runtime.languages import WRITTEN, languages, translated

HERE = Path(__file__).parent
PARTS = ("", "flow.", "insights.")
"""The pages, the flow editor, the insights: two files each."""


def load(lang: str, part: str = "") -> dict[str, str]:
    """Key → sentence; English where a further language has none. `part`: one of PARTS."""
    if lang in {one.code for one in WRITTEN}:
        return _written(f"{part}{lang}")
    return {key: translated(text, lang, key) or text for key, text in _written(f"{part}en").items()}


@functools.cache
def _written(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def for_gradio() -> dict[str, dict[str, str]]:
    """The labels of Gradio's components (keys `gradio_…`) by browser language."""
    found: dict[str, dict[str, str]] = {}
    for one in languages():
        labels = {key: text for key, text in load(one.code).items() if key.startswith("gradio_")}
        found |= {one.locale: labels, one.code: labels}
    return found
