"""Backups: encrypted, in a folder or a bucket, by a plan, and each checked by restoring it."""
