"""Who may come in, and how much: the owner, API keys, passwords, limits."""
