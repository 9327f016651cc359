"""What no page shows, waited for."""

import time


def until(what, wanted, seconds=15, every=0.05):
    """Until `what()` gives that, which is asked so often (in seconds)."""
    end = time.monotonic() + seconds
    while (found := what()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(every)
