"""Forget a person: every word of theirs and to them, and every file that nobody else sent.

That a message came, when, what it cost and how it ended stays, for the figures; so do the platform's ids, by
which a repeat is known. Whatever holds a person's words stands in WORDS or goes by FORGOTTEN; a test holds
that against the tables. SQLite overwrites what goes (`secure_delete`, see opening.connect), and
Database.write(scrub=True) empties the log in which it stood before. Of somebody who wrote much, what is kept
of them, what is under way and the newest goes in one step; the rest piece by piece, see erasures.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runtime.store.database import Db, Row
from runtime.store.messages import asked_others
from runtime.store.messages.asked_others import key_of
from runtime.store.messages.message_json import dump, load
from runtime.store.messages.moments import note
from runtime.store.messages.people import Face, faces_of, person_of, tried, tries
from runtime.store.messages.shared import forget as free_places
from runtime.store.messages.states import MESSAGE_STEPS, PART_STEPS, UNFINISHED, among, before
from runtime.store.sealing.shredding import shred

WORDS: Mapping[str, Mapping[str, str]] = {
    "messages": {
        "text": "''",
        "message": "?",
        "reply": "case when reply is null then null else '' end",
        "reason": "null",
        "response": "null",
        "shown": "null",
        "page": "null",
        "trace": "null",
    },
    "parts": {"text": "''", "data": "''"},
}
"""Of rows that stay: the columns that hold words, and what stands there then; `?`: see _left."""

ENDS = (
    ("messages", "recalled", among(before("recalled", MESSAGE_STEPS))),
    ("parts", "handed", among(before("handed", PART_STEPS))),
)
"""What becomes of that which did not arrive, and never will."""

Forgets = Callable[[Db, Sequence[int], Face], object]


def _by_message(table: str) -> Forgets:
    def work(db: Db, seqs: Sequence[int], face: Face) -> None:
        db.executemany(f"delete from {table} where seq=?", [(seq,) for seq in seqs])

    return work


def _by_face(table: str, sender: str = "sender") -> Forgets:
    def work(db: Db, seqs: Sequence[int], face: Face) -> None:
        db.execute(f"delete from {table} where publication=? and {sender}=?", (face.publication, face.sender))

    return work


def _consents(db: Db, seqs: Sequence[int], face: Face) -> None:
    """In whatever conversation of that publication they agreed, since it counts in all of them: who is
    forgotten is asked anew."""
    whose = (face.sender, face.sender.rpartition("/")[2])
    sql = "delete from consents where publication=? and (sender=? or who in (?, ?))"
    db.execute(sql, (face.publication, face.sender, *whose))


def _asked_others(db: Db, seqs: Sequence[int], face: Face) -> None:
    """What others were asked about them."""
    keys = [(key_of(seq), f"{key_of(seq)}~") for seq in seqs]
    db.executemany("delete from outbox where key>? and key<?", keys)


OF_MESSAGES: Mapping[str, Forgets] = {
    "steps": _by_message("steps"),
    "restored": _by_message("restored"),
    "media": _by_message("media"),
    "answers": _by_message("answers"),
    "outbox": _asked_others,
}
OF_FACES: Mapping[str, Forgets] = {
    "outbox": _by_face("outbox", "receiver"),
    "summaries": _by_face("summaries"),
    "faces": _by_face("faces"),
    "profiles": _by_face("profiles"),
    "customers": _by_face("customers"),
    "tickets": _by_face("tickets"),
    "run_people": _by_face("run_people"),
    "reminders": _by_face("reminders"),
    "waits": _by_face("waits"),
    "judged": _by_face("judged"),
    "consents": _consents,
    "exports": _by_face("exports"),
    "families": _by_face("families"),
    "shared_claims": lambda db, seqs, face: free_places(db, face),
}
FORGOTTEN = {**OF_MESSAGES, **OF_FACES}
"""Tables whose rows about the person go."""
WITH_THE_PERSON = ("people", "notes", "person_values", "codes", "ticket_lines")
"""Go with the last face, or with the ticket, by `on delete cascade`."""
WORDLESS = {
    "uploads": "what of a file lies at a platform: goes with the file, see `erase`",
    "facts": "small things found out about accounts, and who is being forgotten",
    "instances": "programs that share the database",
    "moments": "what happened to a message: names and codes of ours and the platform's; and what its person "
    "wants unasked, so that who wished to be left alone is",
    "handed": "whom a human has, and until when",
    "claims": "hashes of codes, each with a number of the owner's own, until it is used or its time is over",
    "runs": "when a start ran; what a program called it with is in its turns once it is made",
    "schedules": "up to when they were looked at",
    "hooks": "addresses of starts, hashed",
    "spent": "what models took in a day: by model, agent, key, who works here, and person, who is hashed",
    "shared_keys": "how much of what everybody shares is taken, by nobody's name",
    "paces": "when something left for somebody who is not named, for an hour or so",
    "audit": "what people who work here did; whom it concerns stands there as a keyed hash",
    "erased": "who was forgotten, as hashes that need the installation's key",
    "data_keys": "what seals their words: goes before anything else, see sealing/shredding.py",
    "audit_head": "where that chain ends",
    "audit_cuts": "up to where that chain was cut off",
    "audit_begun": "what somebody who works here is doing at this moment",
    "tallies": "how many messages an hour had, and hashes of who wrote, whose ids stay with the messages",
}
"""Tables that hold no word of a person, and why."""


PIECE = 100
"""Messages of which the words go in one step: some milliseconds of the store."""
ROWS = "select seq, state from messages indexed by conversation where publication=? and sender=?"
NEWEST = f"{ROWS} and seq<? order by seq desc limit {PIECE}"
UNDER_WAY = (
    "select seq, state from messages indexed by unfinished where publication=? and sender=? and seq<?"
    f" and state in ({among(UNFINISHED)}) and state='accepted'"
)
"""Their turns may run."""


@dataclass
class Erased:
    """`withdrawn`: messages that get no turn any more. `files`: hashes, see own_files. `left`: messages whose
    words are still to go."""

    messages: int = 0
    withdrawn: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: int = 0
    left: int = 0

    def add(self, more: "Erased") -> None:
        """What a further piece came to."""
        self.messages += more.messages
        self.withdrawn += more.withdrawn
        self.files = sorted({*self.files, *more.files})
        self.left = more.left


Upto = tuple[Face, int]
"""A face, and the number from which on its messages stay."""


def faces_upto(db: Db, face: Face, before_seq: int | None) -> list[Upto]:
    """All of the person's. `before_seq`: what came from then on stays on that face: it is their wish."""
    most = int(db.execute("select coalesce(max(seq), 0) from messages").fetchone()[0]) + 1
    return [(one, before_seq if one == face and before_seq else most) for one in faces_of(db, face)]


