"""Edits of an agent as data: each is one pure, validated operation, the same as the flow editor has."""
