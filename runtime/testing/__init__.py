"""Conversations that an agent has to pass: a suite beside its file, run by the engine."""
