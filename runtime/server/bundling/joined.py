"""ES modules of ours as one script: each becomes a function, its imports names of what others export.

A script may stand on others: what it does not hold itself, it takes from them.
"""

import functools
import graphlib
import importlib.util
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from runtime.server.bundling import minify

IMPORT = re.compile(r'^import \{([^}]*)\} from "(preact|assets|\.\.?/[\w./]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
EXPORTS = re.compile(r"export\s*\{([^}]*)\};?\s*$")
UNUSUAL = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
AWAITS = re.compile(r"^(?:\w.*[ =(])?await ", re.MULTILINE)
PREACT, ASSETS = MADE = ("preact", "assets")
"""Modules that no file of ours holds."""

Sources = Mapping[str, str]
"""Modules by their path without the end, from where all of ours lie."""
Names = Mapping[str, object]


def sources(root: Path, folders: Iterable[str]) -> Sources:
    """All modules in these folders of `root`."""
    return {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((root / folder).rglob("*.js"))
    }


def within(all: Sources, entries: Iterable[str]) -> set[str]:
    """Those modules, and what they need. Raises ValueError for one that is not there."""
    found, ahead = set[str](), list(entries)
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        if name not in all:
            raise ValueError(f"no such module: {name}")
        found.add(name)
        ahead += neighbours(name, all[name])
    return found


def joined(all: Sources, held: set[str], below: Mapping[str, set[str]], assets: Names | None = None) -> str:
    """A script: its `modules` holds what each of `held` exports, by its path.

    `below`: scripts beside it, by their file's name, and what each holds. The first of them brings what is in
    MADE; where there is none, this script does. `assets`: what the module of that name exports.
    Raises ValueError for an import or export of another form, for modules that import each other, and for
    those that are nowhere.
    """
    needs = {name: set(neighbours(name, all[name])) for name in sorted(held)}
    lines = _beside_it(needs, below) if below else _made(assets or {})
    wrapped = "".join(_wrapped(name, all[name]) for name in _ordered(needs))
    offered = ", ".join(f'"{name}": {_variable(name)}' for name in sorted(held))
    return f"{lines}{minify.script(wrapped)}\nexport const modules = {{ {offered} }};\n"


def _ordered(needs: Mapping[str, set[str]]) -> Iterable[str]:
    """The same in every process: a script is kept under a name that is made of its content."""
    try:
        order = graphlib.TopologicalSorter(
            {name: sorted(found & needs.keys()) for name, found in needs.items()}
        )
        return list(order.static_order())
    except graphlib.CycleError as e:
        raise ValueError(f"modules import each other: {' → '.join(e.args[1])}") from None


def _beside_it(needs: Mapping[str, set[str]], below: Mapping[str, set[str]]) -> str:
    """The imports of what other scripts hold."""
    files = list(below)
    there = {name: n for n, file in enumerate(files) for name in below[file]}
    wanted = sorted(set().union(*needs.values()) - needs.keys())
    lines = [f'import {{ modules as below{n} }} from "./{file}";' for n, file in enumerate(files)]
    lines.append(f'import {{ {", ".join(MADE)} }} from "./{files[0]}";')
    lines += [f'const {_variable(name)} = below{there[name]}["{name}"];' for name in wanted]
    return "\n".join(lines) + "\n"


def _made(assets: Names) -> str:
    return f"{_preact()}const {ASSETS} = {json.dumps(assets)};\nexport {{ {', '.join(MADE)} }};\n"


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
