"""One script and one style sheet for all pages, made of our modules when the program starts.

A phone on a slow line pays for each request: sixty small files take longer to ask for than to send. The
modules stay as they are on the disk; they import by name what a neighbour exports, and Preact with htm, which
comes from its wheel.
"""

import functools
import graphlib
import hashlib
import importlib.util
import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from builder.serving import minify
from builder.serving.packed import Packed, packed
from builder.texts import load
from runtime.languages import languages

IMPORT = re.compile(r'^import \{([^}]*)\} from "(preact|assets|\.\.?/[\w./]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
EXPORTS = re.compile(r"export\s*\{([^}]*)\};?\s*$")
UNUSUAL = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
AWAITS = re.compile(r"^(?:\w.*[ =(])?await ", re.MULTILINE)
HERE = Path(__file__).parents[1]
STYLES = (
    *("common/base.css", "common/overlay.css", "common/nav.css", "common/pages.css", "common/manual.css"),
    *("build/build.css", "build/describe.css", "play/play.css", "play/phone.css", "play/rehearse.css"),
    *("publish/publish.css", "bases/bases.css", "tests/tests.css", "difference/difference.css"),
    "prompts/prompts.css",
    *("../flow_editor/flow.css", "../flow_editor/panel.css"),
)
"""In builder/static; a later one wins."""
PREACT, ASSETS = MADE = ("preact", "assets")
"""Modules that no file of ours holds."""


@dataclass(frozen=True)
class Asset:
    """A file that is named by what it holds, so that a browser keeps it for ever."""

    name: str
    packed: Packed

    async def serve(self, request: Request) -> Response:
        """At /static/NAME."""
        return self.packed.response(request)


def assets() -> list[Asset]:
    """All there are."""
    return [script(), style(), *(texts(one.code) for one in languages())]


@functools.cache
def script() -> Asset:
    """All modules of the pages and the flow editor."""
    return _asset("app", "js", "text/javascript", bundled(HERE, ("static", "flow_editor")))


@functools.cache
def style() -> Asset:
    """All sheets, in the order of STYLES."""
    return sheet("app", "\n".join((HERE / "static" / path).read_text(encoding="utf-8") for path in STYLES))


@functools.cache
def sheet(stem: str, text: str) -> Asset:
    """A sheet under a name of its own."""
    return _asset(stem, "css", "text/css", minify.sheet(text))


@functools.cache
def texts(lang: str) -> Asset:
    """Every sentence of the pages."""
    text = json.dumps(load(lang), ensure_ascii=False, separators=(",", ":"))
    return _asset(f"texts.{lang}", "json", "application/json", text)


def _asset(stem: str, suffix: str, media_type: str, text: str) -> Asset:
    name = f"{stem}.{hashlib.sha256(text.encode()).hexdigest()[:12]}.{suffix}"
    return Asset(name, packed(text, media_type))


def bundled(root: Path, folders: Iterable[str]) -> str:
    """An ES module: its `modules` holds what each of ours exports, by its path from `root` without the end.

    Raises ValueError for an import or export of another form, and for modules that import each other.
    """
    sources = {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((root / folder).rglob("*.js"))
    }
    needs = {name: set(neighbours(name, sources[name])) for name in sources}
    try:
        order = list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as e:
        raise ValueError(f"modules import each other: {' → '.join(e.args[1])}") from None
    if missing := set(order) - sources.keys():
        raise ValueError(f"no such module: {', '.join(sorted(missing))}")
    wrapped = "".join(_wrapped(name, sources[name]) for name in order)
    held = ", ".join(f'"{name}": {_variable(name)}' for name in order)
    return f"{_preact()}{_names()}{minify.script(wrapped)}\nexport const modules = {{ {held} }};\n"


def preact_file() -> Path:
    """Preact with htm, as its wheel brings it. The wheel's own Python is for datasette, and is not run."""
    spec = importlib.util.find_spec("datasette_preact")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (file,) = Path(spec.submodule_search_locations[0], "static").glob("preact-*.min.js")
    return file


@functools.cache
def _preact() -> str:
    source = preact_file().read_text(encoding="utf-8")
    found = EXPORTS.search(source)
    assert found is not None
    names = re.sub(r"(\w+) as (\w+)", r"\2: \1", found[1])
    return f"const {PREACT} = (() => {{\n{source[: found.start()]}\nreturn {{{names}}};\n}})();\n"


def _names() -> str:
    """What the modules import from "assets": the names of what they ask for."""
    held = {
        "texts": {one.code: texts(one.code).name for one in languages()},
        "languages": [asdict(one) for one in languages()],
    }
    return f"const {ASSETS} = {json.dumps(held)};\n"


def neighbours(name: str, source: str) -> Iterable[str]:
    """The modules of ours that it imports."""
    return (_beside(name, found[2]) for found in IMPORT.finditer(source) if found[2] not in MADE)


def _beside(name: str, path: str) -> str:
    """The module that `path` leads to from the module `name`."""
    if path in MADE:
        return path
    return posixpath.normpath(f"{posixpath.dirname(name)}/{path.removesuffix('.js')}")


def _variable(name: str) -> str:
    return name.replace("/", "__")


def _wrapped(name: str, source: str) -> str:
    """The module as a function that is called at once: its names are its own, as in a file."""
    exported = EXPORT.findall(source)
    body = IMPORT.sub(
        lambda found: f"const {{{_renamed(found[1])}}} = {_variable(_beside(name, found[2]))};", source
    )
    body = EXPORT.sub("", body)
    if unusual := UNUSUAL.search(body):
        raise ValueError(f"{name}: {unusual[0]!r} is no import or export that can be bundled")
    before, kind = ("await ", "async ") if AWAITS.search(body) else ("", "")
    inside = f"{body}\nreturn {{ {', '.join(exported)} }};"
    return f"const {_variable(name)} = {before}({kind}() => {{\n{inside}\n}})();\n"


def _renamed(names: str) -> str:
    """`a as b` of an import is `a: b` of an object."""
    return re.sub(r"\b(\w+) as (\w+)", r"\1: \2", names)
