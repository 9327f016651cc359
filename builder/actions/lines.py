"""Where in a JSON text a field is, so that an error can name its line."""

import re
from json.decoder import scanstring  # type: ignore[attr-defined] # in the standard library since 2.6, untyped
from json.scanner import NUMBER_RE

from runtime import wellformed
from runtime.agents.strict_json import LARGEST

SPACE = re.compile(r"[\s,:]*")
WORD = re.compile(r"true|false|null|-?Infinity|NaN")


def line_of(text: str, field: str) -> int | None:
    """The line, from 1, of `field` such as `flow.0.prompt.text`, or of the deepest part of it that is there.

    None when the text is not JSON.
    """
    try:
        # What is nested deeper is refused by whoever reads it, and `_scan` would not come back from it.
        wellformed.load(text, largest=LARGEST)
    except ValueError:
        return None
    places: dict[str, int] = {}
    _scan(text, _skip(text, 0), "", places)
    path = field
    while path and path not in places:
        path = path.rpartition(".")[0]
    return text.count("\n", 0, places.get(path, 0)) + 1


def _scan(text: str, at: int, path: str, places: dict[str, int]) -> int:
    """Note where each value below `path` begins; return where this one ends. The text is known to be JSON."""
    places.setdefault(path, at)
    if text[at] in "{[":
        return _scan_inside(text, at, path, places)
    if text[at] == '"':
        return int(scanstring(text, at + 1)[1])
    match = WORD.match(text, at) or NUMBER_RE.match(text, at)
    return match.end() if match else len(text)


def _scan_inside(text: str, at: int, path: str, places: dict[str, int]) -> int:
    is_object = text[at] == "{"
    at = _skip(text, at + 1)
    count = 0
    while text[at] not in "]}":
        key = str(count)
        start = at
        if is_object:
            key, at = scanstring(text, at + 1)
            at = _skip(text, at)
        below = f"{path}.{key}" if path else key
        places[below] = start
        at = _skip(text, _scan(text, at, below, places))
        count += 1
    return at + 1


def _skip(text: str, at: int) -> int:
    match = SPACE.match(text, at)
    return match.end() if match else at
