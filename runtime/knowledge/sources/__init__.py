"""The sources of a base: kept as they were given, read in a process of their own, brought into the index."""
