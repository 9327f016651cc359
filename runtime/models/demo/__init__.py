"""The demo model: plain rules, offline and free."""
