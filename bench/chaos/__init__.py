"""Break it on purpose, then hold what happened against the invariants: `python -m bench.chaos`."""
