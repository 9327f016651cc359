"""Compute, because models cannot."""

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field
from simpleeval import InvalidExpression, SimpleEval

from runtime import bounded
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools import tool

LONGEST = 300
"""Characters of an expression."""

SPELLINGS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "^": "**", "【": "(", "】": ")"})
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%(?!\s*[\w.(])")
"""`20%`, but not the remainder `20 % 3`."""

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: bounded.product,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: bounded.power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": max,
    "min": min,
    "round": lambda value, digits=0: round(value, bounded.places(digits)),
    "sqrt": math.sqrt,
}

NAMES = {"pi": math.pi, "e": math.e}


@tool(
    title=Text("计算器", "Calculator"),
    hint=Text("算得准，模型自己算会出错", "Exact, where models guess"),
    icon="calculator",
)
def calculator(
    expression: Annotated[str, Field(description="E.g. (128 + 64) * 3.5, 200 * 15%, round(sqrt(2), 3)")],
) -> str:
    """Compute an arithmetic expression: + - * / // % **, round, min, max, abs, sqrt, floor, ceil, pi, e."""
    if len(expression) > LONGEST:
        raise ToolFailed(
            Text(
                f"算式太长，最多 {LONGEST} 个字符。",
                f"The expression is too long; {LONGEST} characters at most.",
            )
        )
    # NFKC turns full-width digits, brackets and operators into plain ones.
    source = unicodedata.normalize("NFKC", expression).translate(SPELLINGS).strip()
    source = PERCENT.sub(r"(\1/100)", source)
    try:
        return _written(SimpleEval(OPERATORS, FUNCTIONS, NAMES).eval(source, _parsed(source)))
    except (ZeroDivisionError, OverflowError) as e:
        zero = isinstance(e, ZeroDivisionError)
        raise ToolFailed(
            Text("不能除以零。", "Division by zero.")
            if zero
            else Text("数字太大。", "The numbers are too large.")
        ) from None
    # The parser runs out of stack, or of memory, on deep nesting.
    except (InvalidExpression, SyntaxError, TypeError, ValueError, RecursionError, MemoryError) as e:
        raise ToolFailed(
            Text(
                f"算式写法有误（{e}）。只能用数字、+ - × ÷ ( ) 和常用函数。",
                f"Not an arithmetic expression ({e}). Use numbers, + - * / ( ) and common functions only.",
            )
        ) from None


def _parsed(source: str) -> ast.expr:
    """Numbers only: texts can be blown up to gigabytes by `%` and by the widths of f-strings."""
    tree = ast.parse(source, mode="eval").body
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if isinstance(node, ast.Constant | ast.JoinedStr) and not number:
            raise ValueError("numbers only")
    return tree


def _written(result: Any) -> str:
    if type(result) is int:
        return str(result)
    if type(result) is not float or not math.isfinite(result):
        raise ValueError("the result is not a real number")
    # 12 digits hide what binary fractions add: 19.9 * 3 is 59.7.
    return f"{result:.12g}"


TOOL = calculator
