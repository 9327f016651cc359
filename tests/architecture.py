"""Who may import whom, and how long a file may get. test_architecture.py holds the code against it.

RULES is the design, as a table. Changing it is a commit of its own that says why.
"""

import ast
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]
WEB = ("starlette", "fastapi", "uvicorn")
HEAVY = ("gradio", "streamlit", "litellm")
PLUGINS = ("blocks", "tools", "channels")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50


@dataclass(frozen=True)
class Rule:
    name: str
    never: tuple[str, ...]
    """Modules with all they hold. With .* at the end: what a module holds, not itself."""
    at: tuple[str, ...] = ("app.py", "builder/", "runtime/")
    """Files. With / at the end: folders with all below them."""
    but_not_at: tuple[str, ...] = ()


RULES = [
    Rule("imports are absolute", (".",)),
    Rule("nobody imports the entry", ("app",)),
    Rule(
        "the simulator is for tests, bench and rehearsal",
        ("runtime.simulator",),
        but_not_at=("runtime/simulator/", "builder/actions/"),
    ),
    Rule("runtime stands alone", ("builder", "gradio", "streamlit"), at=("runtime/",)),
    Rule(
        "no process that takes messages imports litellm",
        ("litellm",),
        but_not_at=("runtime/models/litellm_child/",),
    ),
    Rule(
        "litellm's process is reached over its socket",
        ("runtime.models.litellm_child.*",),
        but_not_at=("runtime/models/litellm_child/", "runtime/models/adapters/"),
    ),
    Rule(
        "the web framework serves",
        WEB,
        but_not_at=(
            "app.py",
            "builder/clicks.py",
            "builder/bundle.py",
            "builder/early.py",
            "builder/gate.py",
            "builder/ui.py",
            "builder/insights/_streamlit.py",
            "builder/insights/mount.py",
            "runtime/server/",
        ),
    ),
    Rule(
        "gradio draws the builder",
        ("gradio",),
        but_not_at=(
            "builder/ui.py",
            "builder/pages/",
            "builder/flow_editor/",
            "builder/inert_chat.py",
            "builder/phone.py",
        ),
    ),
    Rule(
        "streamlit draws insights",
        ("streamlit",),
        but_not_at=("app.py", "builder/insights/"),
    ),
    Rule(
        "actions and texts need no browser",
        ("gradio", "builder.ui", "builder.pages"),
        at=("builder/actions*.py", "builder/actions/", "builder/texts.py", "builder/texts/"),
    ),
    Rule(
        "a block knows only the contracts",
        ("runtime.channels", "runtime.tools.*", "runtime.store", "litellm", *WEB),
        at=("runtime/blocks/",),
    ),
    Rule(
        "a tool knows no agent",
        ("runtime.channels", "runtime.blocks", "runtime.store", "litellm"),
        at=("runtime/tools/",),
    ),
    Rule(
        "a channel translates and sends",
        (
            "runtime.blocks",
            "runtime.tools",
            "runtime.store",
            "runtime.gateway",
            "runtime.engine",
            "litellm",
            *WEB,
        ),
        at=("runtime/channels/",),
    ),
    Rule(
        "the core knows no surroundings",
        ("runtime.gateway", "runtime.server", "runtime.channels", "runtime.publish", "runtime.store.*"),
        at=("runtime/*.py", "runtime/turn/", "runtime/agents/", "runtime/models/", "runtime/templating/"),
    ),
    Rule("the gateway is below the server", ("runtime.server",), at=("runtime/gateway/",)),
]


@dataclass(frozen=True)
class Import:
    path: str
    line: int
    module: str
    at_start: bool
    """Whether loading the file runs it: it is in no function, and not for type checking only."""


# Reading files


def sources(suffix):
    files = [ROOT / "app.py", *(ROOT / "builder").rglob("*"), *(ROOT / "runtime").rglob("*")]
    return {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(files)
        if file.suffix == suffix and file.is_file()
    }


def imports(files):
    ours = names(files)
    found = [
        Import(path, line, module, at_start)
        for path, source in files.items()
        for line, module, at_start in walk(ast.parse(source, path), ours, True)
    ]
    return list(dict.fromkeys(found))


def names(files):
    """Each module's name, and its file."""
    return {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in files}


def walk(node, ours, at_start):
    for child in ast.iter_child_nodes(node):
        for module in imported(child, ours):
            yield child.lineno, module, at_start
        yield from walk(child, ours, at_start and not runs_later(child))


def runs_later(node):
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def imported(node, ours):
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(level=0):
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            return [name if name in ours else node.module for name in inside]
        case ast.ImportFrom():
            return ["."]
        case ast.Call(args=[ast.Constant(value=str(module)), *_]) if is_import(node.func):
            return [module]
    return []


def is_import(function):
    return ast.unparse(function).endswith(("import_module", "__import__"))


def within(path, places):
    return any(
        path.startswith(place)
        if place.endswith("/")
        else path.count("/") == place.count("/") and fnmatchcase(path, place)
        for place in places
    )


def matches(module, pattern):
    if pattern.endswith(".*"):
        return module.startswith(pattern.removesuffix("*"))
    return module == pattern or module.startswith(f"{pattern}.")


# The checks: files in, sentences out


def forbidden(files):
    return [
        f"{found.path}:{found.line} imports {found.module}: {rule.name}"
        for found in imports(files)
        for rule in RULES
        if within(found.path, rule.at) and not within(found.path, rule.but_not_at)
        if any(matches(found.module, pattern) for pattern in rule.never)
    ]


def named(files):
    """The folder is the registry: a block, tool or channel is found, never named. A _helper may be."""
    return [
        f"{found.path}:{found.line} names {found.module}"
        for found in imports(files)
        if matches(found.module, "runtime.*") and names_a_plugin(found)
    ]


def names_a_plugin(found):
    _, folder, *inside = found.module.split(".")
    if folder not in PLUGINS or not inside or inside[0].startswith("_"):
        return False
    return not found.path.startswith(f"runtime/{folder}/{inside[0]}/")


def heavy(files):
    """What `python app.py gateway` loads is app.py, all of runtime, and whatever these import on loading."""
    ours = names(files)
    at_start = [found for found in imports(files) if found.at_start]
    loaded, waiting = set(), {path for path in files if within(path, ("app.py", "runtime/"))}
    while waiting:
        loaded |= waiting
        modules = {name for found in at_start if found.path in waiting for name in with_parents(found.module)}
        waiting = {ours[name] for name in modules & ours.keys()} - loaded
    return [
        f"{found.path}:{found.line} loads {found.module}"
        for found in at_start
        if found.path in loaded and any(matches(found.module, name) for name in HEAVY)
    ]


def with_parents(module):
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def long_files(files):
    lines = {path: len(source.splitlines()) for path, source in files.items()}
    return [f"{path} has {count} lines" for path, count in lines.items() if count > LONGEST_FILE]


def long_functions(files):
    return [
        f"{path}:{node.lineno} {node.name} has {count} lines"
        for path, source in files.items()
        for node in ast.walk(ast.parse(source, path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    ]
