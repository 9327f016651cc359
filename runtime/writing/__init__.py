"""Documents that tools write. What stands in them is data: nothing of it is run, fetched or followed."""

from dataclasses import dataclass, field

LONGEST = 40_000
"""Characters of one text."""
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000


@dataclass(frozen=True)
class Written:
    """`lost`: characters that the format has no letters for."""

    content: bytes = field(repr=False)
    lost: str = ""
