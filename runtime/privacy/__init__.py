"""What is kept, where, for how long, and who gets to see it: one list for pages, documents and tests."""
