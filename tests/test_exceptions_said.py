"""Where a rule is left it says why: whatever catches everything, and each word to a checker to look away."""

import ast
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("runtime", "builder", "bench", "tests", "docs", "templates")
FILES = [*(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))), ROOT / "app.py"]
BROAD = {"Exception", "BaseException"}
LOOK_AWAY = re.compile(r"#\s*(?:type:\s*ignore(?:\[[\w,-]+\])?|noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?)")

MAY = re.compile(r"except:|except[^\n]*Exception|type: ignore|noqa")
"""Only what has one of these is read: the others are many."""


def comments(text):
    """By line."""
    found = tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__)
    return {one.start[0]: one.string for one in found if one.type == tokenize.COMMENT}


def catches_all(handler):
    if handler.type is None:
        return True
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(name, ast.Name) and name.id in BROAD for name in names)


def unsaid(text):
    """Lines that leave a rule and do not say why. What raises on, or something else, needs no word."""
    if not MAY.search(text):
        return
    said = comments(text)
    for line, comment in said.items():
        if LOOK_AWAY.search(comment) and len(LOOK_AWAY.sub("", comment).strip(" #")) < 3:
            yield line
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and catches_all(node):
            raises = any(isinstance(one, ast.Raise) for one in ast.walk(node))
            if not raises and not LOOK_AWAY.sub("", said.get(node.lineno, "")).strip(" #"):
                yield node.lineno


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("try:\n    f()\nexcept Exception:\n    pass\n", [3]),
        ("try:\n    f()\nexcept (OSError, BaseException) as e:\n    g(e)\n", [3]),
        ("try:\n    f()\nexcept:\n    pass\n", [3]),
        ("try:\n    f()\nexcept Exception:  # noqa: BLE001\n    pass\n", [3, 3]),
        ("try:\n    f()\nexcept Exception:  # it is a library's\n    pass\n", []),
        ("try:\n    f()\nexcept BaseException:\n    g()\n    raise\n", []),
        ("x = f()  # type: ignore[arg-type]\n", [1]),
        ("x = f()  # type: ignore[arg-type] # noqa: E731\n", [1]),
        ("x = f()  # type: ignore[arg-type] # one of three\n", []),
        ("x = '# noqa'\n", []),
    ],
)
def test_what_says_nothing_is_found(code, lines):
    assert list(unsaid(code)) == lines


def test_whoever_leaves_a_rule_says_why():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        for line in unsaid(path.read_text(encoding="utf-8"))
    ]
    assert found == []
