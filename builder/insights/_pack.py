"""Streamlit's modules in one file: on a slow line a hundred small ones take longer to ask for than to send.

Nothing in them is joined or renamed. The browser gets their texts at once and makes a module of each again
(linked.js), so that they work as Streamlit's makers built them. What is asked of them is checked here; a
Streamlit that is built in another way is served file by file.
"""

import functools
import graphlib
import hashlib
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit
from streamlit import file_util

from builder.insights import _own_words

log = logging.getLogger(__name__)

FOLDER = Path(file_util.get_static_dir())
LATE = (
    *("Html", "ButtonGroup", "Selectbox", "Button", "TextInput", "Multiselect", "Checkbox"),
    *("DownloadButton", "Toast"),
)
"""Parts of our pages that Streamlit asks for when it is told to draw them, one after the other."""
ENTRY = re.compile(r'<script type="module"[^>]* src="\./static/js/([\w.-]+\.js)"[^>]*></script>')
NAMED = re.compile(r'"\./static/js/([\w.-]+\.js)"')
IMPORT = re.compile(r"""((?<![\w$.])(?:from|import)\s*["'`])\./([\w.-]+\.js)(?=["'`])""")
BESIDE = re.compile(r"""(?<![\w$.])(?:from|import)\s*["'`]\.""")
"""Any import of a neighbour."""
LATER = re.compile(r"""(?<![\w$.])import\(\s*["'`]\./([\w.-]+\.js)["'`]\s*\)""")
AHEAD = re.compile(r"__vite__mapDeps\(\[[\d,]*\]\)")
"""What is fetched before a module that comes later."""


class Unknown(Exception):
    """Streamlit's files are not as we know them."""


@dataclass(frozen=True)
class Pack:
    """`name` says what is in it, so that a browser may keep it for ever."""

    name: str
    entry: str
    text: str
    """JSON: each module's name and pieces (see `split`), after those it imports."""


@functools.cache
def pack(folder: Path = FOLDER) -> Pack | None:
    """What the pages need at once; None, and a line in the log, when the files are not as we know them.

    Reads some 2 MB, so not on the event loop.
    """
    try:
        return _pack(folder)
    except (Unknown, OSError, UnicodeDecodeError) as e:
        version = streamlit.__version__
        log.warning("Streamlit %s: its files are served one by one, which takes longer: %s", version, e)
        return None


def _pack(folder: Path) -> Pack:
    page = (folder / "index.html").read_text("utf-8")
    entries = ENTRY.findall(page)
    if len(entries) != 1:
        raise Unknown(f"its page starts {len(entries)} scripts")
    scripts = folder / "static" / "js"
    pieces: dict[str, list[str]] = {}
    left = [entries[0], *NAMED.findall(page), *late(path.name for path in scripts.glob("*.js"))]
    while left:
        name = left.pop()
        if name not in pieces:
            pieces[name] = split(folder, name)
            left += pieces[name][1::2]
    needs = {name: found[1::2] for name, found in pieces.items()}
    try:
        order = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as e:
        raise Unknown(f"{e.args[1][0]} imports itself over others") from None
    text = json.dumps([[name, pieces[name]] for name in order], ensure_ascii=False)
    return Pack(f"pack.{hashlib.sha256(text.encode()).hexdigest()[:12]}.json", entries[0], text)


def split(folder: Path, name: str) -> list[str]:
    """A module's text, in pieces: every second is the name of one that it imports, which gets an address.

    Raises Unknown, OSError.
    """
    source = (folder / "static" / "js" / name).read_text("utf-8")
    if len(BESIDE.findall(source)) != len(IMPORT.findall(source)):
        raise Unknown(f"{name} has an import of a form that we do not know")
    if "import(" in source:
        source = LATER.sub(r'hyLinked.load("\1")', source)
        source = AHEAD.sub(r"hyLinked.styles(\g<0>)", source)
    source = _own_words.looked_up(source.replace("import.meta.url", "hyLinked.base"))
    pieces = [""]
    for n, piece in enumerate(IMPORT.split(source)):
        if n % 3 == 2:
            pieces += [piece, ""]
        else:  # a text, or what stands before a name
            pieces[-1] += piece
    return pieces


def late(names: Iterable[str]) -> list[str]:
    """The scripts of LATE. Their names hold a hash."""
    wanted = {re.sub(r"\.[\w-]{8}\.js$", "", name): name for name in names}
    return [wanted[stem] for stem in LATE if stem in wanted]
