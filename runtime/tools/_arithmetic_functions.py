"""The functions and operators of the calculator, over exact fractions, within bounds of size."""

import decimal
from collections.abc import Callable
from fractions import Fraction

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools._arithmetic_tokens import fail

BITS = 10_000
"""Of a numerator or denominator: about 3,000 digits."""

PLACES = 20
"""That can be rounded to, before and behind the point."""

PRECISION = decimal.Context(prec=60)
"""For roots, logarithms and powers that are no fractions."""

PI = Fraction("3.14159265358979323846264338327950288419716939937510582097494459")
E = Fraction("2.71828182845904523536028747135266249775724709369995957496696763")
NAMES = {"pi": PI, "π": PI, "e": E}

TOO_LARGE = Text("数字太大，算不了。", "The numbers are too large.")
NO_REAL = Text("负数没有实数的偶次方根或对数。", "A negative number has no real root or logarithm here.")
ZERO = Text("不能除以零。", "Division by zero.")


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Exact for whole exponents."""
    if base == 0 and exponent < 0:
        raise ToolFailed(ZERO)
    if exponent.denominator > 1:
        return _fractional_power(base, exponent)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if base not in (-1, 0, 1) and bits * abs(exponent) > BITS:
        raise ToolFailed(TOO_LARGE)
    if base in (-1, 0, 1):
        exponent = Fraction(exponent.numerator % 2 or (2 if exponent else 0))
    return bounded(base**exponent.numerator)


def root(number: Fraction, degree: int) -> Fraction:
    if number < 0 and degree % 2:
        return -root(-number, degree)
    return power(number, Fraction(1, degree))


def factorial(number: Fraction) -> Fraction:
    if number.denominator != 1 or not 0 <= number <= 1000:
        raise fail(Text("阶乘只能用 0 到 1000 的整数。", "A factorial takes whole numbers from 0 to 1000."))
    product = 1
    for factor in range(2, int(number) + 1):
        product *= factor
    return bounded(Fraction(product))


def rounded(number: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    """Half away from zero, as people round."""
    if places.denominator != 1 or abs(places) > PLACES:
        raise fail(
            Text(
                "只能保留 -{places} 到 {places} 位小数。",
                "Round to a whole number of places from -{places} to {places}.",
            ).fill(places=PLACES)
        )
    unit = Fraction(10) ** int(places)
    whole = (abs(number) * unit + Fraction(1, 2)) // 1
    return (whole if number >= 0 else -whole) / unit


def logarithm(number: Fraction) -> Fraction:
    if number <= 0:
        raise ToolFailed(NO_REAL)
    return Fraction(PRECISION.ln(_decimal(number)))


def common_logarithm(number: Fraction) -> Fraction:
    if number <= 0:
        raise ToolFailed(NO_REAL)
    return Fraction(PRECISION.log10(_decimal(number)))


def _fractional_power(base: Fraction, exponent: Fraction) -> Fraction:
    if base < 0:
        raise ToolFailed(NO_REAL)
    if base == 0 or base == 1:
        return base
    try:
        found = PRECISION.power(_decimal(base), _decimal(exponent))
    except decimal.Overflow:
        raise ToolFailed(TOO_LARGE) from None
    if abs(found.adjusted()) > BITS // 4:
        raise ToolFailed(TOO_LARGE)
    # 4 ^ 0.5 is 2, and not something very near.
    near = Fraction(decimal.Context(prec=40).plus(found))
    small = max(exponent.denominator, abs(exponent.numerator)) <= 4
    return (
        near if small and near**exponent.denominator == base**exponent.numerator else bounded(Fraction(found))
    )


def _decimal(number: Fraction) -> decimal.Decimal:
    return PRECISION.divide(decimal.Decimal(number.numerator), decimal.Decimal(number.denominator))


def bounded(number: Fraction) -> Fraction:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > BITS:
        raise ToolFailed(TOO_LARGE)
    return number


def _divided(left: Fraction, right: Fraction, how: Callable[[Fraction, Fraction], Fraction]) -> Fraction:
    if right == 0:
        raise ToolFailed(ZERO)
    return how(left, right)


OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "*": lambda left, right: left * right,
    "/": lambda left, right: _divided(left, right, lambda a, b: a / b),
    "//": lambda left, right: _divided(left, right, lambda a, b: Fraction(a // b)),
    "mod": lambda left, right: _divided(left, right, lambda a, b: a % b),
}

FUNCTIONS: dict[str, tuple[Callable[..., Fraction], int, int]] = {
    "abs": (abs, 1, 1),
    "ceil": (lambda number: Fraction(-(-number // 1)), 1, 1),
    "floor": (lambda number: Fraction(number // 1), 1, 1),
    "ln": (logarithm, 1, 1),
    "log10": (common_logarithm, 1, 1),
    "max": (lambda *numbers: max(numbers), 1, 100),
    "min": (lambda *numbers: min(numbers), 1, 100),
    "mod": (OPERATORS["mod"], 2, 2),
    "round": (rounded, 1, 2),
    "sqrt": (lambda number: root(number, 2), 1, 1),
}
"""With the fewest and most arguments."""
