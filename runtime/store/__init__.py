"""What is kept: small records in TinyDB files, messages and turns in SQLite."""
