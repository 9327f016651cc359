"""What the tables hold, as who asks sees it."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runtime import wellformed
from runtime.knowledge.index.terms import terms
from runtime.knowledge.passage import Passage


@dataclass(frozen=True)
class Source:
    """What the index knows of one. `passages` without those that are `off`; `vectors`: how many of them
    have one."""

    name: str
    title: str
    digest: str
    tags: tuple[str, ...]
    passages: int
    off: int
    vectors: int


@dataclass(frozen=True)
class Kept:
    """A passage as it is kept. `place`: among its source's, from 0."""

    id: int
    source: str
    title: str
    place: int
    passage: Passage
    off: bool = False
    edited: bool = False


KEPT = """select p.*, s.name, s.title from passage p join source s on s.id=p.source where """


def listed(ids: Sequence[int]) -> str:
    return ",".join(map(str, map(int, ids)))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def termed(passage: Passage) -> str:
    """What the full text keeps of a passage."""
    return " ".join(terms(passage.whole).all)


def tags_of(db: sqlite3.Connection) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for source, tag in db.execute("select source, tag from tag order by source, tag"):
        found.setdefault(source, []).append(tag)
    return found


def passage_of(row: sqlite3.Row) -> Passage:
    return Passage(row["text"], tuple(json.loads(row["headings"])), row["page"], row["answer"])


def kept_of(row: sqlite3.Row) -> Kept:
    return Kept(
        row["id"],
        row["name"],
        row["title"],
        row["place"],
        passage_of(row),
        bool(row["off"]),
        row["was"] != "",
    )


def cleaned(passage: Passage) -> Passage:
    answer = None if passage.answer is None else clean(passage.answer)
    return Passage(clean(passage.text), tuple(map(clean, passage.headings)), passage.page, answer)


def clean(text: str) -> str:
    """Well-formed, and without what no text has."""
    return wellformed.text(text).replace("\0", "")
