"""What a further language has to say, what it lacks, and one that is made up.

`python -m tests.languages CODE` prints, as JSON by file, what is missing in a language.
"""

import ast
import functools
import json
import re
import string
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SENTENCES = "runtime/texts/{lang}.json"
PAGES = tuple(f"builder/texts/{part}{{lang}}.json" for part in ("", "flow.", "insights."))
NAME = "language"

PSEUDO = "eo"
"""The code of the made-up one: a language that browsers know, so that Intl and Gradio take it."""
PSEUDO_NAME = "Ṕśéúđó"
LETTERS = str.maketrans("aceginosuzACEGINOSUZlrtdywkpmh", "áćéǵíńóśúźÁĆÉǴÍŃÓŚÚŹĺŕťđýẃḱṕḿĥ")
KEPT = re.compile(r"\{\".*\"\}|\{\{.*?\}\}|\{[^{}]*\}|`[^`]*`|https?://\S+|<code>.*?</code>|<[^>]+>")
"""Blanks, code and addresses, which no language changes."""


def source_files():
    return [ROOT / "app.py", *(file for top in ("builder", "runtime") for file in (ROOT / top).rglob("*.py"))]


@functools.cache
def texts_in(source):
    """Every `Text(…)` of a source."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
    ]


def constants(node):
    """The Chinese and English sentence as written; None when they are not two constants."""
    values = [value.value for value in node.args if isinstance(value, ast.Constant)]
    return values if len(values) == len(node.args) == 2 and not node.keywords else None


def sentences():
    """Every English sentence of the program, with its blanks."""
    found = {}
    for file in source_files():
        for node in texts_in(file.read_text("utf-8")):
            if (both := constants(node)) and both[1]:
                found[both[1]] = both[1]
    for file in sorted((ROOT / "templates" / "agents").glob("*.en.json")):
        starter = json.loads(file.read_text("utf-8"))
        found |= {starter[key]: starter[key] for key in ("name", "description") if starter.get(key)}
    return found


def wanted():
    """By place: key → English sentence."""
    pages = {place: json.loads((ROOT / place.format(lang="en")).read_text("utf-8")) for place in PAGES}
    return {SENTENCES: {NAME: "English", **sentences()}, **pages}


def missing(lang, folder=ROOT):
    """By file: what a language lacks, key → English sentence."""
    lacking = {}
    for place, english in wanted().items():
        file = folder / place.format(lang=lang)
        own = json.loads(file.read_text("utf-8")) if file.is_file() else {}
        if left := {key: text for key, text in english.items() if key not in own}:
            lacking[place.format(lang=lang)] = left
    return lacking


def blanks(sentence):
    try:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    except ValueError:
        return {sentence}


def pseudo(sentence):
    """The sentence so that one sees whether it came from the file, 40 % longer, still readable."""
    if not re.search(r"[^\W\d_]", KEPT.sub("", sentence)):
        return sentence
    changed, at = [], 0
    for kept in KEPT.finditer(sentence):
        changed += [sentence[at : kept.start()].translate(LETTERS), kept[0]]
        at = kept.end()
    changed.append(sentence[at:].translate(LETTERS))
    words = " ~~~~" * max(1, round(len(KEPT.sub("", sentence)) * 0.4 / 5))
    return f"[!{''.join(changed)}{words}!]"


def make_pseudo(folder):
    """Write the made-up language, laid out like the checkout."""
    for place, english in wanted().items():
        file = folder / place.format(lang=PSEUDO)
        file.parent.mkdir(parents=True, exist_ok=True)
        said = {key: pseudo(text) for key, text in english.items()}
        if NAME in said:
            said[NAME] = PSEUDO_NAME
        file.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(missing(sys.argv[1]), ensure_ascii=False, indent=2) + "\n")
