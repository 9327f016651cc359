"""A browser for tools, in processes of its own: an optional extra, off where it is not installed."""
