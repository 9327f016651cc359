"""The functions of our library that a program needs, as text that goes with it."""

import ast
import re
from functools import cache
from pathlib import Path

FILES = ("values", "patterns", "lists", "texts", "globals")
MODULES = ("base64", "json", "math", "random", "re")
CALLED = re.compile(r"\bjs_\w+")


def shipped(program: str) -> str:
    """Their definitions, each behind what it calls, and the modules that they import."""
    known = _library()
    wanted: dict[str, None] = {}
    todo = CALLED.findall(program)
    while todo:
        name = todo.pop()
        if name in known and name not in wanted:
            wanted[name] = None
            todo += CALLED.findall(known[name])
    found = "\n\n\n".join(text for name, text in known.items() if name in wanted)
    modules = [f"import {name}" for name in MODULES if re.search(rf"\b{name}\.", found)]
    dates = [name for name in ("datetime", "timedelta", "timezone") if re.search(rf"\b{name}\b", found)]
    if dates:
        modules.append(f"from datetime import {', '.join(dates)}")
    return "\n\n\n".join(filter(None, ("\n".join(modules), found)))


@cache
def _library() -> dict[str, str]:
    """By name the text of each, without what only its reader needs."""
    found: dict[str, str] = {}
    for name in FILES:
        path = Path(__file__).parent / "library" / f"{name}.py"
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.FunctionDef):
                found[one.name] = ast.unparse(_bare(one))
    return found


def _bare(function: ast.FunctionDef) -> ast.FunctionDef:
    if ast.get_docstring(function) is not None:
        del function.body[0]
    for one in ast.walk(function):
        if isinstance(one, ast.arg):
            one.annotation = None
        elif isinstance(one, ast.FunctionDef):
            one.returns = None
            one.body = [_plain(each) for each in one.body]
    return function


def _plain(one: ast.stmt) -> ast.stmt:
    """An annotated assignment without what annotates it."""
    if isinstance(one, ast.AnnAssign) and one.value is not None:
        return ast.copy_location(ast.Assign([one.target], one.value, lineno=one.lineno), one)
    return one
