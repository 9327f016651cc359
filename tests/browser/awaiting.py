"""What no page shows, waited for."""

import time


def until(what, wanted, seconds=15):
    """Until `what()` gives that."""
    end = time.monotonic() + seconds
    while (found := what()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.05)
