"""Every sentence of the program, read out of its source: what a further language has to say.

They are `Text("…", "…")` with two constants, the pages' files of both languages, and what starters say of
themselves.
"""

import ast
import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from runtime.languages import CHECKOUT, NAME, particular

Json = dict[str, str]
CODE = ("app.py", "builder", "runtime")
PAGES = ("", "flow.", "insights.")
"""Of the files in builder/texts, one a part and language."""
STARTER = ("name", "description")


def texts_in(source: str) -> Iterator[ast.Call]:
    """Every `Text(…)` of a Python source."""
    for node in ast.walk(ast.parse(source)) if "Text(" in source else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            yield node


def constants(node: ast.Call) -> tuple[str, str] | None:
    """The Chinese and English sentence as written; None when they are not two constants."""
    values = [value.value for value in node.args if isinstance(value, ast.Constant)]
    if len(values) != 2 or len(node.args) != 2 or node.keywords:
        return None
    return str(values[0]), str(values[1])


def source_files(root: Path = CHECKOUT) -> Iterator[Path]:
    for name in CODE:
        yield from sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]


@functools.cache
def of_the_program(root: Path = CHECKOUT) -> tuple[tuple[str, str], ...]:
    """Chinese and English of each sentence in the code and of each starter. It reads all of the source."""
    return tuple(_of_the_program(root))


def _of_the_program(root: Path) -> Iterator[tuple[str, str]]:
    for file in source_files(root):
        for node in texts_in(file.read_text("utf-8")):
            if (both := constants(node)) and both[1]:
                yield both
    folder = root / "templates" / "agents"
    for file in sorted(folder.glob("*.en.json")):
        en = _object(file)
        other = folder / file.name.replace(".en.", ".zh.")
        zh = _object(other) if other.is_file() else en
        yield from ((zh.get(key, ""), en[key]) for key in STARTER if en.get(key))


def of_the_pages(root: Path = CHECKOUT) -> Iterator[tuple[str, str, str]]:
    """Key, Chinese and English of each sentence of the pages."""
    for part in PAGES:
        zh, en = (_object(root / "builder" / "texts" / f"{part}{lang}.json") for lang in ("zh", "en"))
        yield from ((key, zh.get(key, ""), text) for key, text in en.items() if text)


def wanted(root: Path = CHECKOUT) -> Json:
    """What stands in a language's file → the English sentence.

    The sentence itself; but where Chinese says the same English in several ways, each place for itself.
    """
    program, pages = of_the_program(root), list(of_the_pages(root))
    several = _said_otherwise([(zh, en) for _, zh, en in pages])
    found = {NAME: "English", **{en: en for _, en in program}}
    for key, _, en in pages:
        found[particular(key, en) if en in several else en] = en
    return found


def _said_otherwise(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """English sentences with more than one Chinese."""
    ways = dict[str, set[str]]()
    for zh, en in pairs:
        ways.setdefault(en, set()).add(zh)
    return {en for en, said in ways.items() if len(said) > 1}


def _object(file: Path) -> Json:
    found: Json = json.loads(file.read_text("utf-8"))
    return found
