"""What instances say to each other of a turn while it runs. All of it may vanish: its end is in the store."""

import json
from collections.abc import Sequence
from typing import Literal, TypeVar

from pydantic import ValidationError

from runtime.message import Message
from runtime.schema import Strict
from runtime.store.vanishing import Name, hashed

S = TypeVar("S", bound=Strict)

ASKED: Name = ("who listens",)
"""Where whoever wants to hear of a turn asks for it."""
PRESENT = 15.0
"""Seconds after which who has not asked again does not listen any more."""


class Ask(Strict):
    """`by`: who listens. `pieces`: the text is wanted as it is written. `leaves`: it listens no more, and
    `needs_listener`: the turn is for nobody else. `halts`: its person wants no more of it."""

    seq: int
    turn: str
    by: str
    pieces: bool = False
    leaves: bool = False
    needs_listener: bool = False
    halts: bool = False


class Piece(Strict):
    """A piece of a block's text; None: what it wrote so far is void."""

    block: str
    text: str | None


class End(Strict):
    """How it ended, beside what the store knows."""

    kind: Literal["replied", "waited", "failed"]
    ms: int = 0
    finish: str = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    block: str = ""
    wait: str = ""
    zh: str = ""
    en: str = ""
    until: float | None = None


class Told(Strict):
    """`by`: who tells, anew with each that works on the turn; `number`: from 0, one after the other.
    `is_whole`: nothing of the text was written before this."""

    by: str
    number: int
    is_whole: bool
    pieces: Sequence[Piece] = ()
    end: End | None = None


def name_of(publication: str, message: Message, seq: int) -> Name:
    """Numbers alone are those of other databases too, which may share what vanishes."""
    return "turn", publication, message.sender, message.id, str(seq)


def asked_for(name: Name) -> str:
    return hashed(name)


def written(said: Strict) -> bytes:
    """Half a surrogate pair, as a model may write it, is no reason to stop."""
    return json.dumps(said.model_dump()).encode()


def read(kind: type[S], told: bytes) -> S | None:
    """None: it is of another version, or of nobody of ours."""
    try:
        return kind.model_validate_json(told)
    except ValidationError:
        return None
