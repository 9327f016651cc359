"""An instance is told of a message that another stored for it.

Whoever listens does so on the channel `schema_number`. What is told arrives once the transaction is
committed; it may be lost with a connection, so each instance also looks for what it does not know of yet.
"""

from runtime.store.database import Db

TELL = "select pg_notify(current_schema() || '_' || ?::text, ?)"
"""Only asked where the store is shared."""


def channel(schema: str, instance: int) -> str:
    return f"{schema}_{instance}"


def wake(db: Db, instance: int, seq: int) -> None:
    """0 is nobody: whoever looks first takes what nobody has."""
    if instance:
        db.execute(TELL, (str(instance), str(seq)))
