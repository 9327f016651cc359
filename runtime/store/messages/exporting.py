"""All that is kept of a person, as plain data: what they ask for, and what their operator hands out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from runtime.store.database import Db
from runtime.store.messages.erasures import files_of
from runtime.store.messages.message_json import load
from runtime.store.messages.people import Face, faces_of, known, person_of
from runtime.store.messages.person_values import values_of
from runtime.store.messages.profiles import customer_of, profile_of
from runtime.store.messages.seen_by import Seen, seen_by
from runtime.store.messages.shared import exported as places
from runtime.store.messages.tickets import find, lines_of

EXPORTED = 100_000
"""Messages of one person in a file at most."""

SAID = """
select seq, accepted_at, kind, text, reply, state, message, trace from messages indexed by conversation
where publication=? and sender=? order by seq limit ?
"""
TRACED = """
select seq, trace, accepted_at from messages indexed by conversation
where publication=? and sender=? and trace is not null order by seq desc limit ?
"""
LOOKED_AT = 5_000
"""Messages of one person on one surface, the newest."""
CONSENT = (
    "select answer, version, at from consents where publication=? and (sender=? or who=?)"
    " order by case answer when 'yes' then 0 when 'no' then 1 else 2 end limit 1"
)
"""In whatever conversation there it was given, see Message.who_there."""
SIGNED_IN = "select at, turned_at from families where publication=? and sender=? order by at"
REMINDERS = "select id, text, due from reminders where publication=? and sender=? order by due"


def exported_person(db: Db, face: Face) -> dict[str, Any]:
    """Of whoever writes there, on every surface on which they are the same person."""
    return {
        "publication": face.publication,
        "person": face.sender,
        "facts": [asdict(note) for note in known(db, face).notes],
        "values": {name: asdict(one) for name, one in values_of(db, person_of(db, face)).items()},
        "surfaces": [_surface(db, one) for one in faces_of(db, face)],
        "files": files_of(db, face),
    }


def _surface(db: Db, face: Face) -> dict[str, Any]:
    summary, of = known(db, face).summary, (face.publication, face.sender)
    consent = db.execute(CONSENT, (*of, face.sender)).fetchone()
    return {
        "publication": face.publication,
        "person": face.sender,
        "summary": summary.text if summary else "",
        "profile": asdict(profile_of(db, face)),
        "consent": dict(consent) if consent else None,
        "signed_in": [{"since": row["at"], "last": row["turned_at"]} for row in db.execute(SIGNED_IN, of)],
        "tickets": _tickets(db, of),
        "places": places(db, face),
        "reminders": [{"text": row["text"], "due": row["due"]} for row in db.execute(REMINDERS, of)],
        "customer": bound._asdict() if (bound := customer_of(db, face)) else None,
        "messages": list(_messages(db, face)),
    }


def seen_last(db: Db, face: Face) -> list[Seen]:
    """Each that got something of this person's, once, with all kinds of it."""
    found: dict[tuple[str, str], Seen] = {}
    for one in faces_of(db, face):
        for row in db.execute(TRACED, (one.publication, one.sender, LOOKED_AT)):
            for seen in seen_by(json.loads(row["trace"]), row["accepted_at"]):
                known = found.setdefault((seen["to"], seen["model"]), seen)
                known["what"] = sorted({*known["what"], *seen["what"]})
                known["at"] = max(known["at"], seen["at"])
    return sorted(found.values(), key=lambda one: -one["at"])


def _messages(db: Db, face: Face) -> Iterator[Mapping[str, Any]]:
    for row in db.execute(SAID, (face.publication, face.sender, EXPORTED)):
        whole = load(row["message"])
        yield {
            "number": row["seq"],
            "at": row["accepted_at"],
            "kind": row["kind"],
            "text": row["text"],
            "data": dict(whole.data),
            "reply": row["reply"] or "",
            "state": row["state"],
            "seen_by": seen_by(json.loads(row["trace"] or "[]"), row["accepted_at"]),
        }


def _tickets(db: Db, lane: tuple[str, str]) -> list[Mapping[str, Any]]:
    sql = "select id from tickets where publication=? and sender=? order by id"
    found = [find(db, row["id"]) for row in db.execute(sql, lane).fetchall()]
    return [{**vars(one), "lines": [vars(line) for line in lines_of(db, one.id)]} for one in found if one]
