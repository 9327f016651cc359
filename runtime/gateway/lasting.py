"""Until when something lasts whose beginning is written down, by a clock that nobody sets.

What is left of it is told by the wall clock once; from then on the loop's clock counts. So a wall clock that
is set meanwhile neither ends nor prolongs it, and one that was set before prolongs it by nothing.
"""

import asyncio


def until(began: float, seconds: float, wall: float) -> float:
    """By the loop's clock, for what began then and lasts so long. `wall`: now; like `began` since 1970."""
    return now() + min(seconds, max(0.0, began + seconds - wall))


def now() -> float:
    """By the loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
