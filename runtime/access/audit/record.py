"""One record of the audit log, its canonical text, and the hash that holds it to the one before."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from runtime import wellformed

Status = Literal["done", "refused", "failed"]
COMMAND_LINE = "command line"
LONGEST = 200
"""Characters of a value."""
MOST = 20
"""Values before, and after."""
KEY = re.compile(r"\b(hy-|sk-)(\S{4})\S+")
"""What is pasted where an id belongs may be a key."""
CHANGED = "changed"
"""All that is said of a secret."""


@dataclass(frozen=True)
class Deed:
    """What somebody does. `origin`: address and session, or "command line"; `what`: `area.action`."""

    who: str
    origin: str
    what: str
    kind: str = ""
    of: str = ""

    def bounded(self) -> "Deed":
        return Deed(*(bounded(value) for value in vars(self).values()))


@dataclass(frozen=True)
class Record:
    """`at`: in UTC; `previous`, `hash`: SHA-256 of the canonical text, in hexadecimal."""

    number: int
    at: str
    who: str
    origin: str
    what: str
    kind: str
    of: str
    status: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    previous: str
    hash: str = ""

    @property
    def text(self) -> str:
        """Without its hash: JSON with sorted keys, no spaces, and letters as they are, in UTF-8."""
        about = {name: value for name, value in vars(self).items() if name != "hash"}
        return json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def sealed(self) -> "Record":
        return replace(self, hash=hash_of(self.text))

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "before": list(self.before), "after": list(self.after)}


def made(deed: Deed, status: Status, before: tuple[str, ...], after: tuple[str, ...]) -> Record:
    """Before it has a place in the chain."""
    first, then = (tuple(bounded(value) for value in values[:MOST]) for values in (before, after))
    about = vars(deed.bounded())
    return Record(0, "", **about, status=status, before=first, after=then, previous="")


def read(text: str, hash: str = "") -> Record:
    """Raises ValueError, TypeError, KeyError for what is no record."""
    about = wellformed.load(text.encode())
    if not isinstance(about, dict):
        raise TypeError("no record")
    lists = {name: tuple(about[name]) for name in ("before", "after")}
    return Record(**{**about, **lists}, hash=hash)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def time_of(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bounded(value: object) -> str:
    """On one line, without half characters, of no more than LONGEST, and without a key."""
    text = str(value).encode("utf-8", "replace").decode().replace("\0", " ")
    text = KEY.sub(r"\1\2…", " ".join(text.split()))
    # a terminal or a page would act on these, and a line of the log would hide another
    text = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