def erase_person(db: Db, face: Face, now: float, faces: Sequence[Upto]) -> Erased:
    """All that is kept of them, and the words of what is under way and of the newest messages."""
    erased = Erased()
    person = person_of(db, face)
    if person is not None:
        erased.notes = int(db.execute("select count(*) from notes where person=?", (person,)).fetchone()[0])
    for one, _ in faces:
        asked_others.forgotten(db, one.publication, one.sender, now)
    shred(db, [(one.publication, one.sender, upto) for one, upto in faces], person)
    guesses = tries(db, [one for one, _ in faces], now)
    for one, upto in faces:
        which = (one.publication, one.sender, upto)
        rows = {row["seq"]: row["state"] for sql in (NEWEST, UNDER_WAY) for row in db.execute(sql, which)}
        erase_messages(db, rows, one, now, faces, erased)
        for forget in OF_FACES.values():
            forget(db, (), one)
    if person is not None:
        db.execute("delete from people where id=?", (person,))
    for guess in guesses:
        tried(db, *guess)
    return erased


def erase_messages(
    db: Db,
    rows: Mapping[int, str],
    face: Face,
    now: float,
    faces: Sequence[Upto],
    erased: Erased,
    *,
    ends: bool = True,
) -> None:
    """`rows`: their states by their numbers; what it came to is added to `erased`. `ends`: what is under way
    is no more."""
    seqs = sorted(rows)
    erased.messages += len(seqs)
    erased.withdrawn += [seq for seq in seqs if rows[seq] == "accepted"]
    files = own_files(db, hashes_of(db, seqs), faces)
    for table, columns in WORDS.items():
        values = ", ".join(f"{column}={value}" for column, value in columns.items())
        sql = f"update {table} set {values} where seq=?"
        db.executemany(sql, [(*_left(db, columns, seq), seq) for seq in seqs])
    for forget in OF_MESSAGES.values():
        forget(db, seqs, face)
    for table, state, earlier in ENDS if ends else ():
        sql = f"update {table} set state='{state}' where seq=? and state in ({earlier})"
        db.executemany(sql, [(seq,) for seq in seqs])
    for seq in seqs:
        note(db, seq, now, "forgotten")
    db.executemany("delete from uploads where hash=?", [(hash,) for hash in files])
    erased.files = sorted({*erased.files, *files})


def hashes_of(db: Db, seqs: Sequence[int]) -> set[str]:
    """Of the files that came with these messages or their answers."""
    return {row["hash"] for seq in seqs for row in db.execute("select hash from media where seq=?", (seq,))}


def own_files(db: Db, hashes: Collection[str], faces: Sequence[Upto]) -> list[str]:
    """Those that came with nobody else's."""
    own = " or ".join(["m.publication=? and m.sender=? and m.seq<?"] * len(faces))
    sql = f"select 1 from media f join messages m on m.seq=f.seq where f.hash=? and not ({own}) limit 1"
    which = [part for face, upto in faces for part in (face.publication, face.sender, upto)]
    return sorted(one for one in hashes if db.execute(sql, (one, *which)).fetchone() is None)


def _left(db: Db, columns: Mapping[str, str], seq: int) -> Sequence[str]:
    """What is put where the columns say "?"."""
    wanted = [name for name, value in columns.items() if value == "?"]
    sql = "select seq, message, key, sender, kind, accepted_at from messages where seq=?"
    row = db.execute(sql, (seq,)).fetchone() if wanted else None
    return [_emptied(row)] if row else []


def _emptied(row: Row) -> str:
    """As it is stored when nothing that it said is left; what answers it stays, and which event it was."""
    whole = load(row["message"])
    if not whole.id:  # sealed, and its key is gone
        whole = replace(whole, id=row["key"], sender=row["sender"], kind=row["kind"], at=row["accepted_at"])
    kept = {name: whole.data[name] for name in ("event",) if name in whole.data}
    return dump(replace(whole, text="", data=kept, history=None, wishes={}, who={}))
