"""JavaScript's regular expressions."""

import re
from typing import Any

from runtime.javascript.library.values import js_text


def js_re(pattern: Any, flags: Any = "", *_: Any) -> Any:
    how = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
    return {"re": re.compile(pattern, how | (re.DOTALL if "s" in flags else 0)), "g": "g" in flags, "at": 0}


def js_literally(text: Any) -> Any:
    """A text as a pattern that finds it."""
    return text if isinstance(text, dict) else js_re(re.escape(js_text(text)))


def js_found(one: Any, text: Any) -> Any:
    """A match as a list that knows where it was."""
    if one is None:
        return None
    groups = {str(n): group for n, group in enumerate([one.group(0), *one.groups()])}
    about = {"index": one.start(), "input": text, "groups": one.groupdict(), "length": len(groups)}
    return {**groups, **about}


def js_test(pattern: Any, text: Any = "", *_: Any) -> bool:
    return js_exec(pattern, text) is not None


def js_exec(pattern: Any, text: Any = "", *_: Any) -> Any:
    text = js_text(text)
    start = pattern["at"] if pattern["g"] else 0
    later = [each for each in pattern["re"].finditer(text) if each.start() >= start]
    one = later[0] if later else None
    pattern["at"] = one.end() + (one.end() == one.start()) if one is not None and pattern["g"] else 0
    return js_found(one, text)


def js_match(value: Any, pattern: Any, *_: Any) -> Any:
    pattern = js_literally(pattern)
    if not pattern["g"]:
        return js_found(pattern["re"].search(value), value)
    return [one.group(0) for one in pattern["re"].finditer(value)] or None


def js_match_all(value: Any, pattern: Any, *_: Any) -> Any:
    return [js_found(one, value) for one in pattern["re"].finditer(value)]


def js_find(value: Any, pattern: Any, *_: Any) -> int:
    """`search`."""
    one = js_literally(pattern)["re"].search(value)
    return -1 if one is None else int(one.start())


def js_replace(value: Any, wanted: Any, given: Any = "", *_: Any) -> Any:
    pattern = js_literally(wanted)
    return js_replaced(value, pattern, given, pattern["g"])


def js_replace_all(value: Any, wanted: Any, given: Any = "", *_: Any) -> Any:
    return js_replaced(value, js_literally(wanted), given, True)


def js_replaced(value: Any, pattern: Any, given: Any, every: Any) -> Any:
    parts: list[str] = []
    end = 0
    for one in pattern["re"].finditer(value):
        if isinstance(given, str):
            instead = js_filled(given, one)
        else:
            instead = js_text(given(one.group(0), *one.groups(), one.start(), value))
        parts += [value[end : one.start()], instead]
        end = one.end()
        if not every:
            break
    return "".join([*parts, value[end:]])


def js_filled(given: Any, one: Any) -> Any:
    """`$1`, `$&` and `$<name>` of what stands instead."""
    if "$" not in given:
        return given
    parts: list[str] = []
    end = 0
    for found in re.finditer(r"\$(\$|&|[0-9]{1,2}|<[A-Za-z_0-9]+>)", given):
        parts.append(given[end : found.start()])
        name = found.group(1)
        end = found.end()
        if name == "$":
            parts.append("$")
        elif name == "&":
            parts.append(one.group(0))
        elif name[0] == "<":
            parts.append(one.groupdict().get(name[1:-1]) or "")
        elif 0 < int(name) <= len(one.groups()):
            parts.append(one.group(int(name)) or "")
        else:
            parts.append(found.group(0))
    return "".join([*parts, given[end:]])
