"""Which languages there are, and what their files say.

Chinese and English stand where sentences are written. A further language is one file, `LANG.json`, in a
folder of languages: English sentence → the same in that language. What a file lacks reads English.
"""

import functools
import json
import re
import string
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SHIPPED = CHECKOUT / "runtime" / "texts"
"""Where those lie that come with the program."""
NAME = "language"
"""The first entry of a file: what the language calls itself."""
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LARGEST = 4 * 1024 * 1024
"""Bytes of a file."""


@dataclass(frozen=True)
class Language:
    code: str
    """As in a file's name, e.g. `pt-BR`."""
    name: str
    """What it calls itself."""
    locale: str
    """As a browser writes it."""


WRITTEN = (Language("zh", "中文", "zh-CN"), Language("en", "English", "en"))
"""The languages in which every sentence is written."""
_folders = [SHIPPED]


def look_also_in(folder: Path) -> None:
    """Languages of the owner's own; the folder need not be there.

    Raises ValueError naming the file that cannot be read.
    """
    if folder not in _folders:
        _folders.append(folder)
        languages.cache_clear()
        entries.cache_clear()
    for language in languages():
        entries(language.code)


@functools.cache
def languages() -> tuple[Language, ...]:
    """All there are: the written ones first, the others by their code."""
    found = {file.stem for folder in _folders for file in folder.glob("*.json")}
    codes = sorted(code for code in found if CODE.fullmatch(code))
    written = {language.code for language in WRITTEN}
    more = (code for code in codes if code not in written)
    return (*WRITTEN, *(Language(code, entries(code).get(NAME) or code, code) for code in more))


def language(code: str) -> Language:
    """English, when there is no such language."""
    return next((one for one in languages() if one.code == code), WRITTEN[1])


def is_language(code: str) -> bool:
    return any(one.code == code for one in languages())


@functools.cache
def entries(lang: str) -> dict[str, str]:
    """All that the files of a language say; later folders win. Raises ValueError naming the file."""
    found: dict[str, str] = {}
    for folder in _folders:
        file = folder / f"{lang}.json"
        if file.is_file():
            found |= read(file)
    return found


def translated(sentence: str, lang: str, key: str = "") -> str | None:
    """An English sentence in a further language, with the same {placeholders}; None when it is not there.

    `key`: of the place that says it. What a file has for that place only (`particular`) goes before.
    """
    said = entries(lang) if is_language(lang) else {}
    found = said.get(particular(key, sentence)) or said.get(sentence)
    return found if found and found.strip() and fits(found, sentence) else None


def particular(key: str, sentence: str) -> str:
    """What a file calls a sentence that is said otherwise at one place than at the others."""
    return f"{key}: {sentence}"


def preferred(accept_language: str, otherwise: str = "zh") -> str:
    """The language of ours that comes first in an Accept-Language header."""
    for entry in accept_language.split(","):
        if found := _meant(entry.partition(";")[0].strip().lower()):
            return found
    return "en" if accept_language.strip(" *") else otherwise


def _meant(tag: str) -> str | None:
    """The very language, or the one that it is a kind of, or a kind of it."""
    codes = [one.code for one in languages()]
    main = tag.partition("-")[0]
    same = [code for code in codes if code.lower() == tag] + [code for code in codes if code == main]
    return next(iter(same + [code for code in codes if code.partition("-")[0] == main and main]), None)


def fits(translation: str, sentence: str) -> bool:
    """Whether it asks for no {placeholder} that the sentence does not have, nor for more room for one."""
    given = _blanks(sentence)
    asked = _blanks(translation)
    return given is None or (asked is not None and asked <= given | {(name, "") for name, _ in given})


def _blanks(sentence: str) -> set[tuple[str, str]] | None:
    """Name and form of each. None: braces of its own, so it is no pattern and never filled."""
    try:
        found = string.Formatter().parse(sentence)
        return {(name, form or "") for _, name, form, _ in found if name is not None}
    except ValueError:
        return None


def read(file: Path) -> dict[str, str]:
    """A language's file. Raises ValueError naming it."""
    if file.stat().st_size > LARGEST:
        raise ValueError(f"{file}: it is larger than {LARGEST} bytes")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        json.dumps(data, ensure_ascii=False).encode()  # half a character would end each page that says it
    except (ValueError, RecursionError) as e:
        raise ValueError(f"{file}: {e}") from None
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise ValueError(f"{file}: it should be one JSON object of sentences")
    return data
