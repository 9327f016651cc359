"""Asking a model: which server a name means, what it takes, what it said, why it failed."""
