"""The picture of a starter's conversation: a short script beside it, drawn by the phone that shows any other.

`templates/agents/talks/ID.json` holds, by language, what a person writes and what the starter says to it. A
test plays each: the picture shows what happens.
"""

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.choices import read

Json = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "templates" / "agents" / "talks"
DECIDED = "<yes>"
"""Written by nobody: somebody approved meanwhile."""


@needs(Permission.AGENTS_VIEW, on=SOME)
def talks(studio: Studio, lang: str) -> Json:
    """By starter, its exchanges as the phone draws them; English for a language that has none."""
    return _talks("zh" if lang == "zh" else "en")


@functools.cache
def _talks(lang: str) -> Json:
    """They are part of the program: read once."""
    return {file.stem: [_drawn(one) for one in script(file, lang)] for file in sorted(FOLDER.glob("*.json"))}


def script(file: Path, lang: str) -> Sequence[Json]:
    """What is written and said, in that order."""
    found: Sequence[Json] = json.loads(file.read_text(encoding="utf-8"))[lang]
    return found


def _drawn(one: Json) -> Json:
    question, options = read(one["said"])
    asked = {"decided": True} if one["asked"] == DECIDED else {"asked": one["asked"]}
    if not options:
        return {**asked, "parts": [{"text": one["said"]}]}
    chosen = {"question": question, "options": [{"text": option.text} for option in options]}
    return {**asked, "parts": [{"text": question, "kind": "choices", "shown": chosen}]}
