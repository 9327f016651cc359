"""Check a connection up, step by step: each step one sentence and one thing to do, the first fault named."""
