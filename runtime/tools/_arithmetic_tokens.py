"""The numbers, names and signs of an arithmetic expression, in the spellings that people use.

Unicode's own compatibility forms (NFKC) would make 52 of 5² and 12 of ①②: characters are taken one by one.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from runtime.errors import ToolFailed
from runtime.lang import Text

SIGNS = {
    **dict.fromkeys("×✕✖∙⋅·•∗＊﹡的", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("−–—﹣", "-"),
    **dict.fromkeys("﹢", "+"),
    **dict.fromkeys("[{【〔「", "("),
    **dict.fromkeys("]}】〕」", ")"),
    **dict.fromkeys("﹪", "%"),
    **dict.fromkeys("、", ","),
}
UNITS = {"百": "100", "千": "1000", "万": "10000", "萬": "10000", "亿": "100000000", "億": "100000000"}
WORDS = {"of": "*", "mod": "mod"}
"""Words between numbers. `mod(7, 3)` is a function, `7 mod 3` is not."""

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4}(?![\w.]))?")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?")
NAME = re.compile(r"[a-zA-Z_π][a-zA-Z0-9_]*")
TIMES = re.compile(r"[xX](?=[\s\d(.√])")
OPERATOR = re.compile(r"\*\*|//|[-+*/^%‰!(),√∛∜]")
ANSWER = re.compile(r"(?<![\s=＝?？])[\s=＝?？]++$")
COMPARED = re.compile(r"[<>≤≥≠≈]|!=|==")
LARGEST_EXPONENT = 300


@dataclass(frozen=True)
class Token:
    kind: Literal["number", "name", "sign", "power"]
    text: str
    number: Fraction = Fraction(0)


def fail(text: Text) -> ToolFailed:
    """What is wrong with the expression, and what may be in one."""
    return ToolFailed(
        Text(
            "{text}算式里可以有数字、+ - × ÷ ( ) % ^ √ 和 round 这样的函数。",
            "{text} Use numbers, + - * / ( ) % ^ √ and functions such as round.",
        ).fill(text=text)
    )


def tokens(expression: str) -> list[Token]:
    """Raises ToolFailed for what is no arithmetic."""
    source = ANSWER.sub("", "".join(map(_plain, expression))).strip()
    if not source:
        raise fail(Text("算式是空的。", "The expression is empty."))
    if COMPARED.search(source):
        raise fail(Text("这里不做大小比较。", "Comparisons are not computed."))
    if "=" in source:
        raise fail(Text("这里不解方程，请去掉等号。", "Equations are not solved; leave “=” out."))
    found: list[Token] = []
    calls: list[bool] = []
    at = 0
    while at < len(source):
        if source[at].isspace():
            at += 1
            continue
        at = _read(source, at, found, calls)
    return [Token("sign", "mod") if _is_remainder(found, i) else token for i, token in enumerate(found)]


def _read(source: str, at: int, found: list[Token], calls: list[bool]) -> int:
    """Add the token at this place; return where the next begins.

    `calls`: for each open bracket, whether it is a function's.
    """
    in_call = bool(calls) and calls[-1]
    if match := (None if in_call else GROUPED.match(source, at)) or NUMBER.match(source, at):
        return _number(source, at, match[0], found)
    if source[at] in RAISED:
        end = at
        while end < len(source) and source[end] in RAISED:
            end += 1
        raised = "".join(RAISED[c] for c in source[at:end])
        if not re.fullmatch(r"[+-]?\d{1,4}", raised):
            raise _unknown(source[at:end])
        found.append(Token("power", source[at:end], Fraction(raised)))
        return end
    if unicodedata.category(source[at]) == "No" and "⁄" in unicodedata.normalize("NFKC", source[at]):
        found.append(Token("number", source[at], Fraction(_fraction(source[at]))))
        return at + 1
    before = found[-1] if found else Token("sign", "")
    # 3x4, but not 0x10.
    if (before.kind == "number" or before.text == ")") and before.text != "0" and TIMES.match(source, at):
        found.append(Token("sign", "*"))
        return at + 1
    if match := NAME.match(source, at):
        word = match[0].lower()
        called = source[match.end() :].lstrip().startswith("(") and word != "of"
        found.append(Token("sign", WORDS[word]) if word in WORDS and not called else Token("name", match[0]))
        return match.end()
    if match := OPERATOR.match(source, at):
        return _operator(match[0], match.end(), found, calls, in_call)
    raise _unknown(source[at])


def _number(source: str, at: int, digits: str, found: list[Token]) -> int:
    end = at + len(digits)
    plain = digits.replace(",", "").rstrip(".")
    _, _, exponent = plain.lower().partition("e")
    if exponent and abs(int(exponent)) > LARGEST_EXPONENT:
        raise ToolFailed(Text("数字太大，算不了。", "The numbers are too large."))
    value = Fraction(plain)
    while end < len(source) and source[end] in UNITS:
        value *= int(UNITS[source[end]])
        end += 1
    if end < len(source) and unicodedata.category(source[end]) == "No" and source[end] not in RAISED:
        # 2½ is two and a half.
        if value.denominator != 1 or "⁄" not in unicodedata.normalize("NFKC", source[end]):
            raise _unknown(source[end])
        value += Fraction(_fraction(source[end]))
        end += 1
    found.append(Token("number", source[at:end], value))
    return end


def _operator(sign: str, end: int, found: list[Token], calls: list[bool], in_call: bool) -> int:
    if sign == "(":
        calls.append(bool(found) and found[-1].kind == "name")
    elif sign == ")" and calls:
        calls.pop()
    elif sign == "," and not in_call:
        raise fail(
            Text(
                "逗号只能用来给数字分节，例如 1,234,567。",
                "A comma only groups digits, as in 1,234,567.",
            )
        )
    found.append(Token("sign", "^" if sign == "**" else sign))
    return end


def _is_remainder(found: list[Token], i: int) -> bool:
    """`20 % 3`, but not `20%` before a sign or at the end."""
    if found[i] != Token("sign", "%") or i + 1 == len(found):
        return False
    return found[i + 1].kind in ("number", "name") or found[i + 1].text in ("(", "√", "∛", "∜")


def _plain(character: str) -> str:
    """Full-width and other scripts' digits, and the signs of printed arithmetic, in ASCII."""
    if character in SIGNS:
        return SIGNS[character]
    if "！" <= character <= "～":
        return SIGNS.get(chr(ord(character) - 0xFEE0), chr(ord(character) - 0xFEE0))
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return character


def _fraction(character: str) -> str:
    return unicodedata.normalize("NFKC", character).replace("⁄", "/")


def _unknown(text: str) -> ToolFailed:
    return fail(Text("看不懂「{text}」。", "{text!r} is not understood.").fill(text=text[:20]))
