"""The script and the sheet of the conversation, made of our modules when somebody first asks for them."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runtime.languages import languages
from runtime.server.bundling import joined, minify
from runtime.server.bundling.asset import Asset, asset
from runtime.server.web_chat.words import WORDS

HERE = Path(__file__).parent
CLIENT = "client"
FOLDER = "chat/assets"
"""Below our address."""


@functools.cache
def script() -> Asset:
    """Its `modules` has what begins the page and the widget."""
    all = joined.sources(HERE, [CLIENT])
    return asset("chat", "js", "text/javascript", joined.joined(all, set(all), {}, _named()))


@functools.cache
def sheet() -> Asset:
    """For browsers that take none from the script."""
    return asset("chat", "css", "text/css", minify.sheet((HERE / "chat.css").read_text(encoding="utf-8")))


def assets() -> Mapping[str, Asset]:
    """By their names."""
    return {one.name: one for one in (script(), sheet())}


def loader(given: Mapping[str, Any]) -> str:
    """The widget's first script. `given`: what it is told of the publication."""
    text = (HERE / "loader.js").read_text(encoding="utf-8")
    told = json.dumps({**given, "script": f"{FOLDER}/{script().name}"})
    return minify.script(text).replace("GIVEN", told, 1)


def _named() -> joined.Names:
    """What the modules import from "assets"."""
    return {
        "texts": {one.code: {key: text.to(one.code) for key, text in WORDS.items()} for one in languages()},
        "languages": [asdict(one) for one in languages()],
        "sheet": {"text": sheet().packed.plain.decode(), "path": f"{FOLDER}/{sheet().name}"},
    }
