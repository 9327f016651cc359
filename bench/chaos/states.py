"""How far every message came, read from the store of a gateway that does not run."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from runtime.simulator.history import QUESTION, State

MEANING: dict[str, State] = {
    "accepted": "pending",
    "answered": "pending",
    "delivered": "done",
    "silent": "done",
    "fetch": "done",
    "kept": "kept",
    "unknown": "uncertain",
    "unreachable": "failed",
    "abandoned": "failed",
    "aside": "failed",
    "shed": "shed",
}


def states(home: Path) -> dict[str, State]:
    """By the mark of the message. Raises LookupError for a state that we do not know."""
    with closing(sqlite3.connect(home / "data" / "messages.db")) as db:
        rows = db.execute("select text, state, failure from messages").fetchall()
    found: dict[str, State] = {}
    for text, state, failure in rows:
        if marked := QUESTION.search(text):
            meaning = MEANING[state]
            found[marked[1]] = "failed" if failure and meaning == "done" else meaning
    return found


def unfinished(home: Path) -> int:
    """Messages on their way. Also while it runs."""
    with closing(sqlite3.connect(f"file:{home}/data/messages.db?mode=ro", uri=True, timeout=5)) as db:
        sql = "select count(*) from messages where state in ('accepted', 'answered')"
        return int(db.execute(sql).fetchone()[0])


def is_sound(home: Path) -> bool:
    """SQLite's own check."""
    with closing(sqlite3.connect(home / "data" / "messages.db")) as db:
        return bool(db.execute("pragma integrity_check").fetchone()[0] == "ok")


TRACEBACK = re.compile(rb"Traceback \(most recent call last\)")


def tracebacks(home: Path) -> int:
    """Bugs of ours that the log tells of."""
    log = home / "gateway.log"
    return len(TRACEBACK.findall(log.read_bytes())) if log.exists() else 0
