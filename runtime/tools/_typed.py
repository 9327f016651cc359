"""Reading what a platform answered: each value of the kind that is wanted, or nothing; never an error."""

import math
from collections.abc import Mapping
from typing import Any

from runtime.network.reach import host_of


def within(data: Any, *path: str) -> Any:
    """What stands there; None where the path ends early."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def text(value: Any, most: int = 300) -> str:
    """One line of it; "" for what is neither text nor a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    line = " ".join(str(value).split())
    return line if len(line) <= most else line[:most] + "…"


def number(value: Any) -> float | None:
    """Also of a number that was written as text."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def rows(value: Any, most: int) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    found = value if isinstance(value, list) else []
    return [one for one in found[:1000] if isinstance(one, Mapping)][:most]


def address(value: Any) -> str:
    """A web address; "" for anything else."""
    url = value.strip() if isinstance(value, str) else ""
    if not url.startswith(("http://", "https://")) or len(url) > 2000 or any(c.isspace() for c in url):
        return ""
    return url if host_of(url) else ""
