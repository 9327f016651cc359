"""A page of ours that stands alone, from its file: what the heads of all have in common stands once."""

import functools
import string
from pathlib import Path

HEAD = """<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow, noarchive">"""


@functools.cache
def page_file(file: Path) -> string.Template:
    """`file` has `$head` where that goes, and names of its own for what the page fills in."""
    return string.Template(file.read_text(encoding="utf-8").replace("$head", HEAD))
