"""A store with a row of everything, and a move of it that dies where it is told to."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from runtime.store.database.contents import OWNER, contents
from runtime.store.database.place import movable_at
from runtime.store.messages import states
from runtime.store.messages.tables import TABLES
from runtime.store.moving import move
from runtime.store.opening import open_store

STATES = {
    "messages": states.MESSAGE_STEPS,
    "parts": states.PART_STEPS,
    "handed": states.HANDED_STEPS,
    "outbox": states.SAID_STEPS,
    "tickets": states.TICKET_STEPS,
    "runs": states.RUN_STEPS,
}
ODD = ["", "茶 😀", "a\"b'c\\d\n\t", "NULL", "\x01é", "Z", "z", "ä"]
"""Texts that a copy may spoil, or put in another order."""
POINTS = ("moved_some:1", "moved_some:4", "moved_some:9", "moved_all", "moved_there")


class NoFiles:
    def check(self):
        """Of nothing."""

    def take(self):
        return 0


def fill(path, count=8):
    """`count` rows of each table, made of odd values; numbers of messages go on behind one that is gone."""
    with closing(open_store(path, TABLES)) as db:
        for table in contents(TABLES):
            db.executemany(table.insert, [[*values(table, n)] for n in range(1, count + 1)])
        db.execute("update sqlite_sequence set seq=seq+100 where name='messages'")
        db.commit()


def values(table, n):
    for column, kind in zip(table.columns, table.kinds, strict=True):
        if column == "state" and table.name in STATES:
            yield next(iter(STATES[table.name]))
        elif column == OWNER:
            yield 7
        elif (table.name, column) == ("restored", "number"):
            yield 1000 + n
        elif kind == "text":
            yield f"{ODD[n % len(ODD)]}{n if column != 'text' else ''}"
        elif kind == "integer":
            yield n if n < 8 or column in (*table.key, "seq", "person", "run", "ticket") else 2**63 - 1
        else:
            yield bytes([0, 255, n]) if kind == "blob" else n / 3


def kill_everywhere(path, to):
    """Begun again after each death. What is printed: how each of them ended, and the last one."""
    for point in (*POINTS, ""):
        if not (child := os.fork()):
            os.environ["HONGYAN_CRASH_AT"] = point
            moved = move(movable_at("", path), movable_at(to, path), NoFiles(), 1.0, lambda *_: None)
            say(moved.rows)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(os.waitstatus_to_exitcode(status))


def say(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def rows_in(path):
    with closing(sqlite3.connect(path)) as db:
        sql = 'select {} from "{}" order by {}'
        return {
            table.name: db.execute(
                sql.format(
                    ", ".join(f'"{one}"' for one in table.columns if one != OWNER),
                    table.name,
                    ", ".join(f'"{one}"' for one in table.key),
                )
            ).fetchall()
            for table in contents(TABLES)
        }


if __name__ == "__main__":
    kill_everywhere(Path(sys.argv[1]), sys.argv[2])
