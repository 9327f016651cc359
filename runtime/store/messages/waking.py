"""An instance is told of a message that another stored for it.

Whoever listens does so on the channel `schema_number`. What is told arrives once the transaction is
committed; it may be lost with a connection, so each instance also looks for what it does not know of yet.
"""

from runtime.store.database import Db, instance_of

TELL = "select pg_notify(current_schema() || '_' || ?::text, ?)"
"""Only asked where the store is shared."""
TELL_OTHERS = """
select pg_notify(current_schema() || '_' || id::text, ?) from instances where id<>?
"""
LOOK, DUE = "", "due"
"""What all may be told: something is nobody's by now; something is due before its time was known."""


def channel(schema: str, instance: int) -> str:
    return f"{schema}_{instance}"


def wake(db: Db, instance: int, seq: int) -> None:
    """0 is nobody: whoever looks first takes what nobody has."""
    if instance:
        db.execute(TELL, (str(instance), str(seq)))
    else:
        wake_others(db, LOOK)


def wake_others(db: Db, what: str) -> None:
    own = instance_of(db)
    if own is not None:
        db.execute(TELL_OTHERS, (what, own)).fetchall()
