"""Compute, because models cannot."""

from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools import tool
from runtime.tools._arithmetic import computed

LONGEST = 300
"""Characters of an expression."""

EXACT = 40
"""Digits of a decimal that is written out in full."""

SIGNIFICANT = 12
"""Digits of one that has no end, such as 10/3; behind the point two at least, for money."""

FAR_BEHIND = -25
"""Place behind the point from which a number is written as 1e-30."""


@tool(
    title=Text("计算器", "Calculator"),
    hint=Text("算得准，模型自己算会出错", "Exact, where models guess"),
    icon="calculator",
    called={"expression": Text("算式", "Sum")},
)
def calculator(
    expression: Annotated[
        str, Field(description="E.g. (128 + 64) * 3.5, 200 * 15%, 100 + 5%, 5², round(sqrt(2), 3)")
    ],
) -> str:
    """Compute an arithmetic expression exactly: + - * / // ^ % √, round, min, max, abs, sqrt, floor, ceil,
    ln, log10, mod(a, b), pi, e. `100 + 5%` is 105. No comparisons, no equations."""
    if len(expression) > LONGEST:
        raise ToolFailed(
            Text(
                "算式太长，最多 {longest} 个字符。",
                "The expression is too long; {longest} characters at most.",
            ).fill(longest=LONGEST)
        )
    return written(computed(wellformed.text(expression)))


def written(number: Fraction) -> str:
    """In full when it has an end, else rounded."""
    if number.denominator == 1:
        return str(number.numerator)
    whole = len(str(abs(number.numerator) // number.denominator))
    exact = _divided(number, EXACT + max(whole, 1))
    if Fraction(exact) != number:
        exact = _divided(number, max(SIGNIFICANT, whole + 2))
    if exact.adjusted() < FAR_BEHIND:
        return f"{exact.normalize()}".replace("E", "e")
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _divided(number: Fraction, digits: int) -> Decimal:
    return Context(prec=digits, rounding="ROUND_HALF_UP").divide(
        Decimal(number.numerator), Decimal(number.denominator)
    )


TOOL = calculator
