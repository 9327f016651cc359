"""What Streamlit says by itself, in the reader's language: it knows English alone.

Its modules are changed where they are made ready for our pages (_pack.py): a sentence becomes a look-up in
what the page was told. What is not found stays English.
"""

import json
import re

from builder import texts

SENTENCES = {
    "Skip to main content": "skip",
    "No results": "no_results",
    "Select all": "select_all",
    "Clear all": "clear_all",
    "Clear value": "clear_value",
    "Clear entry": "clear_entry",
    "Selected values": "selected",
    "Selectbox options": "options",
    "Multiselect options": "options",
    "Choose options": "choose",
    "Choose an option": "choose",
    "Connection error": "connection",
    "Scroll tabs left": "tabs_left",
    "Scroll tabs right": "tabs_right",
    "Running...": "running",
    "view more": "more",
    "view less": "less",
}
"""Its English → our key behind `streamlit.`"""
LABELS = {
    "Close": "close",
    "Open": "open",
    "Increment": "increment",
    "Decrement": "decrement",
    "Notifications": "notifications",
}
"""Single words: only where they name something for whoever hears the page."""
_LABEL, _SENTENCE = ("|".join(map(re.escape, some)) for some in (LABELS, SENTENCES))
SAID = re.compile(rf'(?P<label>"aria-label":)`(?P<word>{_LABEL})`|`(?P<sentence>{_SENTENCE})`')
NAMED = {
    "Remove {}": ("remove", "`Remove ${e}`", "e"),
    "Help for {}": ("help_for", r"`Help for ${t.replaceAll(/\s+/g,` `)}`", r"t.replaceAll(/\s+/g,` `)"),
}
"""What is named by something else: our key, how it is written there, and what it names."""
KEYS = {**SENTENCES, **LABELS, **{english: key for english, (key, _, _) in NAMED.items()}}


def looked_up(source: str) -> str:
    """The text of a module, with its sentences looked up."""
    source = SAID.sub(lambda found: (found["label"] or " ") + _look(_said(found)), source)
    for english, (_, written, what) in NAMED.items():
        source = source.replace(written, f'{_look(english)}.replace("{{}}",{what})')
    return source


def told(lang: str) -> str:
    """The script that tells a page what they are."""
    said = texts.load(lang, "insights.")
    own = {english: said[f"streamlit.{key}"] for english, key in KEYS.items()}
    data = json.dumps(own, ensure_ascii=False).replace("<", r"\u003c")
    return f"<script>window.hySaid = {data}</script>"


def _said(found: re.Match[str]) -> str:
    return found["word"] or found["sentence"]


def _look(english: str) -> str:
    name = json.dumps(english)
    return f"(globalThis.hySaid?.[{name}]??{name})"
