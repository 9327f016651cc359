"""Streamlit's modules in one script: a hundred small ones take long to ask for and to begin.

Nothing in them is renamed. Each becomes a function, which takes from others what they export (linked.js); it
takes that once, so what a module would fill later is filled at once. What is asked of them is checked here; a
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

HERE = Path(__file__).parent
FOLDER = Path(file_util.get_static_dir())
LATE = (
    *("Html", "ButtonGroup", "Selectbox", "Button", "TextInput", "Multiselect", "Checkbox"),
    *("DownloadButton", "Toast"),
)
"""Parts of our pages that Streamlit asks for when it is told to draw them, one after the other."""
ENTRY = re.compile(r'<script type="module"[^>]* src="\./static/js/([\w.-]+\.js)"[^>]*></script>')
NAMED = re.compile(r'"\./static/js/([\w.-]+\.js)"')
IMPORT = re.compile(r"""(?<![\w$.])import(?:\{([^{}]*)\}from)?["'`]\./([\w.-]+\.js)["'`]""")
EXPORTS = re.compile(r"export\{([^{}]*)\};?\s*$")
LAZY = re.compile(r"(?<![\w$.])([\w$]+)=[\w$]+\(\(\(\)=>\{(.*?)\}\)\)", re.DOTALL)
"""What the maker's tool made of a module within one: a function that runs it, once."""
OFFERED = re.compile(r"(?<![\w$.])export[\s{*]")
MAP = re.compile(r"\s*//# sourceMappingURL=.*\s*$")
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
    """JavaScript: each module as a function (see `wrapped`), and what begins them."""


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
    found: dict[str, Module] = {}
    left = [entries[0], *NAMED.findall(page), *late(path.name for path in scripts.glob("*.js"))]
    while left:
        name = left.pop()
        if name not in found:
            found[name] = wrapped(folder, name)
            left += found[name].needs
    try:
        order = list(
            graphlib.TopologicalSorter({name: one.needs for name, one in found.items()}).static_order()
        )
    except graphlib.CycleError as e:
        raise Unknown(f"{e.args[1][0]} imports itself over others") from None
    held = ",\n".join(f"{json.dumps(name)}: ({found[name].run})" for name in order)
    linked = (HERE / "linked.js").read_text("utf-8")
    text = f"globalThis.hyPack = {{ entry: {json.dumps(entries[0])}, modules: {{\n{held}\n}} }};\n{linked}"
    return Pack(f"pack.{hashlib.sha256(text.encode()).hexdigest()[:12]}.js", entries[0], text)


@dataclass(frozen=True)
class Module:
    """`run`: a function in JavaScript, of what gives it others by name; it returns what this exports."""

    needs: list[str]
    run: str

    @property
    def alone(self) -> str:
        """As a script of its own."""
        return f"export const needs = {json.dumps(self.needs)};\nexport const run = {self.run};\n"


def wrapped(folder: Path, name: str) -> Module:
    """Raises Unknown, OSError."""
    source = MAP.sub("", (folder / "static" / "js" / name).read_text("utf-8"))
    needs = [found[2] for found in IMPORT.finditer(source)]
    exported = EXPORTS.search(source)
    if len(BESIDE.findall(source)) != len(needs) or len(OFFERED.findall(source)) != (exported is not None):
        raise Unknown(f"{name} has an import or export of a form that we do not know")
    body = source[: exported.start()] if exported else source
    body = IMPORT.sub(_taken, body)
    if "import(" in body:
        body = LATER.sub(r'hyLinked.load("\1")', body)
        body = AHEAD.sub(r"hyLinked.styles(\g<0>)", body)
    body = _own_words.looked_up(body.replace("import.meta.url", "hyLinked.base"))
    names = [pair.split(" as ") for pair in exported[1].split(",") if pair] if exported else []
    begun = "".join(f"{late}();" for late in _begun_late(body, [pair[0] for pair in names]))
    offered = ",".join(f"{pair[-1]}:{pair[0]}" for pair in names)
    return Module(needs, f"(need)=>{{{body}\n{begun}return {{{offered}}}}}")


def _begun_late(body: str, offered: Iterable[str]) -> Iterable[str]:
    """Its functions that fill what it exports when that is needed: here others take it once, filled."""
    filled = re.compile("|".join(rf"(?<![\w$.]){re.escape(name)}=(?!=)" for name in offered) or "(?!)")
    return [name for name, inside in LAZY.findall(body) if filled.search(inside)]


def _taken(found: re.Match[str]) -> str:
    """`import{a as b}from"./x.js"` as what it is of a function's own."""
    names = re.sub(r"([\w$]+) as ([\w$]+)", r"\1:\2", found[1] or "")
    taken = f"need({json.dumps(found[2])})"
    return f"const {{{names}}}={taken}" if names else taken


def late(names: Iterable[str]) -> list[str]:
    """The scripts of LATE. Their names hold a hash."""
    wanted = {re.sub(r"\.[\w-]{8}\.js$", "", name): name for name in names}
    return [wanted[stem] for stem in LATE if stem in wanted]
