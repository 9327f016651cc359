"""The passages of one base: written by whoever reads its sources, read by whoever searches."""

import dataclasses
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import NotFound
from runtime.knowledge.index.rows import (
    KEPT,
    Kept,
    Source,
    clean,
    cleaned,
    digest_of,
    kept_of,
    listed,
    passage_of,
    tags_of,
    termed,
)
from runtime.knowledge.index.tables import in_memory, open_file
from runtime.knowledge.passage import Passage
from runtime.lang import Text
from runtime.store.opening import failed

NO_PASSAGE = Text(
    "没有编号 {id} 的段落，它可能刚被更新。", "There is no passage {id}; it may just have changed."
)


Corrected = tuple[str | None, bool]
"""Of a passage: what somebody wrote instead, and whether it is off."""


class Index:
    """One file, or memory. Thread-safe; several processes may have the file open.

    Every method may raise StoreFailed. A reader never waits for a writer.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Made when it is not there. None: in memory. Raises StoreFailed, NotSaved."""
        self.path = path
        self._db = open_file(path) if path else in_memory()
        self._lock = threading.RLock()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def replace(
        self,
        source: str,
        digest: str,
        tags: Sequence[str],
        passages: Sequence[Passage],
        title: str = "",
        corrected: Mapping[str, Corrected] | None = None,
    ) -> None:
        """Put these in place of what was read from the source before, in one transaction.

        A passage that somebody edited or switched off stays so while its source says the same there.
        `corrected`: those that are known of; None: those that are here.
        """
        with self.writing() as db:
            if corrected is None:
                corrected = _corrections(db, source)
            _take_out(db, source)
            db.execute(
                "insert into source(name,title,digest) values(?,?,?)",
                (clean(source), clean(title or source), digest),
            )
            [id] = db.execute("select last_insert_rowid()").fetchone()
            db.executemany("insert or ignore into tag values(?,?)", [(id, clean(tag)) for tag in tags if tag])
            for place, given in enumerate(passages):
                passage = cleaned(given)
                was = digest_of(passage.text)
                text, off = corrected.get(was, (None, False))
                if text is None:
                    _put(db, id, place, passage, "", off)
                else:
                    _put(db, id, place, dataclasses.replace(passage, text=text), was, off)

    def remove(self, *sources: str) -> None:
        """Forget sources to the last byte, as far as this file goes; those that are there."""
        with self.writing() as db:
            for source in sources:
                _take_out(db, source)
        self.scrub()

    def scrub(self) -> None:
        """Overwrite what is deleted, also what the full text keeps until it merges, and the log beside."""
        with self._lock, self._failing():
            self._db.execute("insert into term(term) values('optimize')")
            self._db.execute("vacuum")
            self._db.execute("pragma wal_checkpoint(truncate)").fetchone()

    def retag(self, source: str, tags: Sequence[str], title: str = "") -> None:
        """Other tags or another title; nothing is read again."""
        with self.writing() as db:
            row = db.execute("select id from source where name=?", (source,)).fetchone()
            if row is None:
                return
            db.execute("delete from tag where source=?", (row["id"],))
            db.executemany(
                "insert or ignore into tag values(?,?)", [(row["id"], clean(tag)) for tag in tags if tag]
            )
            if title:
                db.execute("update source set title=? where id=?", (clean(title), row["id"]))

    def switch(self, id: int, *, on: bool) -> None:
        """Whether a passage is found. Raises NotFound."""
        with self.writing() as db:
            if not db.execute("update passage set off=? where id=?", (not on, id)).rowcount:
                raise NotFound(NO_PASSAGE.fill(id=id))

    def edit(self, id: int, text: str) -> None:
        """Another text for a passage, until its source says something else there. Raises NotFound."""
        with self.writing() as db:
            row = db.execute("select * from passage where id=?", (id,)).fetchone()
            if row is None:
                raise NotFound(NO_PASSAGE.fill(id=id))
            before, was = passage_of(row), row["was"] or digest_of(row["text"])
            text = clean(text)
            _unterm(db, id, before)
            db.execute("delete from vector where passage=?", (id,))
            back = digest_of(text) == was
            db.execute("update passage set text=?, was=? where id=?", (text, "" if back else was, id))
            after = dataclasses.replace(before, text=text)
            db.execute("insert into term(rowid,terms) values(?,?)", (id, termed(after)))

    def corrections(self, source: str) -> Mapping[str, Corrected]:
        """By the digest of what the source says, what somebody corrected there."""
        with self.reading() as db:
            return _corrections(db, source)

    def sources(self) -> list[Source]:
        """In the order in which they were read."""
        sql = """select s.*, coalesce(sum(not p.off),0) as live, coalesce(sum(p.off),0) as off,
                 count(v.id) as vectors from source s left join passage p on p.source=s.id
                 left join vector v on v.passage=p.id and not p.off group by s.id order by s.id"""
        with self.reading() as db:
            tags = tags_of(db)
            return [
                Source(row["name"], row["title"], row["digest"], tuple(tags.get(row["id"], ())),
                       row["live"], row["off"], row["vectors"])
                for row in db.execute(sql)
            ]  # fmt: skip

    def digests(self) -> dict[str, str]:
        """What each source was when it was read."""
        with self.reading() as db:
            return dict(db.execute("select name, digest from source").fetchall())

    def passages(self, source: str, start: int = 0, count: int = 100) -> list[Kept]:
        """Those of one source, in its order, also what is off."""
        where = "s.name=? and p.place>=? order by p.place limit ?"
        with self.reading() as db:
            return [kept_of(row) for row in db.execute(KEPT + where, (source, start, count))]

    def passage(self, id: int) -> Kept:
        """Raises NotFound."""
        with self.reading() as db:
            row = db.execute(KEPT + "p.id=?", (id,)).fetchone()
        if row is None:
            raise NotFound(NO_PASSAGE.fill(id=id))
        return kept_of(row)

    def several(self, ids: Sequence[int]) -> list[Kept]:
        """Those that are there, in no order."""
        with self.reading() as db:
            return [kept_of(row) for row in db.execute(f"{KEPT} p.id in ({listed(ids)})")]

    def around(self, id: int, many: int) -> list[Kept]:
        """A passage with as many before and after it in its source."""
        where = """p.source=(select source from passage where id=?1) and
                   abs(p.place - (select place from passage where id=?1)) <= ?2 order by p.place"""
        with self.reading() as db:
            return [kept_of(row) for row in db.execute(KEPT + where, (id, many))]

    def chosen(self, names: Sequence[str], tags: Sequence[str]) -> list[int] | None:
        """Numbers of the sources of these names that have any of these tags; None: all of them."""
        if not names and not tags:
            return None
        with self.reading() as db:
            rows = db.execute("select id, name, title from source").fetchall()
            has = tags_of(db)
        return [
            row["id"]
            for row in rows
            if (not names or row["name"] in names or row["title"] in names)
            and (not tags or not set(tags).isdisjoint(has.get(row["id"], ())))
        ]

    def count(self) -> int:
        """Passages that can be found."""
        with self.reading() as db:
            return int(db.execute("select count(*) from passage where not off").fetchone()[0])

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._lock, self._failing():
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._failing():
            yield self._db

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as e:
            raise failed(self.path or Path(":memory:"), e) from e


