"""Prompts, and the sandbox that templates run in."""
