"""Rows of chosen publications alone, as a condition of any list."""

import json
from collections.abc import Collection

WITHIN = "(?=1 or publication in (select value from json_each(?)))"


def within_of(publications: Collection[str] | None) -> tuple[int, str]:
    """What WITHIN is asked with. None: of all."""
    return int(publications is None), json.dumps(sorted(publications or ()))
