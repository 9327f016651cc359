"""Programs in their code nodes: Python that our sandbox runs, or kept to be read."""

import ast
import re
from collections.abc import Mapping

from runtime.elsewhere._bringing import Bringing, Lost, Made, Outcome, titled
from runtime.elsewhere._graph import Node
from runtime.elsewhere._losses import block_title
from runtime.elsewhere._names import plain
from runtime.lang import NOTHING, Text

ALLOWED = {"json", "re", "math", "datetime", "typing", "time"}
LONGEST = 20_000
NO_PYTHON = Text(
    "代码是 {language} 写的，这里只运行 Python：代码留在备注里",
    "it is in {language}; only Python runs here: kept in a note",
)
MODULES = Text(
    "代码用到 {modules}，沙箱里没有：代码留在备注里",
    "its code uses {modules}, which the sandbox lacks: kept in a note",
)
BROKEN = Text("代码读不懂：留在备注里", "its code cannot be read: kept in a note")
NO_MAIN = Text("代码里没有 main：留在备注里", "its code has no main: kept in a note")
TOO_LONG = Text("代码太长：留在备注里", "its code is too long: kept in a note")


def python(
    node: Node, bring: Bringing, code: str, given: Mapping[str, str], *, outputs: list[str], call: str
) -> Outcome:
    """`given`: its variables and their templates; `call`: how it is run when its own part is there."""
    if refused := _refused(code):
        return Lost(refused, outputs)
    id = bring.id(node, "code")
    names = {name: variable(name) for name in given}
    body = f"{code.rstrip()}\n\nresult = {call.format(**{'given': _given(names)})}"
    if len(body) > LONGEST:
        return Lost(TOO_LONG, outputs)
    values = {names[name]: text for name, text in given.items()}
    block = titled({"type": "code", "id": id, "values": values, "code": body, "seconds": 5}, node)
    found = {name: f"{id}.result.{name}" for name in outputs if re.fullmatch(r"[A-Za-z]\w*", name)}
    return Made([block], block_title("code"), found, f"{id}.result", id, nearly=NOTHING)


def variable(name: str) -> str:
    found = plain(name, "value")
    return (
        f"{found}_value" if found in ("result", "id", "in", "is", "for", "if", "not", "and", "or") else found
    )


def _given(names: Mapping[str, str]) -> str:
    return ", ".join(f"{theirs}={ours}" for theirs, ours in names.items() if theirs.isidentifier())


def _refused(code: str) -> Text | None:
    if len(code) > LONGEST:
        return TOO_LONG
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (
            NO_PYTHON.fill(language="JavaScript")
            if re.search(r"\b(const|let|var|function|=>)", code)
            else BROKEN
        )
    modules = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in one.names}
        elif isinstance(one, ast.ImportFrom):
            modules.add((one.module or "?").split(".")[0])
        elif isinstance(one, ast.ClassDef):
            modules.add("class")
    if strange := sorted(modules - ALLOWED):
        return MODULES.fill(modules=", ".join(strange)[:80])
    if not any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == "main" for one in tree.body
    ):
        return NO_MAIN
    return None
