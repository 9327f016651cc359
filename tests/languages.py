"""A language that is made up: one file, in which each sentence shows that it came from there."""

import json
import re
from contextlib import contextmanager
from unittest import mock

from runtime import languages
from runtime.languages import NAME
from runtime.sentences import wanted

PSEUDO = "eo"
"""Its code: a language that browsers know, so that Intl and Gradio take it."""
PSEUDO_NAME = "Ṕśéúđó"
LETTERS = str.maketrans("aceginosuzACEGINOSUZlrtdywkpmh", "áćéǵíńóśúźÁĆÉǴÍŃÓŚÚŹĺŕťđýẃḱṕḿĥ")
KEPT = re.compile(r"\{\".*\"\}|\{\{.*?\}\}|\{[^{}]*\}|`[^`]*`|https?://\S+|<code>.*?</code>|<[^>]+>")
"""Blanks, code and addresses, which no language changes."""


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
    """Write it, as the owner would."""
    said = {key: pseudo(english) for key, english in wanted().items()} | {NAME: PSEUDO_NAME}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{PSEUDO}.json"
    file.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    return file


@contextmanager
def spoken(folder):
    """With what lies in that folder, and no other, beside what comes with the program.

    The folders are of the process, which adds its home's once at its start.
    """
    with mock.patch.object(languages, "_folders", [languages.SHIPPED]):
        forget()
        languages.look_also_in(folder)
        yield folder
    forget()


def forget():
    """What was read, since a file changed."""
    languages.languages.cache_clear()
    languages.entries.cache_clear()
