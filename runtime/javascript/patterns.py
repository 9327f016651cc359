"""JavaScript's regular expressions as Python's, whose letters and digits are not only ASCII's."""

import re


class Unknown(Exception):
    """What a program does that is not translated: a name, or a piece of it."""


WORD = "A-Za-z0-9_"
EDGE = f"(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"
END = r"(?![\s\S])"
INSIDE = {"w": WORD, "d": "0-9"}
OUTSIDE = {
    "w": f"[{WORD}]", "W": f"[^{WORD}]", "d": "[0-9]", "D": "[^0-9]", "b": EDGE,
}  # fmt: skip
SAME = frozenset("nrtfvsS\\/.*+?()[]{}|^$-,:;!=<>\"'`@#%&~ ")
PIECE = re.compile(
    r"\\(?P<escape>u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|k<\w+>|.)|(?P<any>\[\^\])"
    r"|(?P<opens>\[\^?)|(?P<closes>\])|\(\?<(?P<name>[A-Za-z_]\w*)>|(?P<end>\$)|(?P<else>.)",
    re.DOTALL,
)


def python_pattern(pattern: str, flags: str) -> str:
    """Raises Unknown."""
    if set(flags) - set("gimsu"):
        raise Unknown(f"/…/{flags}")
    parts: list[str] = []
    in_class = False
    for found in PIECE.finditer(pattern):
        if escape := found["escape"]:
            parts.append(_escape(escape, in_class))
        elif found["closes"]:
            in_class = False
            parts.append("]")
        elif in_class:
            parts.append("\\[" if found[0].startswith("[") else found[0].replace("(?<", "(?<"))
            parts[-1] += "\\^" if found["opens"] == "[^" else ""
        elif found["any"]:
            parts.append(r"[\s\S]")
        elif found["opens"]:
            in_class = True
            parts.append(found["opens"])
        elif found["name"]:
            parts.append(f"(?P<{found['name']}>")
        else:
            parts.append((r"$" if "m" in flags else END) if found["end"] else found[0])
    made = "".join(parts)
    try:
        re.compile(made)
    except (re.error, OverflowError, RecursionError) as e:
        raise Unknown(f"/{pattern[:20]}/: {e}"[:80]) from None
    return made


def _escape(escape: str, in_class: bool) -> str:
    table = INSIDE if in_class else OUTSIDE
    if escape in table:
        return table[escape]
    if escape[0] == "u" and len(escape) > 1:
        return re.escape(chr(min(int(escape[1:].strip("{}"), 16), 0x10FFFF)))
    if escape[0] == "x" and len(escape) > 1:
        return re.escape(chr(int(escape[1:], 16)))
    if escape[0] == "k" and len(escape) > 1:
        return f"(?P={escape[2:-1]})"
    if escape in SAME or (escape.isdigit() and not in_class):
        return "/" if escape == "/" else f"\\{escape}"
    if escape.isascii():
        raise Unknown(f"/\\{escape}/")
    return escape
