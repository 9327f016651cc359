"""Texts that agents answer from: cut into passages, and searched."""
