"""Forget a person: every word of theirs and to them, and every file that nobody else sent.

That a message came, when, what it cost and how it ended stays, for the figures; so do the platform's ids, by
which a repeat is known. Whatever holds a person's words stands in WORDS or goes by FORGOTTEN; a test holds
that against the tables. SQLite overwrites what goes (`secure_delete`, see opening.connect), and
Database.write(scrub=True) empties the log in which it stood before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runtime.store.database import Db
from runtime.store.messages.asked_others import key_of
from runtime.store.messages.message_json import dump, load
from runtime.store.messages.moments import note
from runtime.store.messages.people import Face, faces_of, person_of, tried, tries
from runtime.store.messages.shared import forget as free_places
from runtime.store.messages.states import MESSAGE_STEPS, PART_STEPS, among, before

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


def _outbox(db: Db, seqs: Sequence[int], face: Face) -> None:
    """What they were told, and what others were asked about them."""
    _by_face("outbox", "receiver")(db, seqs, face)
    keys = [(key_of(seq), f"{key_of(seq)}~") for seq in seqs]
    db.executemany("delete from outbox where key>? and key<?", keys)


FORGOTTEN: Mapping[str, Forgets] = {
    "steps": _by_message("steps"),
    "restored": _by_message("restored"),
    "media": _by_message("media"),
    "answers": _by_message("answers"),
    "outbox": _outbox,
    "summaries": _by_face("summaries"),
    "faces": _by_face("faces"),
    "profiles": _by_face("profiles"),
    "customers": _by_face("customers"),
    "tickets": _by_face("tickets"),
    "run_people": _by_face("run_people"),
    "reminders": _by_face("reminders"),
    "waits": _by_face("waits"),
    "judged": _by_face("judged"),
    "shared_claims": lambda db, seqs, face: free_places(db, face),
}
"""Tables whose rows about the person go."""
WITH_THE_PERSON = ("people", "notes", "person_values", "codes", "ticket_lines")
"""Go with the last face, or with the ticket, by `on delete cascade`."""
WORDLESS = {
    "uploads": "what of a file lies at a platform: goes with the file, see `erase`",
    "facts": "small things found out about accounts",
    "instances": "programs that share the database",
    "moments": "what happened to a message: names and codes of ours and the platform's",
    "handed": "whom a human has, and until when",
    "claims": "hashes of codes, each with a number of the owner's own, until it is used or its time is over",
    "runs": "when a start ran; what a program called it with is in its turns once it is made",
    "schedules": "up to when they were looked at",
    "hooks": "addresses of starts, hashed",
    "spent": "what models took in a day: by model, agent, and person, who is hashed",
    "shared_keys": "how much of what everybody shares is taken, by nobody's name",
    "paces": "when something left for somebody who is not named, for an hour or so",
    "tallies": "how many messages an hour had, and hashes of who wrote, whose ids stay with the messages",
}
"""Tables that hold no word of a person, and why."""


SEQS = "select seq, state from messages indexed by conversation where publication=? and sender=?"


@dataclass
class Erased:
    """`withdrawn`: messages that get no turn any more. `files`: hashes, see files_of."""

    messages: int = 0
    withdrawn: list[int] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: int = 0


def erase(db: Db, face: Face, now: float, before_seq: int | None = None) -> Erased:
    """Forget whoever writes there, on every surface on which they are the same person.

    `before_seq`: what came from then on stays: it is their wish itself.
    """
    erased = Erased(files=files_of(db, face, before_seq))
    person = person_of(db, face)
    if person is not None:
        erased.notes = int(db.execute("select count(*) from notes where person=?", (person,)).fetchone()[0])
    faces = faces_of(db, face)
    guesses = tries(db, faces, now)
    for one in faces:
        _erase_face(db, one, now, before_seq if one == face else None, erased)
    if person is not None:
        db.execute("delete from people where id=?", (person,))
    for guess in guesses:
        tried(db, *guess)
    db.executemany("delete from uploads where hash=?", [(hash,) for hash in erased.files])
    return erased


def files_of(db: Db, face: Face, before_seq: int | None = None) -> list[str]:
    """Hashes of the files that came with their messages or answers, and with nobody else's."""
    own: set[int] = set()
    for one in faces_of(db, face):
        most = before_seq if one == face and before_seq else 2**62
        own |= {row["seq"] for row in db.execute(f"{SEQS} and seq<?", (one.publication, one.sender, most))}
    hashes = {row["hash"] for seq in own for row in db.execute("select hash from media where seq=?", (seq,))}
    users = {
        hash: {row["seq"] for row in db.execute("select seq from media where hash=?", (hash,))}
        for hash in hashes
    }
    return sorted(hash for hash, seqs in users.items() if seqs <= own)


def _erase_face(db: Db, face: Face, now: float, before_seq: int | None, erased: Erased) -> None:
    rows = db.execute(f"{SEQS} and seq<?", (face.publication, face.sender, before_seq or 2**62)).fetchall()
    seqs = [row["seq"] for row in rows]
    erased.messages += len(seqs)
    erased.withdrawn += [row["seq"] for row in rows if row["state"] == "accepted"]
    for table, columns in WORDS.items():
        values = ", ".join(f"{column}={value}" for column, value in columns.items())
        sql = f"update {table} set {values} where seq=?"
        db.executemany(sql, [(*_left(db, columns, seq), seq) for seq in seqs])
    for forget in FORGOTTEN.values():
        forget(db, seqs, face)
    for table, state, earlier in ENDS:
        sql = f"update {table} set state='{state}' where seq=? and state in ({earlier})"
        db.executemany(sql, [(seq,) for seq in seqs])
    for seq in seqs:
        note(db, seq, now, "forgotten")


def _left(db: Db, columns: Mapping[str, str], seq: int) -> Sequence[str]:
    """What is put where the columns say "?"."""
    wanted = [name for name, value in columns.items() if value == "?"]
    row = db.execute("select message from messages where seq=?", (seq,)).fetchone() if wanted else ()
    return [_emptied(message) for message in row]


def _emptied(message: str) -> str:
    """As it is stored when nothing that it said is left; what answers it stays, and which event it was."""
    whole = load(message)
    kept = {name: whole.data[name] for name in ("event",) if name in whole.data}
    return dump(replace(whole, text="", data=kept, history=None, wishes={}, who={}))
