"""Signing in by somebody else's word."""
