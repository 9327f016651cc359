"""Describe it and it is built: an agent of ours proposes changes of another one, and its owner decides."""
