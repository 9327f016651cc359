"""Messages, turns and deliveries in SQLite."""
