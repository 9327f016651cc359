"""Which keys of sentences the code says: written out, or put together of a pattern and a word in it."""

import functools
import re
from pathlib import Path

import builder

ROOT = Path(builder.__file__).parents[1]
PATTERNS = re.compile(r"""[`"']([\w.]*(?:\$?\{[^{}]*\}[\w.]*)+)[`"']""")
"""`play.${kind}`, f"todo.{kind}_hint"."""
BLANK = re.compile(r"\$?\{[^{}]*\}")
QUOTED = re.compile(r"""["'`]([\w.]+)["'`]""")
WORDS = re.compile(r"""["'`]([\w.]+)["'`]|^\s*(\w+):|\bclass (\w+)|\b(\d+)\b""", re.MULTILINE)


@functools.cache
def words():
    """Whatever the code could put into a pattern: strings, names of fields and classes, numbers."""
    files = [file for top in ("builder", "runtime") for file in (ROOT / top).rglob("*")]
    code = "".join(file.read_text("utf-8") for file in files if file.suffix in (".py", ".js"))
    return {word for found in WORDS.findall(code) for word in found if word}


def idle(keys, source):
    """Those that nothing in the source says."""
    patterns = {
        pattern for pattern in PATTERNS.findall(source) if re.search(r"[a-z]", BLANK.sub("", pattern))
    }
    blanks = [re.compile("([\\w.]+)".join(map(re.escape, BLANK.split(one)))) for one in patterns]
    written = set(QUOTED.findall(source))
    return {key for key in keys if key not in written and not any(says(one, key) for one in blanks)}


def says(pattern, key):
    found = pattern.fullmatch(key)
    return found is not None and all(word in words() for word in found.groups())
