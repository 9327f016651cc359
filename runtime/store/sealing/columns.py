"""Which columns hold what people wrote, said and are remembered by; the one list that sealing goes by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

EMPTIED = '{"id": "", "sender": "", "text": "", "history": null}'
"""A message of which nothing can be read."""

Of = Literal["message", "face", "person", "said", "ticket", "nobody"]
WHOSE: Mapping[Of, Sequence[str]] = {
    "message": ("seq",),
    "face": ("publication", "sender"),
    "person": ("person",),
    "said": ("publication", "receiver", "key"),
    "ticket": ("ticket",),
    "nobody": (),
}
"""Columns by which it is told whose key seals a row: of who wrote that message, of somebody on a surface, of
a person, of who is told something or about whom, of whose ticket it is; the one that is nobody's."""


@dataclass(frozen=True)
class Kept:
    """`key`: the columns that name a row, which its sealed values are bound to; `columns`: each with what
    stands for a value whose key is gone. `of`: whose key it is. `plain`: ends of the last column of the key,
    where the value stays as it is. `is_numbered`: the store gives the key, once the row is there.
    `one_of`: columns of which the store takes the same values once, but cannot tell where one is sealed."""

    key: Sequence[str]
    columns: Mapping[str, str]
    of: Of
    plain: Sequence[str] = ()
    is_numbered: bool = False
    one_of: Sequence[str] = ()


NUMBER = ("id",)
TABLES: Mapping[str, Kept] = {
    "messages": Kept(
        ("seq",),
        {
            "text": "",
            "message": EMPTIED,
            "reply": "",
            "reason": "",
            "response": "",
            "shown": "",
            "trace": "[]",
        },
        "face",
        is_numbered=True,
    ),
    "parts": Kept(("seq", "number"), {"text": "", "data": ""}, "message"),
    # a token of an address is looked for by its value: chance, and no word of anybody's
    "steps": Kept(("seq", "name"), {"result": "null"}, "message", plain=(".token",)),
    "summaries": Kept(("publication", "sender"), {"text": ""}, "face"),
    "notes": Kept(("person", "name"), {"value": ""}, "person"),
    "person_values": Kept(("person", "name"), {"value": "null", "former": ""}, "person"),
    "profiles": Kept(("publication", "sender"), {"account": "", "name": "", "language": ""}, "face"),
    "reminders": Kept(NUMBER, {"text": ""}, "face", is_numbered=True),
    "outbox": Kept(NUMBER, {"text": ""}, "said", is_numbered=True),
    "tickets": Kept(
        NUMBER, {"reason": "", "summary": "", "sentiment": "", "draft": ""}, "face", is_numbered=True
    ),
    "ticket_lines": Kept(NUMBER, {"text": ""}, "ticket", is_numbered=True),
    "waits": Kept(
        NUMBER, {"what": "[]", "data": "{}", "carried": "{}", "came": "{}"}, "face", is_numbered=True
    ),
    "judged": Kept(
        NUMBER,
        {"what": "", "excerpt": ""},
        "face",
        is_numbered=True,
        one_of=("seq", "place", "kind", "what"),
    ),
    "runs": Kept(NUMBER, {"begun": "{}"}, "nobody", is_numbered=True),
    "answers": Kept(("key",), {"question": "", "meaning": "", "answer": ""}, "message"),
}
BYTES = frozenset({("answers", "meaning")})
"""Those that are no text."""
COVERS = hashlib.sha256(repr([(name, *kept.columns) for name, kept in TABLES.items()]).encode()).hexdigest()
"""Tells this list from that of another version: what came to it since is sealed, too."""

IDS = "the platform's, or ours: by it what comes and goes finds its place"
PLAIN_EVERYWHERE: Mapping[str, str] = {
    "publication": IDS,
    "sender": IDS,
    "receiver": IDS,
    "agent": "an agent's id",
    "state": "one of ours, see states.py",
    "kind": "one of ours",
    "hash": "of what is sealed or not kept at all",
}
PLAIN: Mapping[str, str] = {
    "messages.key": IDS,
    "messages.failure": "a code of ours, by which failures are counted",
    "messages.page": "chance, the secret of an address",
    "messages.finish": "one of ours: why an answer ends",
    "parts.route": "one of ours",
    "parts.code": "the platform's",
    "steps.name": "a block's and a step's, as the agent's owner called them",
    "media.type": "a media type",
    "outbox.key": IDS,
    "outbox.code": "the platform's, or ours",
    "notes.name": "what a fact is called, by which it is found and replaced; what it says is sealed",
    "notes.source": "one of ours",
    "person_values.name": "what the agent's owner called it",
    "person_values.by": "one of ours",
    "customers.customer": "the number that the owner's own system knows them by, looked for by its value",
    "customers.how": "a hash",
    "tickets.taken_by": "an operator's id",
    "ticket_lines.by": "an operator's id, or an agent's",
    "ticket_lines.key": "chance, by which a deed is done once",
    "run_people.code": "one of ours",
    "reminders.key": "a step's name, by which it is set once",
    "waits.block": "as the agent's owner called it",
    "waits.step": "as the agent's owner called it",
    "waits.token": "a hash",
    "judged.place": "one of ours",
    "judged.action": "one of ours",
    "judged.why": "a sentence of ours: why a check could not look",
    "judged.verdict": "one of ours",
    "families.id": "chance, by which a session is found",
    "families.former": "a hash",
    "families.attempt": "a hash",
    "answers.key": "a hash",
    "answers.grp": "a hash",
    "runs.start": "as the agent's owner called it",
    "runs.key": "what it is due for, by which it runs once",
    "runs.place": IDS,
    "runs.code": "one of ours",
    "shared_claims.name": "as the agent's owner called it",
    "shared_claims.key": "of which of what is given to all, as the agent's owner says: a day, an hour",
    "consents.version": "a hash of the text",
    "consents.answer": "yes, no, or asked",
    "consents.who": IDS,
}
"""Columns of tables about people that are not sealed, and why; whole tables without a word of theirs stand in
messages/erasing.py."""
