"""What came to a home since a backup of it was made, and is not there once that is put back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.store.backup import whole_file
from runtime.store.messages.beside import is_there, reading
from runtime.store.roll import Takes

NAMES = ("seq", "publication", "sender", "kind", "text", "reply", "state", "accepted_at")
PAGE = f"select {', '.join(NAMES)} from messages where seq>? and accepted_at>? order by seq limit 500"


@dataclass(frozen=True)
class Since:
    """`answered`: of those messages; `people`: who wrote them; `newest`: when the last one came, in seconds
    since 1970, None for none."""

    messages: int = 0
    answered: int = 0
    people: int = 0
    newest: float | None = None


def since(path: Path, at: float, to: Path | None = None) -> Since:
    """`path`: of the messages as they are now; `to`: gets each message and its answer, a JSON object a line,
    and is there whole or not at all. Raises StoreFailed, NotSaved."""
    if to is None:
        return _counted(path, at, None)
    with whole_file(to) as out:
        return _counted(path, at, out)


def _counted(path: Path, at: float, out: Takes | None) -> Since:
    count, answered, people, newest = 0, 0, set[tuple[str, str]](), None
    for row in _rows(path, at):
        count, answered, newest = count + 1, answered + (row["reply"] is not None), row["accepted_at"]
        people.add((row["publication"], row["sender"]))
        if out:
            out.write(f"{json.dumps(row, ensure_ascii=False)}\n".encode())
    return Since(count, answered, len(people), newest)


def _rows(path: Path, at: float) -> Iterator[dict[str, Any]]:
    """A page at a time, so that nobody waits for this."""
    last = 0
    while is_there(path):
        with reading(path) as db:
            rows = [{name: row[name] for name in NAMES} for row in db.execute(PAGE, (last, at)).fetchall()]
        yield from rows
        if not rows:
            return
        last = rows[-1]["seq"]
