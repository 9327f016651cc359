"""Arithmetic that cannot take long: more than about 3,000 digits are refused with OverflowError."""

from typing import Any

BITS = 10_000


def product(left: Any, right: Any) -> Any:
    """`left * right` for numbers."""
    if isinstance(left, int) and isinstance(right, int):
        _limit(left.bit_length() + right.bit_length())
    return left * right


def power(left: Any, right: Any) -> Any:
    """`left ** right` for numbers."""
    if isinstance(left, int) and isinstance(right, int):
        _limit(left.bit_length() * abs(right))
    return left**right


def places(digits: int) -> int:
    """Digits to round to: `round(5, -10**9)` would compute 10**(10**9)."""
    if not -20 <= digits <= 20:
        raise OverflowError("at most 20 decimal places")
    return digits


def _limit(bits: int) -> None:
    if bits > BITS:
        raise OverflowError("the number is too large")