def _put(db: sqlite3.Connection, source: int, place: int, passage: Passage, was: str, off: bool) -> None:
    db.execute(
        "insert into passage(source,place,text,headings,page,answer,was,off) values(?,?,?,?,?,?,?,?)",
        (source, place, passage.text, json.dumps(passage.headings, ensure_ascii=False), passage.page,
         passage.answer, was, off),
    )  # fmt: skip
    db.execute("insert into term(rowid,terms) values(last_insert_rowid(),?)", (termed(passage),))


def _take_out(db: sqlite3.Connection, source: str) -> None:
    found = db.execute("select id from source where name=?", (source,)).fetchone()
    if found is None:
        return
    for row in db.execute("select * from passage where source=?", (found["id"],)):
        _unterm(db, row["id"], passage_of(row))
    db.execute("delete from vector where passage in (select id from passage where source=?)", (found["id"],))
    for table, column in (("passage", "source"), ("tag", "source"), ("source", "id")):
        db.execute(f"delete from {table} where {column}=?", (found["id"],))


def _unterm(db: sqlite3.Connection, id: int, passage: Passage) -> None:
    db.execute("insert into term(term,rowid,terms) values('delete',?,?)", (id, termed(passage)))


def _corrections(db: sqlite3.Connection, source: str) -> dict[str, Corrected]:
    """By the digest of what the source said."""
    sql = """select p.text, p.was, p.off from passage p join source s on s.id=p.source
             where s.name=? and (p.off or p.was<>'')"""
    found: dict[str, Corrected] = {}
    for text, was, off in db.execute(sql, (source,)):
        found[was or digest_of(text)] = (text if was else None, bool(off))
    return found
