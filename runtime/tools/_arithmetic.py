"""Arithmetic as people write it, computed with exact fractions, within bounds of size and depth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools._arithmetic_functions import (
    FUNCTIONS,
    NAMES,
    OPERATORS,
    bounded,
    factorial,
    power,
    root,
)
from runtime.tools._arithmetic_tokens import Token, fail, tokens

DEEPEST = 40
"""Brackets, roots, signs and powers inside each other."""


@dataclass(frozen=True)
class Value:
    """`share`: written as a percentage and nothing else, so that `100 + 5%` means 5% of 100."""

    number: Fraction
    share: bool = False


def computed(expression: str) -> Fraction:
    """Raises ToolFailed with a sentence that says what is not understood."""
    return _Reader(tokens(expression)).whole()


class _Reader:
    """Reads from left to right: sums of products of signed powers of what has %, ! or ² behind it."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def whole(self) -> Fraction:
        self._refuse_two_readings()
        value = self._sum()
        if (token := self._next()) is not None:
            raise _unexpected(token)
        return value.number

    def _refuse_two_readings(self) -> None:
        """`7%-3` alone: people may mean 7% less 3, programmers the remainder."""
        texts = [token.text for token in self._tokens]
        if len(texts) == 4 and texts[1] == "%" and texts[2] in "+-":
            a, _, sign, b = texts
            raise fail(
                Text(
                    "「{a}%{sign}{b}」有两种读法。百分数请写 ({a}%){sign}{b}，余数请写 mod({a}, {sign}{b})。",
                    "{a}%{sign}{b} can be read in two ways. Write ({a}%){sign}{b} for the percentage, "
                    "mod({a}, {sign}{b}) for the remainder.",
                ).fill(a=a, sign=sign, b=b)
            )

    def _sum(self) -> Value:
        value = self._product()
        while (sign := self._take("+", "-")) is not None:
            right = self._product()
            amount = right.number
            if right.share and not value.share:
                amount *= value.number
            total = value.number + (amount if sign == "+" else -amount)
            value = Value(bounded(total), value.share and right.share)
        return value

    def _product(self) -> Value:
        value = self._signed()
        while (sign := self._take("*", "/", "//", "mod")) is not None:
            value = Value(bounded(OPERATORS[sign](value.number, self._signed().number)))
        return value

    def _signed(self) -> Value:
        sign = self._take("+", "-", "√", "∛", "∜")
        if sign is None:
            return self._power()
        with_sign = self._deeper(self._signed)
        if sign in "+-":
            return Value(with_sign.number if sign == "+" else -with_sign.number, with_sign.share)
        return Value(root(with_sign.number, "√∛∜".index(sign) + 2))

    def _power(self) -> Value:
        value = self._followed(self._atom())
        if self._take("^") is None:
            return value
        return Value(power(value.number, self._deeper(self._signed).number))

    def _followed(self, value: Value) -> Value:
        """What stands behind a number: 5%, 5‰, 5!, 5²."""
        while (token := self._next()) is not None:
            if token.kind == "power":
                value = Value(power(value.number, token.number))
            elif token.text == "!":
                value = Value(factorial(value.number))
            elif token.text in ("%", "‰") and not value.share:
                value = Value(value.number / (100 if token.text == "%" else 1000), share=True)
            else:
                return value
            self._at += 1
        return value

    def _atom(self) -> Value:
        token = self._next()
        if token is None:
            raise fail(
                Text("算式不完整，后面还缺数字。", "The expression is incomplete: a number is missing.")
            )
        self._at += 1
        if token.kind == "number":
            return Value(bounded(token.number))
        if token.kind == "name":
            return Value(self._named(token))
        if token.text == "(":
            value = self._deeper(self._sum)
            self._close()
            return Value(value.number)
        raise _unexpected(token)

    def _named(self, token: Token) -> Fraction:
        name = token.text.lower()
        if name in NAMES:
            return NAMES[name]
        if name not in FUNCTIONS or self._take("(") is None:
            known = ", ".join(sorted(FUNCTIONS))
            raise fail(
                Text(
                    "不认识「{text}」。可用的函数：{known}；常数：pi、e。",
                    "{text!r} is not known. Functions: {known}; constants: pi, e.",
                ).fill(text=token.text[:40], known=known)
            )
        given = [self._deeper(self._sum).number]
        while self._take(",") is not None:
            given.append(self._deeper(self._sum).number)
        self._close()
        function, least, most = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise fail(
                Text(
                    "{name} 不能有 {count} 个参数。数字里不要用逗号分节。",
                    "{name} takes no {count} arguments. Inside it, write numbers without commas.",
                ).fill(name=name, count=len(given))
            )
        return bounded(function(*given))

    def _close(self) -> None:
        if self._take(")") is None:
            token = self._next()
            raise (
                _unexpected(token)
                if token
                else fail(Text("括号没有写完整，缺「)」。", "A bracket is not closed: “)” is missing."))
            )

    def _deeper(self, read: Callable[[], Value]) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            raise fail(Text("括号套得太深。", "It is nested too deeply."))
        value = read()
        self._depth -= 1
        return value

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *signs: str) -> str | None:
        token = self._next()
        if token is None or token.kind != "sign" or token.text not in signs:
            return None
        self._at += 1
        return token.text


def _unexpected(token: Token) -> ToolFailed:
    return fail(
        Text(
            "看不懂「{text}」出现在这里；乘号要写出来。",
            "{text!r} is not understood at its place; write every * out.",
        ).fill(text=token.text[:40])
    )
