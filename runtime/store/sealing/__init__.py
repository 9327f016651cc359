"""What people wrote, encrypted in the store by a key of each of them: see `sealed_db`."""
