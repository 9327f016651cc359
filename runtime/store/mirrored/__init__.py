"""A home whose files are in PostgreSQL, for several instances."""
