"""What passages mean, as numbers: kept beside them, each base by one model."""

import sqlite3
from collections.abc import Mapping

from runtime.knowledge.index.index import Index
from runtime.knowledge.index.rows import passage_of
from runtime.knowledge.passage import Passage

OFFLINE = "offline"
"""The encoder that comes with the program, in the search's own process."""
NONE = "none"
"""No vectors: this base is searched by words alone."""
EMBEDDING, RERANK = "embedding", "rerank"


def embedding(index: Index) -> str:
    """Whose numbers a base has: OFFLINE, NONE or `provider/model`."""
    with index.reading() as db:
        return _about(db, EMBEDDING) or OFFLINE


def rerank(index: Index) -> str:
    """The model that puts in order what is found; "": none."""
    with index.reading() as db:
        return _about(db, RERANK)


def use(index: Index, name: str, rerank: str = "") -> None:
    """From now on by these models. Numbers of another mean nothing any longer, and are forgotten."""
    with index.reading() as db:
        if (_about(db, EMBEDDING), _about(db, RERANK)) == (name, rerank):
            return
    with index.writing() as db:
        if (_about(db, EMBEDDING) or OFFLINE) != name:
            db.execute("delete from vector")
        db.executemany("insert or replace into about values(?,?)", [(EMBEDDING, name), (RERANK, rerank)])


def missing(index: Index, most: int) -> list[tuple[int, str]]:
    """Passages that have no vector yet, in their order: number and text."""
    sql = """select p.* from passage p left join vector v on v.passage=p.id
             where v.id is null and not p.off order by p.id limit ?"""
    with index.reading() as db:
        return [(row["id"], meant(passage_of(row))) for row in db.execute(sql, (most,))]


def lacking(index: Index) -> int:
    """How many have none yet."""
    sql = (
        "select count(*) from passage p left join vector v on v.passage=p.id where v.id is null and not p.off"
    )
    with index.reading() as db:
        return int(db.execute(sql).fetchone()[0])


def keep(index: Index, name: str, numbers: Mapping[int, tuple[str, bytes]]) -> None:
    """Vectors by passage, each with the text it was made of: one that was edited meanwhile gets none."""
    with index.writing() as db:
        if (_about(db, EMBEDDING) or OFFLINE) != name:
            return
        for id, (text, vector) in numbers.items():
            row = db.execute("select * from passage where id=?", (id,)).fetchone()
            if row is not None and meant(passage_of(row)) == text:
                db.execute("insert or ignore into vector(passage,numbers) values(?,?)", (id, vector))


def all_texts(index: Index) -> list[str]:
    with index.reading() as db:
        return [meant(passage_of(row)) for row in db.execute("select * from passage where not off")]


def _about(db: sqlite3.Connection, name: str) -> str:
    row = db.execute("select value from about where name=?", (name,)).fetchone()
    return str(row[0]) if row else ""


def meant(passage: Passage) -> str:
    """What of a passage is put into numbers. Of a pair it is the question: that is what people ask."""
    return passage.text if passage.answer is not None else passage.whole
