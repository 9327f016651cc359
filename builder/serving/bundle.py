"""The scripts and style sheets of the pages, made of our modules when the program starts.

A phone on a slow line pays for each request and for each byte: sixty small files take longer to ask for than
to send, and one for all pages holds what most of them never use. So there is a script for what all pages
share, one for the flow editor, and one for each page; a name that changes with it keeps each for ever.
"""

import functools
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from builder.texts import load
from runtime.languages import languages
from runtime.server.bundling import joined, minify
from runtime.server.bundling.asset import Asset, asset

HERE = Path(__file__).parents[1]
STYLES = (
    *(f"static/common/{name}.css" for name in ("base", "overlay", "nav", "pages", "manual")),
    *("static/build/build.css", "static/build/describe.css"),
    *("static/play/play.css", "static/play/phone.css", "static/play/rehearse.css"),
    *("static/publish/publish.css", "static/bases/bases.css", "static/tests/tests.css"),
    *("static/difference/difference.css", "static/prompts/prompts.css"),
    *("static/people/people.css", "static/account/account.css", "static/sso/sso.css"),
    "static/privacy/privacy.css",
    "static/audit/audit.css",
    "static/limits/limits.css",
    *("flow_editor/flow.css", "flow_editor/panel.css"),
)
"""A later one wins."""
MOUNTS = re.compile(r"^export (?:function|const) mount\b", re.MULTILINE)
COMMON, EDITOR = SHARED = ("static/common", "flow_editor")
"""Folders that are a script of their own, for pages that need one of their modules; the first for all."""


@dataclass(frozen=True)
class Parts:
    """What a page is made of, in the order in which it is evaluated; the last ones are the page's own."""

    scripts: list[Asset]
    sheets: list[Asset]

    @property
    def script(self) -> Asset:
        """That brings all others."""
        return self.scripts[-1]


def assets() -> list[Asset]:
    """All there are."""
    every = [parts(page) for page in pages()]
    made = [asset for one in every for asset in (*one.scripts, *one.sheets)]
    return [*dict.fromkeys(made), *(texts(one.code) for one in languages())]


@functools.cache
def pages() -> list[str]:
    """Each has a folder with a module that begins it; "" is one with nothing of ours but the bar."""
    begun = {
        name for name, source in _sources().items() if MOUNTS.search(source) and not name.startswith(SHARED)
    }
    return ["", *sorted({name.split("/")[1] for name in begun})]


@functools.cache
def parts(page: str) -> Parts:
    """Of one of pages(): what is in its folder, and what that needs. Raises KeyError for another."""
    if page not in pages():
        raise KeyError(page)
    held = joined.within(_sources(), (name for name in _sources() if name.startswith(f"static/{page}/")))
    folders = {COMMON, *(name.rpartition("/")[0] for name in held)}
    shared = [folder for folder in SHARED if folder in folders]
    scripts = [_shared(folder) for folder in shared]
    if own := {name for name in held if not name.startswith(SHARED)}:
        below = {_shared(folder).name: _inside(folder) for folder in shared}
        text = joined.joined(_sources(), own, below)
        scripts.append(asset(page, "js", "text/javascript", text))
    sheets = [_sheet("common", (COMMON,)), _sheet(page, tuple(sorted(folders - {COMMON})))]
    return Parts(scripts, [sheet for sheet in sheets if sheet.packed.plain])


def link(sheet: Asset) -> str:
    """To a sheet, from a page at the root."""
    return f'<link rel="stylesheet" href="static/{sheet.name}">'


def holding(module: str) -> Asset:
    """The script with that module of builder/static, e.g. "common/nav"."""
    folder = module.partition("/")[0]
    return _shared(COMMON) if f"static/{folder}" == COMMON else parts(folder).script


@functools.cache
def _sources() -> joined.Sources:
    return joined.sources(HERE, ("static", EDITOR))


def _inside(folder: str) -> set[str]:
    return {name for name in _sources() if name.startswith(f"{folder}/")}


@functools.cache
def _shared(folder: str) -> Asset:
    """The script of one of SHARED."""
    below = {} if folder == COMMON else {_shared(COMMON).name: _inside(COMMON)}
    text = joined.joined(_sources(), _inside(folder), below, assets=_named())
    return asset(folder.rpartition("/")[2], "js", "text/javascript", text)


@functools.cache
def _sheet(stem: str, folders: tuple[str, ...]) -> Asset:
    """What lies in these folders, in the order of STYLES."""
    held = [path for path in STYLES if path.rpartition("/")[0] in folders]
    return sheet(stem, "\n".join((HERE / path).read_text(encoding="utf-8") for path in held))


@functools.cache
def sheet(stem: str, text: str) -> Asset:
    """A sheet under a name of its own."""
    return asset(stem, "css", "text/css", minify.sheet(text))


@functools.cache
def texts(lang: str) -> Asset:
    """Every sentence of the pages."""
    text = json.dumps(load(lang), ensure_ascii=False, separators=(",", ":"))
    return asset(f"texts.{lang}", "json", "application/json", text)


def _named() -> joined.Names:
    """What the modules import from "assets": the names of what they ask for."""
    return {
        "texts": {one.code: texts(one.code).name for one in languages()},
        "languages": [asdict(one) for one in languages()],
    }
