"""Turns as OpenTelemetry's traces, for who watches agents elsewhere; off unless the owner says where to."""
