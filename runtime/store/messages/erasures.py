"""Who wrote much is forgotten piece by piece, so that nobody else waits for the store meanwhile.

What is left to do stands in the store: whoever comes next goes on where a stop or a crash broke it off. From
the first step on no turn is told of what is still there.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from runtime.store.database import Db
from runtime.store.messages.consents import Marks, remember_erased, unmarked
from runtime.store.messages.erasing import (
    NEWEST,
    PIECE,
    Erased,
    Upto,
    erase_messages,
    erase_person,
    faces_upto,
    hashes_of,
    own_files,
)
from runtime.store.messages.people import Face
from runtime.store.messages.upsert import upsert

WORK = "erasing "
"""Before whom it is about: the name of a fact that tells what is left to do."""
FILES = "files erased "
"""…and one that tells which files are still to be removed, by their hashes."""
HIDES = "forgotten "
"""Before a face: the name of a fact that tells from which message on a turn may be told what was said."""
FACT = upsert("facts", "name", "value, at")
COUNT = "select count(*) from messages indexed by conversation where publication=? and sender=? and seq<?"


@dataclass
class Erasure:
    """`faces`: publication, sender, and below which number of a message the work goes on; `upto`: each, and
    from which number on what they said stays."""

    face: Face
    at: float
    faces: list[tuple[str, str, int]]
    upto: list[tuple[str, str, int]]
    done: int
    of: int
    """Messages."""
    stopped: bool = False


def begin(
    db: Db,
    face: Face,
    now: float,
    before_seq: int | None = None,
    marks: Marks = unmarked,
    files: Sequence[str] = (),
) -> Erased:
    """Of somebody who wrote little, all of it. `before_seq`: see faces_upto; `marks`: see remember_erased;
    `files`: see files_of: these are noted until they are removed."""
    faces = faces_upto(db, face, before_seq)
    known = {one for one, _ in faces}
    if before := find(db, face):  # whose faces nobody knows any more to be one person's
        others = [(Face(publication, sender), upto) for publication, sender, upto in before.upto]
        faces += [(one, upto) for one, upto in others if one not in known]
    which = [(one.publication, one.sender, upto) for one, upto in faces]
    of = sum(int(db.execute(COUNT, one).fetchone()[0]) for one in which)
    erased = erase_person(db, face, now, faces)
    remember_erased(db, [one for one, _ in faces], marks, now)
    if files:
        db.execute(FACT, (fact_of(FILES, face.publication, face.sender), json.dumps([*files]), now))
    if erased.messages < of:
        for publication, sender, upto in which:
            db.execute(FACT, (fact_of(HIDES, publication, sender), str(upto), now))
        _keep(db, Erasure(face, now, list(which), which, 0, of))
        erased.left = of - erased.messages
    return erased


def go_on(db: Db, face: Face) -> Erased | None:
    """One piece more; None when nothing is left, or it was stopped."""
    work = find(db, face)
    if work is None or work.stopped:
        return None
    erased = Erased()
    upto: list[Upto] = [(Face(publication, sender), most) for publication, sender, most in work.upto]
    publication, sender, below = work.faces[0]
    rows = db.execute(NEWEST, (publication, sender, below)).fetchall()
    fresh = {row["seq"]: row["state"] for row in rows if not _is_done(db, row["seq"], work.at)}
    erase_messages(db, fresh, Face(publication, sender), work.at, upto, erased)
    work.done = min(work.of, work.done + len(rows))
    if len(rows) == PIECE:
        work.faces[0] = (publication, sender, min(row["seq"] for row in rows))
    else:
        work.faces.pop(0)
    if work.faces:
        erased.left = max(1, work.of - work.done)
        _keep(db, work)
    else:
        _drop(db, work)
    return erased


def find(db: Db, face: Face) -> Erasure | None:
    """What is left to do of that."""
    name = fact_of(WORK, face.publication, face.sender)
    row = db.execute("select value from facts where name=?", (name,)).fetchone()
    return _read(row["value"]) if row else None


def files_left(db: Db) -> dict[str, list[str]]:
    """Hashes of those that are to be removed, by the name of what notes them."""
    sql = "select name, value from facts where name>=? and name<?"
    return {row["name"]: json.loads(row["value"]) for row in db.execute(sql, (FILES, f"{FILES}~"))}


def files_removed(db: Db, names: Collection[str]) -> None:
    db.executemany("delete from facts where name=?", [(name,) for name in names])


def every(db: Db) -> list[Erasure]:
    sql = "select value from facts where name>=? and name<?"
    return [_read(row["value"]) for row in db.execute(sql, (WORK, f"{WORK}~"))]


def stop(db: Db, face: Face) -> bool:
    """Whether there was anything to stop. What is still there is told to no turn, until it is begun anew."""
    work = find(db, face)
    if work is None or work.stopped:
        return False
    work.stopped = True
    _keep(db, work)
    return True


def files_of(db: Db, face: Face, before_seq: int | None = None) -> list[str]:
    """Hashes of the files that came with their messages or answers, and with nobody else's."""
    faces, hashes = faces_upto(db, face, before_seq), set[str]()
    for one, upto in faces:
        below = upto
        while seqs := [row["seq"] for row in db.execute(NEWEST, (one.publication, one.sender, below))]:
            hashes |= hashes_of(db, seqs)
            below = min(seqs)
    return own_files(db, hashes, faces)


def erase(db: Db, face: Face, now: float, before_seq: int | None = None, marks: Marks = unmarked) -> Erased:
    """All of it in one step, for whoever is alone with the store."""
    erased = begin(db, face, now, before_seq, marks)
    while erased.left and (more := go_on(db, face)):
        erased.add(more)
    return erased


def fact_of(kind: str, publication: str, sender: str) -> str:
    return kind + json.dumps([publication, sender], ensure_ascii=False)


def _drop(db: Db, work: Erasure) -> None:
    names = [fact_of(WORK, work.face.publication, work.face.sender)]
    names += [fact_of(HIDES, publication, sender) for publication, sender, _ in work.upto]
    db.executemany("delete from facts where name=?", [(name,) for name in names])


def _is_done(db: Db, seq: int, at: float) -> bool:
    """In the first step."""
    sql = "select 1 from moments indexed by moments_of where seq=? and what='forgotten' and at=?"
    return db.execute(sql, (seq, at)).fetchone() is not None


def _keep(db: Db, work: Erasure) -> None:
    value = json.dumps(asdict(work), ensure_ascii=False)
    db.execute(FACT, (fact_of(WORK, work.face.publication, work.face.sender), value, work.at))


def _read(value: str) -> Erasure:
    told = json.loads(value)
    lists = {name: [tuple(one) for one in told[name]] for name in ("faces", "upto")}
    return Erasure(**{**told, **lists, "face": Face(**told["face"])})
