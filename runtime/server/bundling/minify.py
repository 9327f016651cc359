"""Our JavaScript, CSS and JSON without comments, indentation and most blanks: a phone need not wait for them.

Nothing is renamed and nothing moves. Packages that do this stumble over a template within a template.
"""

import re

TOKEN = re.compile(
    r"""(?P<blank>(?:\s|//[^\n]*|/\*.*?\*/)+)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[\w$]+)
      | (?P<template>`)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
OPERATOR = re.compile(r"[(,=:\[!&|?{};+\-*%<>~^]$|\b(?:return|typeof|case|in|of|await|yield|else|do)$|^$")
"""Behind it a `/` begins a regular expression; behind anything else it divides."""
GOES_ON_BEHIND, GOES_ON_BEFORE = "{([,;=:?&|*%^!~<>", ")]},;:?.&|=*%^"
"""A line's end beside one of these ends no statement."""
LAID_OUT = re.compile(r"\s*\n\s*")
RULE = re.compile(r"/\*.*?\*/|\s*([{};,])\s*|(\s)\s+", re.DOTALL)


def script(source: str) -> str:
    """JavaScript. Raises ValueError for a template that does not end."""
    return _code(source, 0)[0]


def sheet(source: str) -> str:
    """CSS whose strings hold no blanks to keep but single ones."""
    return RULE.sub(lambda found: found[1] or found[2] or "", source).strip()


def _code(source: str, at: int, *, inner: bool = False) -> tuple[str, int]:
    """What stands from `at` on, and where that ends: of `inner` code at the brace that closes it."""
    out = ""
    depth = 0
    while found := TOKEN.match(source, at):
        kind, token, at = found.lastgroup, found[0], found.end()
        if inner and token == "}" and depth == 0:
            return out, at
        depth += {"{": 1, "}": -1}.get(token, 0)
        if kind == "blank":
            token = _blank(out, token, source[at : at + 1])
        elif kind == "template":
            token, at = _template(source, at, laid_out=out.endswith("html"))
        elif token == "/" and OPERATOR.search(out[-12:].rstrip()) and (regex := REGEX.match(source, at - 1)):
            token, at = regex[0], regex.end()
        out += token
    if inner:
        raise ValueError("a template does not end")
    return out, at


def _blank(before: str, blank: str, after: str) -> str:
    """What must stay of blanks and comments between two tokens."""
    last = before[-1:]
    if "\n" in blank:
        goes_on = not last or last in GOES_ON_BEHIND + "\n" or not after or after in GOES_ON_BEFORE
        return "" if goes_on else "\n"
    glued = re.fullmatch(r"[\w$]{2}|\+\+|--|//", last + after)
    return " " if glued else ""


def _template(source: str, at: int, *, laid_out: bool) -> tuple[str, int]:
    """A template behind its opening mark. In one of htm a line's end and indentation mean nothing."""
    out = "`"
    start = at
    while at < len(source):
        sign = source[at]
        if sign not in "`$\\" or (sign == "$" and source[at + 1 : at + 2] != "{"):
            at += 1
        elif sign == "\\":
            at += 2
        else:
            text = source[start:at]
            out += LAID_OUT.sub("\n", text) if laid_out else text
            if sign == "`":
                return out + "`", at + 1
            code, at = _code(source, at + 2, inner=True)
            out += "${" + code + "}"
            start = at
    raise ValueError("a template does not end")
