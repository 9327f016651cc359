"""The audit log looked through, checked link by link, and told in other forms. Changes nothing."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from runtime.access.audit.log import cut_words
from runtime.access.audit.record import Record, hash_of, read
from runtime.lang import Text
from runtime.store.database import Db, Row
from runtime.store.messages import audit_rows as rows
from runtime.store.messages.beside import look

Form = Literal["csv", "jsonl", "lines"]
FORMS: Sequence[Form] = ("csv", "jsonl", "lines")
COLUMNS = (
    "number",
    "at",
    "who",
    "origin",
    "what",
    "kind",
    "of",
    "status",
    "before",
    "after",
    "previous",
    "hash",
)
BATCH, MOST_LOOKED = 500, 20_000
"""Records that are read at a time, and looked at for one page of a search."""
FORMULA = ("=", "+", "-", "@", "\t")
"""What a spreadsheet would take for one."""

BROKEN = Text(
    "审计日志从第 {number} 条起对不上（{why}）：之前的 {count} 条是完好的。"
    "请保留现在的数据，并与较早的备份或导出对照。",
    "The audit log is broken from record {number} on ({why}); the {count} before it are whole. "
    "Keep the data as it is, and compare with an earlier backup or export.",
)


@dataclass(frozen=True)
class Wanted:
    """Of which records: by whom, whose `what` begins so, in which time, with which words in them."""

    who: str = ""
    what: str | tuple[str, ...] = ""
    """Of several: any of them."""
    status: str = ""
    text: str = ""
    since: float = 0.0
    until: float = 1e11
    below: int = 2**62
    """Only those with a smaller number: where the last page ended."""

    def fits(self, record: Record) -> bool:
        said = json.dumps(record.to_json(), ensure_ascii=False).lower()
        return (
            (not self.who or record.who == self.who)
            and record.what.startswith(self.what)
            and (not self.status or record.status == self.status)
            and all(word in said for word in self.text.lower().split())
        )


@dataclass(frozen=True)
class Found:
    records: Sequence[Record]
    next: int = 0
    """Ask below that number for more; 0: there are none."""


@dataclass(frozen=True)
class Checked:
    """`broken`: the number of the first record that is not as it was written; 0: all are. `why` in a word:
    "record" (changed), "missing" (one before it is gone), "cut" (cut off by somebody else), "end" (the newest
    are gone). `cut`: up to where older ones were let go."""

    records: int
    first: int
    last: int
    hash: str
    cut: int = 0
    broken: int = 0
    why: str = ""

    @property
    def trouble(self) -> Text | None:
        """What whoever looks after it is told; None where all of it is whole."""
        if not self.broken:
            return None
        return BROKEN.fill(number=self.broken, why=self.why, count=self.records)


@dataclass(frozen=True)
class Names:
    """By whom records are, and of what (`area.action`), the most frequent first."""

    who: Sequence[str] = ()
    what: Sequence[str] = ()


def names(path: Path) -> Names:
    """Raises StoreFailed."""
    return look(path, lambda db: Names(rows.counted(db, "who"), rows.counted(db, "what")), Names())


def found(path: Path, wanted: Wanted, most: int) -> Found:
    """The newest first. Raises StoreFailed."""
    return look(path, lambda db: _found(db, wanted, most), Found(()))


def all_of(path: Path, wanted: Wanted) -> Iterator[Record]:
    """Like found, all of them. Raises StoreFailed."""
    below = wanted.below
    while below:
        page = found(path, Wanted(**{**vars(wanted), "below": below}), BATCH)
        yield from page.records
        below = page.next


def _found(db: Db, wanted: Wanted, most: int) -> Found:
    records: list[Record] = []
    below, looked = wanted.below, 0
    while looked < MOST_LOOKED:
        page = rows.newest(db, below, wanted.since, wanted.until, BATCH)
        for row in page:
            looked, below = looked + 1, int(row["number"])
            record = _record(row)
            if record is not None and wanted.fits(record):
                records.append(record)
            if len(records) == most:
                return Found(records, below)
        if len(page) < BATCH:
            return Found(records)
    return Found(records, below)


def _record(row: Row) -> Record | None:
    """None for what is none any more: `checked` tells of it."""
    try:
        return read(row["record"], row["hash"])
    except (ValueError, TypeError, KeyError):
        return None


def checked(path: Path, is_mark: Callable[[str, str], bool]) -> Checked:
    """Walk the chain. `is_mark`: see Control.is_mark. Raises StoreFailed."""
    return look(path, lambda db: _checked(db, is_mark), Checked(0, 0, 0, ""))


def _checked(db: Db, is_mark: Callable[[str, str], bool]) -> Checked:
    # the end first: what is added meanwhile comes after it
    last, end = rows.head(db)
    cut = rows.last_cut(db)
    number, hash = (int(cut["number"]), str(cut["hash"])) if cut else (0, "")
    at, first, count = number, 0, 0

    def so_far(broken: int = 0, why: str = "") -> Checked:
        return Checked(count, first, number, hash, at, broken, why)

    if cut and not is_mark(cut_words(number, hash), str(cut["mark"])):
        return so_far(number + 1, "cut")
    for row in rows.chain(db):
        first = first or int(row["number"])
        if int(row["number"]) != number + 1:
            return so_far(number + 1, "missing")
        record = _record(row)
        if record is None or not _is_whole(row, record):
            return so_far(number + 1, "record")
        if record.previous != hash:
            return so_far(number + 1, "missing")
        number, hash, count = number + 1, record.hash, count + 1
        if number == last and hash != end:
            return so_far(number, "end")
    return so_far(number + 1, "end") if number < last else so_far()


def _is_whole(row: Row, record: Record) -> bool:
    """Whether its text is canonical and its own, and its columns say the same."""
    columns = [int(row["number"]), str(row["who"]), str(row["what"]), str(row["status"])]
    return (
        hash_of(row["record"]) == row["hash"]
        and record.text == row["record"]
        and columns == [record.number, record.who, record.what, record.status]
    )


def told(records: Iterable[Record], form: Form) -> Iterator[str]:
    """Lines of a file, each with its end."""
    if form == "csv":
        yield _csv(COLUMNS)
    for one in records:
        if form == "jsonl":
            yield f"{json.dumps(one.to_json(), ensure_ascii=False)}\n"
        elif form == "csv":
            yield _csv([_cell(getattr(one, name)) for name in COLUMNS])
        else:
            yield f"{line(one)}\n"


def line(record: Record) -> str:
    """User | Action | Status | Time"""
    of = " ".join(part for part in (record.kind, record.of) if part)
    what = f"{record.what} {of}".strip().replace("|", "/")
    return f"{record.who.replace('|', '/')} | {what} | {record.status} | {record.at}"


def _cell(value: object) -> str:
    said = "; ".join(value) if isinstance(value, tuple) else str(value)
    return f"'{said}" if said.startswith(FORMULA) else said


def _csv(cells: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(cells)
    return file.getvalue()


def day(text: str) -> float:
    """The beginning of YYYY-MM-DD in UTC. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
