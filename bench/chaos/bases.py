"""A base that is read while things go wrong: in the end each of its sources is there once, and whole."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.invariants import Broken

BASE = "chaos"
PASSAGES = 30
"""Of each source."""
READ = "select name, count(*) from passage join source on source.id=passage.source group by name"


def give(home: Path, many: int) -> None:
    """So many sources, of which nothing is read yet."""
    folder = home / "knowledge" / BASE / "sources"
    folder.mkdir(parents=True)
    about = {"format": 1, "id": BASE, "name": BASE}
    (folder.parent / "base.json").write_text(json.dumps(about), encoding="utf-8")
    for number in range(many):
        chapters = (f"# 第 {n} 章\n\n第 {number} 册第 {n} 章说的是保养周期。" for n in range(PASSAGES))
        (folder / f"{number}.md").write_text("\n\n".join(chapters), encoding="utf-8")


def unread(home: Path) -> int:
    """Sources that are to be read yet."""
    given = len(list((home / "knowledge" / BASE / "sources").glob("*.md")))
    return given - len(_read(home))


def broken(home: Path, many: int) -> Iterator[Broken]:
    """What is missing, or there more than once."""
    found = _read(home)
    for number in range(many):
        if (passages := found.get(f"{number}.md", 0)) != PASSAGES:
            yield Broken("K", f"{number}.md", f"{passages} passages instead of {PASSAGES}")


def _read(home: Path) -> dict[str, int]:
    """Passages by source."""
    path = home / "data" / "knowledge" / f"{BASE}.sqlite"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return dict(db.execute(READ).fetchall())
    except sqlite3.OperationalError:
        return {}  # it was not begun yet
