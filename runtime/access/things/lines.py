"""Lines that say what differs between two states of a thing: "name: value", short, and without secrets."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

LONGEST = 120
"""Characters of a value; of two long ones, those around what differs."""
AROUND = 20
CHANGED = "changed"
"""All that is said of a secret."""
SECRET = frozenset(
    [
        *("api_key", "api_keys", "client_secret", "former", "hash", "invitation", "kept", "key_hash"),
        *("password", "private_key", "recovery", "recovery_codes", "salt", "sealed", "secret", "secrets"),
        *("token", "totp", "value"),
    ]
)
"""Fields of records that are never told, by name…"""
SEALED = re.compile(r"[0-9a-f]{8}:[A-Za-z0-9+/=]{16,}|\$argon2.*|scrypt.*|[0-9a-f]{32,}")
"""…or because they look like it."""
SKIPPED = frozenset(
    ["id", "format", "by", "at", "created_at", "generation", "last_sign_in", "removed_at", "last_used_at"]
)
"""What every record has, or the record of the deed says itself."""
MOMENT = ("_at", "_until")
DEEPEST = 6


class Line(NamedTuple):
    """None: it was not there, or is no more."""

    name: str
    was: str | None
    now: str | None


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Line]:
    """By name; of two long values what differs."""
    for name in (*after, *(name for name in before if name not in after)):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if _is_hidden(was) or _is_hidden(now):
            yield Line(name, None, CHANGED)
        elif was is None or now is None:
            yield Line(name, was and short(was), now and short(now))
        else:
            yield Line(name, *apart(was, now))


def flat(value: Any, name: str = "") -> dict[str, str]:
    """Leaf by leaf, by dotted names; nothing of what is empty."""
    return dict(_flat(value, name, 0))


def _flat(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if value is None or value in ("", [], {}, ()) or depth > DEEPEST:
        return
    last = name.rpartition(".")[2]
    if last in SECRET:
        yield name, HIDDEN + repr(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not (depth == 0 and key in SKIPPED):
                yield from _flat(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(value, list | tuple):
        yield name, ", ".join(_word(one) for one in value)
    else:
        said = _word(value, is_moment=last.endswith(MOMENT))
        yield name, HIDDEN + said if SEALED.fullmatch(said) else said


HIDDEN = "\0"
"""Before a value that is compared and never told."""


def _is_hidden(value: str | None) -> bool:
    return value is not None and value.startswith(HIDDEN)


def _word(value: Any, *, is_moment: bool = False) -> str:
    if isinstance(value, Mapping):  # one of several: what it holds, without the names
        return " ".join(
            _word(one) for name, one in value.items() if one not in (None, "") and name not in SECRET
        )
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_word, value))})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_moment and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="minutes")
    return " ".join(str(value).split())


def apart(was: str, now: str) -> tuple[str, str]:
    """Both, cut to what differs and a little around it."""
    if max(len(was), len(now)) <= LONGEST:
        return was, now
    shorter = min(len(was), len(now))
    first = next((n for n in range(shorter) if was[n] != now[n]), shorter)
    last = next((n for n in range(shorter - first) if was[-1 - n] != now[-1 - n]), shorter - first)
    begins = max(0, first - AROUND)
    ends = max(0, last - AROUND)
    return _cut(was, begins, len(was) - ends), _cut(now, begins, len(now) - ends)


def _cut(text: str, begins: int, ends: int) -> str:
    shown = text[begins:ends]
    return f"{'…' if begins else ''}{short(shown)}{'…' if ends < len(text) else ''}"


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
