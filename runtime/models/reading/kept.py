"""Of a message, what its provider wants back word for word: lists of parts that may come in pieces."""

from collections.abc import Mapping
from typing import Any

MOST_PARTS = 200
JOINED = ("text", "thinking", "summary", "data", "reasoning")
"""Texts of a part, which grow piece by piece; what else a part has is taken as it comes."""


def join_kept(kept: dict[str, Any], piece: Mapping[str, Any]) -> None:
    """Add what the next piece of the message has of it."""
    for name, value in piece.items():
        held = kept.get(name)
        if isinstance(held, list) and isinstance(value, list):
            for part in value:
                _join_part(held, part)
        elif isinstance(held, dict) and isinstance(value, Mapping):
            kept[name] = {**held, **value}
        else:
            kept[name] = (
                [dict(one) if isinstance(one, dict) else one for one in value]
                if isinstance(value, list)
                else value
            )


def _join_part(parts: list[Any], part: Any) -> None:
    last = parts[-1] if parts else None
    same = (
        isinstance(last, dict)
        and isinstance(part, dict)
        and all(last.get(name) == part.get(name) for name in ("type", "index"))
        and not (last.get("signature") and part.get("thinking"))
    )
    if same and isinstance(last, dict):
        for name, value in part.items():
            if name in JOINED and isinstance(value, str) and isinstance(last.get(name), str):
                last[name] += value
            elif value not in (None, ""):
                last[name] = value
    elif len(parts) < MOST_PARTS:
        parts.append(part)
