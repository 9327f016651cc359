"""Which columns hold what people wrote, said and are remembered by; the one list that sealing goes by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EMPTIED = '{"id": "", "sender": "", "text": "", "history": null}'
"""A message of which nothing can be read."""


@dataclass(frozen=True)
class Kept:
    """`key`: the columns that name a row, which its sealed values are bound to; `columns`: each with what
    stands for a value whose key is gone. `of`: whose key it is: of who wrote that message, of somebody on a
    surface, or of a person. `plain`: ends of the last column of the key, where the value stays as it is."""

    key: Sequence[str]
    columns: Mapping[str, str]
    of: str
    plain: Sequence[str] = ()


TABLES: Mapping[str, Kept] = {
    "messages": Kept(
        ("seq",),
        {"text": "", "message": EMPTIED, "reply": "", "response": "", "shown": "", "trace": "[]"},
        "message",
    ),
    "parts": Kept(("seq", "number"), {"text": "", "data": ""}, "message"),
    # a token of an address is looked for by its value: chance, and no word of anybody's
    "steps": Kept(("seq", "name"), {"result": "null"}, "message", plain=(".token",)),
    "summaries": Kept(("publication", "sender"), {"text": ""}, "face"),
    "notes": Kept(("person", "name"), {"value": ""}, "person"),
    "person_values": Kept(("person", "name"), {"value": "null", "former": ""}, "person"),
}
