"""What an agent sees, hears, reads and says by models other than its own."""
