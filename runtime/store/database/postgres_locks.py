"""The locks of a schema, held until a transaction ends: what each is called stands here alone."""

from typing import Literal

from runtime.store.database import Db
from runtime.store.database.postgres_url import Url

TAKEN = "pg_advisory_xact_lock(hashtext(?))"
"""In a `select`, with a name."""

For = Literal["write", "open"]
"""Whoever writes to what is kept there, as SQLite's writers take the file; whoever makes tables or changes
them."""


def lock_name(url: Url, what: For) -> str:
    return f"hongyan {what} {url.schema}"


def lock(db: Db, url: Url, what: For) -> None:
    """Waits for who has it."""
    db.execute(f"select {TAKEN}", (lock_name(url, what),))
