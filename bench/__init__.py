"""Measure what we promise (`python -m bench`), and break it on purpose (`python -m bench.chaos`)."""
