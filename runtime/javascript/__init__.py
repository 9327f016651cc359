"""Short programs in JavaScript, as Python that our sandbox runs: translated by rules, never run.

Only what is understood wholly is translated; anything else is refused by name.
"""

import ast
from collections.abc import Mapping, Sequence

from runtime.javascript.patterns import Unknown
from runtime.javascript.shipping import shipped
from runtime.javascript.statements import Program

__all__ = ["LONGEST", "Unknown", "translated"]

LONGEST = 8_000
"""Characters of a program: reading one takes a second for 40,000."""


def translated(
    code: str,
    call: str,
    known: Mapping[str, str] | None = None,
    first: Sequence[str] = (),
    body: bool = False,
) -> str:
    """A program in Python that leaves its result in `result`.

    `call`: an expression in Python that begins it, e.g. `main({"text": text})`. `known`: names of its
    surroundings, and expressions in Python for them; `first`: lines of Python that these need. `body`: the
    code is what stands in a function `main`. Raises Unknown, which says what is not understood.
    """
    if len(code) > LONGEST:
        raise Unknown(f"{len(code)} > {LONGEST}")
    tree = parsed(f"async function main() {{\n{code}\n}}" if body else code)
    try:
        lines = Program(known or {}).whole(tree, call, first)
    except RecursionError:
        raise Unknown("…((((…") from None
    text = "\n".join(lines)
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what is certain is also Python
        raise Unknown("?") from None
    return f"{shipped(text)}\n\n{text}\n"


def parsed(code: str) -> dict[str, object]:
    """Its tree. Raises Unknown."""
    import esprima  # type: ignore[import-untyped] # only for whoever imports such a program

    try:
        tree: dict[str, object] = esprima.parseScript(code).toDict()
    except esprima.Error as e:
        raise Unknown(str(e)[:80]) from None
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError):
        raise Unknown("?") from None
    return tree
