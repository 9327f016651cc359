"""Find passages by the words of a question, in the index's full text."""

import heapq
import json
import math
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from runtime.knowledge.index.terms import folded, names_of
from runtime.knowledge.search.question import Question

LARGE = 20_000
"""Passages of a base in which single characters are too common to be counted."""
COMMON = 3000
"""Passages with a term from which they are not counted: it says too little to look for it."""
MOST_ROWS = 8_000
"""Read for one question."""
CANDIDATES = 60
"""Passages that are looked at closely."""
LONG, EVEN = 150.0, 0.4
"""Characters of a usual passage, and how much a longer one counts less: b of BM25."""
IN_HEADING = 0.5
"""What a term is worth more when it stands in a heading."""


@dataclass(frozen=True)
class Hit:
    """`share`: of what the question says, weighed by how rare it is, the passage has; 0 to 1."""

    id: int
    score: float
    share: float


def by_words(
    db: sqlite3.Connection, asked: Question, most: int, only: Collection[int] | None = None
) -> list[Hit]:
    """Best first. `only`: numbers of sources."""
    total = db.execute("select count(*) from passage").fetchone()[0]
    if not total or not asked.terms:
        return []
    points, worth = _points(db, asked, total)
    if only is not None:
        within = _of_sources(db, only)
        points = {id: value for id, value in points.items() if id in within}
    best = heapq.nsmallest(CANDIDATES, points, key=lambda id: (-points[id], id))
    hits = [_looked_at(row, asked, worth) for row in _rows(db, best)]
    hits.sort(key=lambda hit: (-hit.score, hit.id))
    return hits[:most]


def _points(db: sqlite3.Connection, asked: Question, total: int) -> tuple[dict[int, float], dict[str, float]]:
    """What each passage has of the question, roughly, and what each term is worth.

    The rarest terms are looked for first, until enough was read; what is left over says little. It counts
    in what they found.
    """
    is_large = total > LARGE
    counts = {
        term: COMMON if is_large and len(term) == 1 and term not in asked.named else _count(db, term)
        for term in asked.terms
    }
    # Of those that are too common to be counted, nobody knows how common.
    guessed = {term: count if count < COMMON else max(count, total // 4) for term, count in counts.items()}
    worth = {
        term: asked.terms[term] * math.log(1 + (total - count + 0.5) / (count + 0.5))
        for term, count in guessed.items()
    }
    points: dict[int, float] = {}
    left = MOST_ROWS
    for term in sorted(counts, key=lambda term: counts[term]):
        left -= counts[term]
        if left < 0 or (counts[term] >= COMMON and counts[term] < total):
            break
        for id in _with(db, _quoted(term), COMMON):
            points[id] = points.get(id, 0.0) + worth[term]
    if not points:
        points = _together(db, [term for term in counts if counts[term]], worth)
    return points, worth


def _together(db: sqlite3.Connection, terms: Sequence[str], worth: Mapping[str, float]) -> dict[int, float]:
    """Where all terms are common: passages that have several of them, as many as can be had at once."""
    best = sorted(terms, key=lambda term: -worth[term])[:8]
    for many in range(len(best), 0, -1):
        if found := _with(db, " AND ".join(map(_quoted, best[:many])), COMMON):
            return dict.fromkeys(found, sum(worth[term] for term in best[:many]))
    return {}


def _count(db: sqlite3.Connection, term: str) -> int:
    """Passages that have it, COMMON at most."""
    sql = "select count(*) from (select 1 from term where term match ? limit ?)"
    return int(db.execute(sql, (_quoted(term), COMMON)).fetchone()[0])


def _with(db: sqlite3.Connection, terms: str, most: int) -> list[int]:
    """Read as one text, which takes half the time of rows."""
    sql = "select group_concat(rowid) from (select rowid from term where term match ? limit ?)"
    listed = db.execute(sql, (terms, most)).fetchone()[0]
    return list(map(int, listed.split(","))) if listed else []


def _quoted(term: str) -> str:
    """As a string of FTS5's language, whose words and signs mean nothing in it. Terms have no quotes."""
    return f'"{term}"'


def _of_sources(db: sqlite3.Connection, sources: Collection[int]) -> set[int]:
    listed = ",".join(map(str, sources))
    return {id for (id,) in db.execute(f"select id from passage where source in ({listed})")}


def _rows(db: sqlite3.Connection, ids: Collection[int]) -> list[sqlite3.Row]:
    listed = ",".join(map(str, ids))
    sql = f"select id, text, headings, answer from passage where id in ({listed}) and not off"
    return db.execute(sql).fetchall()


def _looked_at(row: sqlite3.Row, asked: Question, worth: dict[str, float]) -> Hit:
    heading = folded("\n".join(json.loads(row["headings"])))
    body = folded("\n".join(filter(None, (row["text"], row["answer"]))))
    above, within = (names_of(heading), names_of(body)) if asked.named else (frozenset(), frozenset())
    score = has = 0.0
    for term, value in worth.items():
        is_name = term in asked.named
        if term in above if is_name else term in heading:
            has += value
            score += value * (1 + IN_HEADING)
        elif term in within if is_name else term in body:
            has += value
            score += value
    whole = sum(worth.values()) or 1
    length = 1 - EVEN + EVEN * min(4.0, (len(body) + len(heading)) / LONG)
    return Hit(row["id"], score / length**0.5 / whole, has / whole)
