"""The door: sign-in, guard, origins, and the small pages at it."""
