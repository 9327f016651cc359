"""How far every message came, read from the store of a gateway."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

from runtime.errors import StoreFailed
from runtime.simulator.history import QUESTION, State
from runtime.store.database.place import place_of
from runtime.store.messages.states import LOST, TO_DO, UNFINISHED, among

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


FILE = Path("data", "messages.db")


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


def stored(home: Path, text: str) -> bool:
    """Whether a message with these words was taken."""
    return bool(_rows(home, "select 1 from messages where text=?", text))


def in_doubt(home: Path, words: str) -> bool:
    """Whether what holds these words was said, and perhaps did not reach whom it was said to."""
    states = ", ".join(f"'{state}'" for state in (*LOST, *TO_DO, "failed"))
    messages = f"select 1 from messages where instr(reply, ?) and state in ({states})"
    outbox = f"select 1 from outbox where instr(text, ?) and state in ({states})"
    return bool(_rows(home, messages, words) or _rows(home, outbox, words))


def open_decisions(home: Path) -> list[str]:
    """What each of them asks, as long as nobody decided it."""
    rows = _rows(home, "select json_extract(what, '$.zh') from waits where kind='decision' and came is null")
    return [row[0] for row in rows]


def left_over(home: Path) -> Counter[str]:
    """What should be none once everything came to its end, by what it is."""
    asked = {
        "messages": "select count(*) from messages where state in ('accepted', 'answered')",
        "waits": "select count(*) from waits",
        "parts to be sent": "select count(*) from outbox where state in ('ready', 'sending')",
        "reminders": "select count(*) from reminders",
        "runs": "select count(*) from runs where state in ('due', 'running') and start<>'schedule'",
    }
    return Counter({name: _rows(home, sql)[0][0] for name, sql in asked.items()})


IN_HAND = f"""
select m.text from messages m join instances i on i.id=m.owner
where m.state in ({among(UNFINISHED)}) and i.name like ? order by m.seq
"""


def in_hand(home: Path, pid: int) -> list[str]:
    """Marks of the messages that the gateway with this process has to bring to their end, oldest first; none
    when the database does not say."""
    try:
        rows = _rows(home, IN_HAND, f"%/{pid}/%")
    except StoreFailed:
        return []
    return [marked[1] for (text,) in rows if (marked := QUESTION.search(text))]


def is_sound(home: Path) -> bool:
    """SQLite's own check, where it holds the messages."""
    return not (home / FILE).exists() or [tuple(row) for row in _rows(home, "pragma integrity_check")] == [
        ("ok",)
    ]


def last_words(home: Path) -> str:
    """The last line of the log, which says why a program ended."""
    if not (home / "gateway.log").exists():
        return "no log"
    lines = (home / "gateway.log").read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:[ +|].*\n|\n)*(.*)")
"""And what it ends with."""


def tracebacks(home: Path) -> list[str]:
    """What the bugs of ours were that the log tells of."""
    log = home / "gateway.log"
    return TRACEBACK.findall(log.read_text("utf-8", errors="replace")) if log.exists() else []


def _count(home: Path, wanted: str) -> int:
    [(count,)] = _rows(home, f"select count(*) from messages where state in ({wanted})")
    return int(count)


def _rows(home: Path, sql: str, *asked: str) -> list[Any]:
    """Also while the gateway runs. Raises StoreFailed."""
    with place_of(home / FILE).reading() as db:
        return db.execute(sql, asked).fetchall()
