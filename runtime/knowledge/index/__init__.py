"""What is found fast: the passages of one base in one SQLite file, rebuilt from the sources at any time."""
