"""Find the vectors of a base that are nearest to one.

Of each only the signs are held, 64 bytes where the whole takes 1024: a hundred thousand are compared in three
milliseconds, and the best few hundred are then compared whole, as the file has them.
"""

import sqlite3
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

COMPARED = 400
"""That are compared whole."""
READ = 512
"""Rows that are read at a time."""


def grouped(vectors: npt.NDArray[np.float32], same: float) -> list[int]:
    """For each the place of the nearest earlier one that leads a group and is as near as that; its own where
    none is, so that it leads another. Of a thousand: some milliseconds."""
    leaders: list[int] = []
    places = []
    for n, vector in enumerate(vectors):
        near = vectors[leaders] @ vector if leaders else np.zeros(0, np.float32)
        best = int(near.argmax()) if leaders else -1
        if best < 0 or near[best] < same:
            leaders.append(n)
            places.append(n)
        else:
            places.append(leaders[best])
    return places


class Signs:
    """Of one base, as its file was when it was last looked at."""

    def __init__(self) -> None:
        self._forget()
        self._version = -1

    def nearest(
        self, db: sqlite3.Connection, vector: npt.NDArray[np.float32], most: int, only: Collection[int] | None
    ) -> list[tuple[int, float]]:
        """Passages and their cosine, the nearest first. `only`: numbers of sources."""
        self._look(db, len(vector))
        passages, signs = self._passages, self._signs
        if only is not None:
            among = np.isin(self._sources, list(only))
            passages, signs = passages[among], signs[among]
        if len(passages) == 0:
            return []
        if len(passages) > COMPARED:
            apart = np.zeros(len(passages), np.uint16)
            for word, its in zip(_signs(vector[None])[0], signs.T, strict=True):
                apart += np.bitwise_count(its ^ word)
            passages = passages[np.argpartition(apart, COMPARED)[:COMPARED]]
        return _compared(db, np.sort(passages), vector, most)

    def look_again(self) -> None:
        """Who has the file open for reading here wrote to it, which SQLite does not tell."""
        self._version = -1

    def _forget(self) -> None:
        self._last = 0
        self._passages = np.empty(0, np.int64)
        self._sources = np.empty(0, np.int32)
        self._signs = np.empty((0, 0), np.uint64)

    def _look(self, db: sqlite3.Connection, numbers: int) -> None:
        """Read what came since; all of it again when something went."""
        version = db.execute("pragma data_version").fetchone()[0]
        words = -(-numbers // 64)
        if version == self._version and self._signs.shape[1] == words:
            return
        self._version = version
        came = db.execute("select count(*) from vector where id>?", (self._last,)).fetchone()[0]
        total = db.execute("select count(*) from vector").fetchone()[0]
        if total != came + len(self._passages) or self._signs.shape[1] != words:
            self._forget()
            self._signs = np.empty((0, words), np.uint64)
        self._read(db, numbers)

    def _read(self, db: sqlite3.Connection, numbers: int) -> None:
        sql = """select v.id, v.passage, p.source, v.numbers from vector v join passage p on p.id=v.passage
                 where v.id>? order by v.id limit ?"""
        passages, sources, signs = [self._passages], [self._sources], [self._signs]
        while rows := db.execute(sql, (self._last, READ)).fetchall():
            self._last = rows[-1][0]
            fitting = [row for row in rows if len(row[3]) == numbers * 2]
            passages.append(np.array([row[1] for row in fitting], np.int64))
            sources.append(np.array([row[2] for row in fitting], np.int32))
            signs.append(_signs(_vectors([row[3] for row in fitting], numbers)))
        self._passages, self._sources = np.concatenate(passages), np.concatenate(sources)
        self._signs = np.concatenate(signs)


def _vectors(kept: list[bytes], numbers: int) -> npt.NDArray[np.float32]:
    return np.frombuffer(b"".join(kept), np.float16).reshape(-1, numbers).astype(np.float32)


def _signs(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.uint64]:
    bits = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))).view(np.uint64)


def _compared(
    db: sqlite3.Connection, passages: npt.NDArray[np.int64], vector: npt.NDArray[np.float32], most: int
) -> list[tuple[int, float]]:
    listed = ",".join(map(str, passages.tolist()))
    sql = f"""select v.passage, v.numbers from vector v join passage p on p.id=v.passage
              where v.passage in ({listed}) and not p.off"""
    rows = [row for row in db.execute(sql) if len(row[1]) == len(vector) * 2]
    if not rows:
        return []
    cosines = _vectors([row[1] for row in rows], len(vector)) @ vector
    best = np.argsort(-cosines, kind="stable")[:most]
    return [(rows[i][0], round(float(cosines[i]), 4)) for i in best]
