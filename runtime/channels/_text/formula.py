r"""A formula in LaTeX, as a line that a person can read: `\frac{a_1}{2} \le \sqrt{x}` becomes `a₁/2 ≤ √x`.

pylatexenc parses and knows the symbols. What it does not know stays as it was typed: a formula with a hole
is a wrong one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from pylatexenc import latexwalker

from runtime.channels._text.formula_signs import (
    ACCENTS,
    DOUBLE_STRUCK,
    FRACTIONS,
    LOOKS,
    SCRIPTS,
    macros,
    symbols,
)

Node = Any
"""Of pylatexenc's tree, which comes without types."""

LONGEST = 2000
"""Characters. Longer ones are no formula for a chat, and stay as typed."""
DEEPEST = 12
"""Braces and environments within each other; the parser calls itself for each."""

SCRIPT = re.compile(r"([\^_])([^\s^_])")
FIRST_SCRIPTS = re.compile(rf"(?:{SCRIPT.pattern})+")
SIMPLE_ABOVE = re.compile(r"(?:[^\s+\-±∓=<>≤≥,，/()]|\([^()]*\))+")
SIMPLE_BELOW = re.compile(r"\d+(?:\.\d+)?|√?\w[′!⁰-₟²³¹\u0300-\u036f]*|[\u2e80-\uffff]+|\([^()]*\)")
"""What needs no brackets above and below the line of a fraction that is written with /."""


def readable(formula: str) -> str:
    """What stands between the dollars, in one line or several; as typed where it cannot be read."""
    if len(formula) > LONGEST or _depth(formula) > DEEPEST:
        return formula
    # an unescaped % begins a comment, and a comment would be lost
    source = re.sub(r"(?<!\\)%", r"\\%", formula)
    try:
        walker = latexwalker.LatexWalker(source, latex_context=macros(), tolerant_parsing=False)
        nodes, _, _ = walker.get_latex_nodes()
    except latexwalker.LatexWalkerParseError:
        return formula
    lines = (" ".join(line.split()) for line in _shown(nodes).split("\n"))
    return "\n".join(filter(None, lines)) or formula


def _depth(formula: str) -> int:
    deepest = depth = 0
    for mark in re.finditer(r"\\begin\b|\\end\b|\\.|[{}\[\]]", formula, re.DOTALL):
        depth += {"{": 1, "[": 1, "\\begin": 1, "}": -1, "]": -1, "\\end": -1}.get(mark[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _shown(nodes: Sequence[Node]) -> str:
    text, before = "", None
    for node in nodes:
        piece = _of(node)
        if text.endswith(" ") and (scripts := FIRST_SCRIPTS.match(getattr(node, "chars", ""))):
            # `\sin^2 x`: the name's space goes behind the script
            text, piece = text.rstrip(" "), f"{_loose(scripts[0])} {_loose(node.chars[scripts.end() :])}"
        if before is not None and _is_unknown(before) and node.isNodeType(latexwalker.LatexGroupNode):
            piece = node.latex_verbatim()
        if text.endswith(("^", "_")):
            text = _scripted(text, piece, whole=not node.isNodeType(latexwalker.LatexCharsNode))
        elif _is_fraction(node) and text[-1:].isalnum():
            text += f"({piece})"
        elif before is not None and _is_fraction(before) and re.match(r"[\w√(]", piece):
            # `\frac{1}{2}ah` is not 1/2ah
            text = f"{text[: -len(_of(before))]}({_of(before)}){piece}"
        else:
            text += piece
        before = node
    return text


def _of(node: Node) -> str:
    for kind, show in SHOWS.items():
        if node.isNodeType(kind):
            return show(node)
    return str(node.latex_verbatim())


def _is_fraction(node: Node) -> bool:
    return node.isNodeType(latexwalker.LatexMacroNode) and node.macroname in FRACTIONS


def _is_unknown(node: Node) -> bool:
    return node.isNodeType(latexwalker.LatexMacroNode) and _of(node).startswith("\\")


def _scripted(text: str, piece: str, *, whole: bool) -> str:
    """`text` ends with the mark. Of letters that stand loose only the first is raised: `x^2y`."""
    base, mark = text[:-1], text[-1]
    first, rest = (piece, "") if whole else (piece[:1], piece[1:])
    gap = " " if base.endswith(" ") else ""
    return base.rstrip(" ") + _script(mark, first) + gap + rest


def _chars(node: Node) -> str:
    return _loose(node.chars)


def _loose(text: str) -> str:
    return SCRIPT.sub(lambda found: _script(*found.groups()), text)


def _script(mark: str, text: str) -> str:
    text = text.strip()
    if mark == "^" and text in ("°", "∘", "′", "'"):
        return "°" if text == "∘" else text
    moved = text.replace(" ", "").translate(SCRIPTS[mark])
    if text and not set(text) & set(moved):
        return moved
    return mark + (text if len(text) == 1 else f"({text})")


def _group(node: Node) -> str:
    inside = _shown(node.nodelist)
    opened, closed = node.delimiters
    return inside if opened == "{" else opened + inside + closed


def _macro(node: Node) -> str:
    name, given = node.macroname, node.nodeargd.argnlist if node.nodeargd else None
    arguments = [_argument(each) for each in given or () if each is not None]
    shown = _with_arguments(name, arguments) if arguments else symbols().get(name)
    return str(node.latex_verbatim()) if shown is None else shown


def _with_arguments(name: str, arguments: list[str]) -> str | None:
    *others, last = arguments
    if name in FRACTIONS and others:
        return f"{_operand(others[0], SIMPLE_ABOVE)}/{_operand(last, SIMPLE_BELOW)}"
    if name == "binom" and others:
        return f"C({others[0]}, {last})"
    if name == "sqrt":
        return (_script("^", others[0]) if others else "") + "√" + _operand(last, SIMPLE_BELOW)
    if name == "pmod":
        return f" (mod {last})"
    if name == "mathbb":
        return DOUBLE_STRUCK.get(last, last)
    if name in ACCENTS and len(last) <= 3:
        return unicodedata.normalize("NFC", "".join(letter + ACCENTS[name] for letter in last))
    return last if name in LOOKS else None


def _argument(node: Node) -> str:
    """Without the bracket it stands in."""
    inside = _shown(node.nodelist) if node.isNodeType(latexwalker.LatexGroupNode) else _of(node)
    return inside.strip()


def _operand(text: str, simple: re.Pattern[str]) -> str:
    return text if simple.fullmatch(text) else f"({text})"


def _environment(node: Node) -> str:
    """Rows become lines; brackets say where several rows are one thing."""
    rows = [" ".join(row.split()) for row in _shown(node.nodelist).split("\n")]
    rows = [row for row in rows if row]
    name = node.environmentname.rstrip("*")
    if name.endswith("matrix"):
        return f"[{'; '.join(rows)}]"
    if name == "cases":
        return f"{{ {'； '.join(rows)} }}"
    return "\n" + "\n".join(rows) + "\n"


def _specials(node: Node) -> str:
    return " " if node.specials_chars in ("&", "~") else str(node.latex_verbatim())


SHOWS: dict[Any, Callable[[Node], str]] = {
    latexwalker.LatexCharsNode: _chars,
    latexwalker.LatexGroupNode: _group,
    latexwalker.LatexMacroNode: _macro,
    latexwalker.LatexEnvironmentNode: _environment,
    latexwalker.LatexSpecialsNode: _specials,
}
