"""How far every message came, read from the store of a gateway."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from runtime.simulator.history import QUESTION, State

MEANING: dict[str, State] = {
    "accepted": "pending",
    "answered": "pending",
    "delivered": "done",
    "silent": "done",
    "fetch": "done",
    "kept": "kept",
    "held": "kept",
    "unknown": "uncertain",
    "unreachable": "failed",
    "abandoned": "failed",
    "aside": "failed",
    "shed": "shed",
}


def states(home: Path) -> dict[str, State]:
    """By the mark of the message. Raises LookupError for a state that we do not know."""
    found: dict[str, State] = {}
    for text, state, failure in _rows(home, "select text, state, failure from messages"):
        if marked := QUESTION.search(text):
            meaning = MEANING[state]
            found[marked[1]] = "failed" if failure and meaning == "done" else meaning
    return found


def failures(home: Path) -> Counter[str]:
    """By reason, how many messages were answered with an honest failure; `aside` for those put aside."""
    sql = "select failure, count(*) from messages where failure<>'' group by failure"
    return Counter(dict(_rows(home, sql)))


def unfinished(home: Path) -> int:
    """Messages on their way."""
    return _count(home, "'accepted', 'answered'")


def kept(home: Path) -> int:
    """Answers that wait for the person, or for the account to be allowed to push again."""
    return _count(home, "'kept', 'held'")


def repeats(home: Path) -> int:
    """Deliveries of messages that had been delivered before."""
    [(count,)] = _rows(home, "select count(*) from moments where what='repeat'")
    return int(count)


def is_sound(home: Path) -> bool:
    """SQLite's own check."""
    return _rows(home, "pragma integrity_check") == [("ok",)]


def last_words(home: Path) -> str:
    """The last line of the log, which says why a program ended."""
    lines = (home / "gateway.log").read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


TRACEBACK = re.compile(rb"Traceback \(most recent call last\)")


def tracebacks(home: Path) -> int:
    """Bugs of ours that the log tells of."""
    log = home / "gateway.log"
    return len(TRACEBACK.findall(log.read_bytes())) if log.exists() else 0


def _count(home: Path, wanted: str) -> int:
    [(count,)] = _rows(home, f"select count(*) from messages where state in ({wanted})")
    return int(count)


def _rows(home: Path, sql: str) -> list[Any]:
    """Also while the gateway runs."""
    with closing(sqlite3.connect(f"file:{home}/data/messages.db", uri=True, timeout=5)) as db:
        return db.execute(sql).fetchall()
