"""The signs of LaTeX as letters of Unicode: the tables behind a readable formula."""

import functools

from pylatexenc.latex2text import get_default_latex_context_db as known_symbols
from pylatexenc.latexwalker import get_default_latex_context_db as known_macros
from pylatexenc.macrospec import LatexContextDb, MacroSpec

SCRIPTS = {
    "^": str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"),
    "_": str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}
ACCENTS = {
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "hat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0305",
    "tilde": "\u0303",
    "dot": "\u0307",
}
"""Marks on each letter; over more than three letters the name stays."""
DOUBLE_STRUCK = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ"}
FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac", "nicefrac")
LOOKS = [
    "text",
    "textbf",
    "textit",
    "textrm",
    "texttt",
    "textsf",
    "mbox",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "mathcal",
    "mathscr",
    "mathfrak",
    "boldsymbol",
    "bm",
    "operatorname",
    "boxed",
    "ce",
    "underbrace",
    "overbrace",
    "underline",
]
"""What changes only how its argument looks."""
SILENT = [
    "left",
    "right",
    "middle",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
    "nonumber",
    "notag",
    "!",
]
SYMBOLS = {
    "ne": " ≠ ",
    "implies": " ⇒ ",
    "iff": " ⇔ ",
    "land": " ∧ ",
    "lor": " ∨ ",
    "neg": "¬",
    "mod": " mod ",
    "bmod": " mod ",
    "gcd": "gcd ",
    "triangle": "△",
    "degree": "°",
    "checkmark": "✓",
    "Re": "Re ",
    "Im": "Im ",
    "lt": " < ",
    "gt": " > ",
    "|": "‖",
    "\\": "\n",
    "%": "%",
    "mid": " | ",
    "prime": "′",
    "det": "det ",
    "sum": "∑ ",
    "prod": "∏ ",
    "int": "∫ ",
    "oint": "∮ ",
}
"""What the library lacks, or has for print."""
TIGHT = set("°∘′'|‖()[]{}⟨⟩⌊⌋⌈⌉…⋯∂∇√∠¬∀∃∞%$#&_ \n")
"""Symbols without a space around. The others that are no letters stand between two things."""


@functools.cache
def macros() -> LatexContextDb:
    """What takes how many arguments."""
    ours = [MacroSpec(name, "{") for name in (*LOOKS, *ACCENTS, "mathbb", "pmod")]
    ours += [MacroSpec(name, "{{") for name in (*FRACTIONS, "binom")]
    ours += [MacroSpec(name, "") for name in (*SILENT, *SYMBOLS)]
    known = known_macros().filter_context(keep_categories=["latex-base", "latex-base-specials"])
    known.add_context_category("chat", macros=ours, prepend=True)
    return known


@functools.cache
def symbols() -> dict[str, str]:
    """What a macro without arguments is written as; "" for those that only say how it is printed."""
    found = {
        spec.macroname: _spaced(spec.simplify_repl)
        for spec in known_symbols().iter_macro_specs()
        if isinstance(spec.simplify_repl, str) and "%" not in spec.simplify_repl
    }
    return found | SYMBOLS | dict.fromkeys(SILENT, "")


def _spaced(symbol: str) -> str:
    if len(symbol) > 1:
        # the space after `\sin` belongs to the name for LaTeX, and to the reader for us
        return f"{symbol} " if symbol.isalpha() else symbol
    return symbol if symbol.isalnum() or symbol in TIGHT else f" {symbol} "
