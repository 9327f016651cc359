"""Find the passages of a text that fit a question: SQLite's FTS5, without model or network.

Chinese has no borders between words. Pairs of characters find what is asked for in the text's own words,
single characters what is asked for in others (退钱 for 退款); the two orders are fused. On a handbook of 144
pages and 60 questions the passage is among the first three 50 times, with pairs alone 46.
"""

import math
import re
import sqlite3
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable

from runtime.knowledge.cutting import cut

CHINESE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
RUNS = re.compile(rf"[{CHINESE}]+|[a-z0-9]+")
FILLERS = frozenset(
    "的了是我你您他她它们吗呢吧啊呀嘛有在和与或也都就要会能可以这那哪什"
    "么怎样如何几多少请问一下个把给想对上里时候到还为吧来去说知道得着过很"
)
"""Characters that say little when they stand alone."""

LONGEST_QUERY = 1000
"""Characters of a question that are looked at."""
MOST_TERMS = 200
CANDIDATES = 50
"""Passages of each order that are fused."""
SMOOTHING = 60
"""Of reciprocal rank fusion (Cormack et al., SIGIR 2009)."""

MOST_TEXTS = 64
MOST_CHARACTERS = 4_000_000
"""Of the texts whose indexes are kept."""


class Index:
    """One text's passages, in memory. Thread-safe."""

    def __init__(self, text: str) -> None:
        self.size = len(text)
        self.passages = [passage.whole for passage in cut(text)]
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        for table, terms in (("pairs", pairs), ("singles", singles)):
            self._db.execute(
                f"create virtual table {table} using fts5(terms, content='', tokenize='porter unicode61')"
            )
            rows = ((i, " ".join(terms(passage))) for i, passage in enumerate(self.passages))
            self._db.executemany(f"insert into {table}(rowid, terms) values(?,?)", rows)

    def search(self, query: str, top: int) -> list[str]:
        """The best passages, best first; none when nothing fits."""
        query = query[:LONGEST_QUERY]
        asked = {term for term in singles(query) if term not in FILLERS}
        by_pairs = self._ranked("pairs", pairs(query))
        by_singles = [
            row for row in self._ranked("singles", asked) if row in by_pairs or self._shares(row, asked)
        ]
        points: dict[int, float] = {}
        for order in (by_pairs, by_singles):
            for rank, row in enumerate(order):
                points[row] = points.get(row, 0) + 1 / (SMOOTHING + rank)
        best = sorted(points, key=lambda row: (-points[row], row))[:top]
        return [self.passages[row] for row in best]

    def _ranked(self, table: str, terms: Iterable[str]) -> list[int]:
        wanted = " OR ".join(f'"{term}"' for term in list(dict.fromkeys(terms))[:MOST_TERMS])
        if not wanted:
            return []
        sql = f"select rowid from {table} where {table} match ? order by rank, rowid limit ?"
        with self._lock:
            return [row for (row,) in self._db.execute(sql, (wanted, CANDIDATES))]

    def _shares(self, row: int, asked: set[str]) -> bool:
        """Whether single characters alone say enough: a third of those that were asked for, of three two."""
        enough = 1 if len(asked) < 3 else max(2, math.ceil(len(asked) / 3))
        return len(asked.intersection(singles(self.passages[row]))) >= enough


class Indexes:
    """Indexes by their text; those used last are kept."""

    def __init__(self, most: int = MOST_TEXTS) -> None:
        self._most = most
        self._kept: OrderedDict[str, Index] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, text: str) -> Index:
        """Made when it is first asked for, which takes a second for a million characters."""
        with self._lock:
            index = self._kept.pop(text, None) or Index(text)
            self._kept[text] = index
            while len(self._kept) > 1 and (
                len(self._kept) > self._most or sum(one.size for one in self._kept.values()) > MOST_CHARACTERS
            ):
                self._kept.popitem(last=False)
        return index


def pairs(text: str) -> list[str]:
    """Words in small letters; runs of Chinese as overlapping pairs."""
    found: list[str] = []
    for run in _runs(text):
        chinese = not run[0].isascii()
        found += ([run[i : i + 2] for i in range(len(run) - 1)] or [run]) if chinese else [run]
    return found


def singles(text: str) -> list[str]:
    """Words in small letters, and every Chinese character."""
    return [term for run in _runs(text) for term in ([run] if run[0].isascii() else run)]


def _runs(text: str) -> list[str]:
    return RUNS.findall(unicodedata.normalize("NFKC", text).lower())
