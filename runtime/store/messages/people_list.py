"""The people who wrote, and what is kept of each: listed, exported and forgotten beside a running gateway."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from runtime.person import Known, Person
from runtime.store.messages.beside import is_there, reading, writing
from runtime.store.messages.consents import Marks, erased_since, unmarked
from runtime.store.messages.erasing import PIECE, Erased
from runtime.store.messages.erasures import Erasure, begin, files_left, files_of, files_removed, find, go_on
from runtime.store.messages.exporting import exported_person, seen_last
from runtime.store.messages.people import Face, known, made_person, person_of
from runtime.store.messages.person_values import Held, retag, values_of
from runtime.store.messages.profiles import person
from runtime.store.messages.seen_by import Seen
from runtime.store.messages.switching import found as switched
from runtime.store.messages.within import within_of
from runtime.store.sealing.envelope import BEGINS

LISTED = 200

NEWEST = """
select m.publication, m.sender, m.messages, n.accepted_at as last_at,
  (select count(*) from notes join faces using(person)
   where faces.publication=m.publication and faces.sender=m.sender) as notes
from (select publication, sender, count(*) as messages, max(seq) as seq
  from messages indexed by conversation
  where :publication in ('', publication) and sender not between 'start:' and 'start;'
  group by publication, sender
  order by 4 desc limit :most) m join messages n on n.seq=m.seq order by m.seq desc
"""
DOORS = """
select f.publication, f.sender, max(m.seq) as seq, max(m.accepted_at) as last_at
from faces mine join faces f using(person) join messages m indexed by conversation
  on m.publication=f.publication and m.sender=f.sender
where mine.publication=:publication and mine.sender=:sender
  and not (f.publication=:publication and f.sender=:sender)
group by f.publication, f.sender order by 4 desc
"""
"""Where else they write."""
FIRST = "select 1 from messages indexed by conversation where publication=? and sender=? limit 1"

NAMED = r"""
select p.publication, p.sender, p.name,
  (select max(m.seq) from messages m indexed by conversation
   where m.publication=p.publication and m.sender=p.sender) as seq
from profiles p where (p.name like :pattern escape '\' or p.sender=:whole or p.name like :sealed)
  and (:all=1 or p.publication in (select value from json_each(:within))) order by p.at desc limit :most
"""
NEWEST_NAMES = 5_000
"""So many that are sealed are looked through for a name: some hundreds of milliseconds."""


@dataclass(frozen=True)
class Named:
    """Somebody whose platform told a name, or who is asked for by id. `seq`: of their newest message."""

    publication: str
    sender: str
    name: str
    seq: int


@dataclass(frozen=True)
class Door:
    """Where else the same person writes. `seq`: of their newest message there, `last_at`: when it
    came, seconds since 1970."""

    publication: str
    sender: str
    seq: int
    last_at: float


@dataclass(frozen=True)
class Somebody:
    """`last_at`: when they last wrote, seconds since 1970."""

    publication: str
    sender: str
    messages: int
    last_at: float
    notes: int


class PeopleList:
    """Raises StoreFailed. Each may block for a few seconds. `marks`: see consents.mark_of."""

    def __init__(self, path: Path, marks: Marks = unmarked) -> None:
        self.path, self._marks = path, marks

    def everybody(self, publication: str = "", most: int = LISTED) -> list[Somebody]:
        """Who wrote last comes first. "": on every publication."""
        if not is_there(self.path):
            return []
        with reading(self.path) as db:
            rows = db.execute(NEWEST, {"publication": publication, "most": most})
            return [Somebody(**row) for row in rows]

    def named(self, text: str, most: int, within: Collection[str] | None = None) -> list[Named]:
        """Whose name holds the text, or whose id it is, of those who wrote; `within`: there."""
        if not is_there(self.path):
            return []
        pattern = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        every, of = within_of(within)
        with reading(self.path) as db:
            looked_at = NEWEST_NAMES if switched(db).at else most
            asked = {"pattern": pattern, "whole": text, "sealed": f"{BEGINS}%", "most": looked_at}
            rows = db.execute(NAMED, {**asked, "all": every, "within": of})
            named = (Named(**row) for row in rows if row["seq"] is not None)
            wanted = (one for one in named if text.lower() in one.name.lower() or text == one.sender)
            return list(islice(wanted, most))

    def known(self, face: Face) -> Known | None:
        """None for somebody of whom there is nothing at all."""
        if not is_there(self.path):
            return None
        with reading(self.path) as db:
            found = known(db, face)
            wrote = db.execute(FIRST, (face.publication, face.sender)).fetchone()
            return found if wrote or found.notes or found.summary else None

    def doors(self, face: Face) -> list[Door]:
        """Where else they write, the last first: by their own wish, or as their platform says."""
        if not is_there(self.path):
            return []
        with reading(self.path) as db:
            return [Door(*row) for row in db.execute(DOORS, vars(face))]

    def who(self, face: Face) -> tuple[Person, Mapping[str, Held]]:
        """What is known of who they are, and the values that agents keep of them."""
        with reading(self.path) as db:
            return person(db, face, "", 2**62), values_of(db, person_of(db, face))

    def export(self, face: Face) -> dict[str, Any]:
        """All that is kept of whoever writes there, on every surface on which they are the same person."""
        with reading(self.path) as db:
            return exported_person(db, face)

    def seen_by(self, face: Face) -> list[Seen]:
        """Which models and tools got something of theirs, each with when it did last, the newest first."""
        with reading(self.path) as db:
            return seen_last(db, face)

    def retag(
        self, face: Face, agent: str, change: Callable[[list[str]], list[str]], now: float
    ) -> list[str] | None:
        """See person_values.retag."""
        with writing(self.path) as db:
            return retag(db, made_person(db, face, agent, now), change, now)

    def erase(
        self, face: Face, now: float, remove: Callable[[Collection[str]], None] = lambda hashes: None
    ) -> Erased:
        """Then no file of the store holds a word of theirs, unless somebody reads it all the time. `remove`:
        takes files away by their hashes; what a crash breaks off goes on at the next start."""
        with reading(self.path) as db:
            files = files_of(db, face)
        with writing(self.path, scrub=True) as db:
            erased = begin(db, face, now, marks=self._marks, files=files)
        erased.files = files
        with reading(self.path) as db:
            left = files_left(db)
        for name, hashes in left.items():
            remove(hashes)
            with writing(self.path) as db:
                files_removed(db, [name])
        while erased.left:
            with writing(self.path, scrub=erased.left <= PIECE) as db:
                more = go_on(db, face)
            if more is None:
                break
            erased.add(more)
        return erased

    def forgotten(self) -> Mapping[str, float]:
        """Who was, by their marks, and when."""
        if not is_there(self.path):
            return {}
        with reading(self.path) as db:
            return erased_since(db, 0.0)

    def erasing(self, face: Face) -> Erasure | None:
        """How far that is; None: nobody is being forgotten there."""
        with reading(self.path) as db:
            return find(db, face)
