"""Tool calls as Gemma writes them: call:add{a:<|"|>x<|"|>,b:[1,2]}; keys and often texts have no quotes.

https://ai.google.dev/gemma/docs/capabilities/text/function-calling-gemma4 ; FunctionGemma writes <escape> in
place of <|"|>, and servers that leave such marks out leave neither.
"""

import contextlib
import re
from typing import Any

from runtime import wellformed

NAME = r"[A-Za-z_][\w.-]{0,127}"
BEGIN = re.compile(
    rf"(?:<\|?tool_call\|?>|<start_function_call>|\A)\s*+call:(?:{NAME}:)?({NAME})\s*+(?=[{{(])",
    re.IGNORECASE,
)
NEXT = re.compile(rf"[\s,;]*+call:(?:{NAME}:)?({NAME})\s*+(?=[{{(])")
END = re.compile(
    r"\s*+(?:<tool_call\|>|<end_function_call>|<\|tool_response>|<start_function_response>|\s)*+"
)
QUOTES = ('<|"|>', "<escape>", '"', "'")
CLOSES = {"{": "}", "(": ")", "[": "]"}
KEY = re.compile(r"\s*+([\w.$-]{1,128})\s*+[:=]")
QUOTE = r"(?:<\|\"\|>|<escape>|[\"'])?"
BARE_END = re.compile(rf"[\[\]{{}}()]|,(?=\s*+{QUOTE}[\w.$-]{{1,128}}{QUOTE}\s*+[:=])")
IN_LIST = re.compile(r"[\[\]{}(),]")
DEEPEST = 20
MOST = 64
LONGEST = 400_000
"""Characters that are read, of calls that have no end too."""

Found = list[tuple[str, dict[str, Any]]]


class _Broken(ValueError):
    """It ends too early, or is no such call. `at`: so far it was read."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


def calls(markup: str) -> Found:
    """The calls in it, in order; those that cannot be read are left out."""
    found: Found = []
    place = read = 0
    begun = BEGIN.search(markup)
    while begun and len(found) < MOST and read < LONGEST:
        place = begun.end()
        try:
            value, place = _object(markup, place, 0)
            found.append((begun[1], value))
        except _Broken as e:
            read += e.at - place
        begun = NEXT.match(markup, place) or BEGIN.search(markup, place)
    return found


def only(text: str) -> Found:
    """The calls that a text is nothing but; [] when there is anything else in it."""
    found: Found = []
    begun = BEGIN.match(text)
    while begun:
        try:
            value, place = _object(text, begun.end(), 0)
        except _Broken:
            return []
        found.append((begun[1], value))
        place = ended.end() if (ended := END.match(text, place)) else place
        if place == len(text):
            return found[:MOST]
        begun = NEXT.match(text, place)
    return []


def _object(text: str, place: int, depth: int) -> tuple[dict[str, Any], int]:
    """Of the bracket at `place`, and where it ends."""
    closes = CLOSES[text[place]]
    value: dict[str, Any] = {}
    place = _past(text, place + 1)
    while text[place : place + 1] != closes:
        quoted = _quoted(text, place)
        if quoted:
            key, place = quoted
            place = _past(text, place)
            if text[place : place + 1] not in (":", "="):
                raise _Broken(place)
            place += 1
        elif named := KEY.match(text, place):
            key, place = named[1], named.end()
        else:
            raise _Broken(place)
        value[key], place = _value(text, _past(text, place), depth + 1, BARE_END)
        place = _behind(text, place, closes)
    return value, place + 1


def _list(text: str, place: int, depth: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    place = _past(text, place + 1)
    while text[place : place + 1] != "]":
        value, place = _value(text, place, depth + 1, IN_LIST)
        values.append(value)
        place = _behind(text, place, "]")
    return values, place + 1


def _value(text: str, place: int, depth: int, ends: re.Pattern[str]) -> tuple[Any, int]:
    if depth > DEEPEST or place >= len(text):
        raise _Broken(place)
    if quoted := _quoted(text, place):
        return quoted
    if text[place] == "{":
        return _object(text, place, depth)
    if text[place] == "[":
        return _list(text, place, depth)
    return _bare(text, place, ends)


def _bare(text: str, place: int, ends: re.Pattern[str]) -> tuple[Any, int]:
    """A number, a word of JSON or a text that nothing quotes: brackets in it have both sides."""
    open = 0
    for sign in ends.finditer(text, place):
        if sign[0] in "[{(":
            open += 1
        elif sign[0] == "," and not open:
            return _plain(text[place : sign.start()]), sign.start()
        elif sign[0] != ",":
            open -= 1
            if open < 0:
                return _plain(text[place : sign.start()]), sign.start()
    raise _Broken(len(text))


def _plain(said: str) -> Any:
    said = said.strip()
    try:
        return wellformed.load(said)
    except ValueError:
        return {"True": True, "False": False, "None": None}.get(said, said)


def _quoted(text: str, place: int) -> tuple[str, int] | None:
    """The text in quotes at `place`, and where it ends; None when none begins there."""
    quote = next((one for one in QUOTES if text.startswith(one, place)), None)
    if quote is None:
        return None
    begin = place + len(quote)
    end = text.find(quote, begin)
    while len(quote) == 1 and end > begin and text[end - 1] == "\\":
        end = text.find(quote, end + 1)
    if end < 0:
        raise _Broken(len(text))
    said = text[begin:end]
    if quote == '"' and "\\" in said:
        with contextlib.suppress(ValueError):  # else as it stands there
            said = str(wellformed.load(f'"{said}"'))
    return said, end + len(quote)


def _behind(text: str, place: int, closes: str) -> int:
    place = _past(text, place)
    if text[place : place + 1] == ",":
        return _past(text, place + 1)
    if text[place : place + 1] != closes:
        raise _Broken(place)
    return place


def _past(text: str, place: int) -> int:
    """Behind the blanks."""
    while place < len(text) and text[place].isspace():
        place += 1
    return place
