"""Pieces of what a platform told, of which what is missing, or of another type, counts as nothing."""

import math
from collections.abc import Mapping
from typing import Any


def text_in(told: object, name: str) -> str:
    found = told.get(name) if isinstance(told, Mapping) else None
    return found if isinstance(found, str) else ""


def inner_in(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def list_in(told: Mapping[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    found = told.get(name)
    return [one for one in found[:most] if isinstance(one, dict)] if isinstance(found, list) else []


def seconds(value: object) -> float:
    """How long a token lives; missing or senseless counts as a minute."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
        return float(value)
    return 60.0
