"""What tests of PostgreSQL ask beside a store, and a write that is right only if nobody comes between."""

from contextlib import closing

from runtime.store.database.postgres import alone
from runtime.store.database.postgres_opening import connected

COUNTED = "insert into facts(name, value, at) values('n', '1', 0)"


def ask(url, *statements):
    """As the administrator, beside all others; the rows of the last statement."""

    def work():
        with closing(connected(url)) as session:
            return [session.execute(sql).fetchall() for sql in statements][-1]

    return alone(work)


def add_one(db):
    """Right only if nobody comes between the look and the write."""
    row = db.execute("select value from facts where name='n'").fetchone()
    if row is None:
        db.execute(COUNTED)
    else:
        db.execute("update facts set value=? where name='n'", (str(int(row["value"]) + 1),))


def counted(url):
    return int(ask(url, "select value from facts where name='n'")[0][0])
