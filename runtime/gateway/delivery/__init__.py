"""Bring answers to people: the ladder, pushes, tokens, what an account may do."""
