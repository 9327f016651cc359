"""Typed values that are found in what somebody wrote: by a model, or by patterns."""
