"""Of whom something was made that lies outside of the store: by that it goes when they are forgotten."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from runtime.schema import Strict

MOST = 20
"""People of whom one thing was made."""
WRITTEN = b'"made_of":'
"""Stands in each file that holds such a thing."""


class MadeOf(Strict):
    """`who`: a mark that only this installation makes of them, see consents.mark_of; `at`: when they said the
    first of it, in seconds since 1970."""

    who: str = Field(pattern=r"^[0-9a-f]{32}$")
    at: float = Field(ge=0, allow_inf_nan=False)


Whose = Annotated[list[MadeOf], Field(max_length=MOST)]


def is_of_forgotten(thing: Any, erased: Mapping[str, float]) -> bool:
    """`thing`: JSON from a disk. `erased`: when each was forgotten, by their marks; what somebody said later,
    once they came back, stays."""
    made_of = thing.get("made_of") if isinstance(thing, dict) else None
    for one in made_of if isinstance(made_of, list) else ():
        who, at = (one.get("who"), one.get("at")) if isinstance(one, dict) else (None, None)
        if isinstance(who, str) and isinstance(at, int | float) and erased.get(who, -1.0) >= at:
            return True
    return False
