"""A part of an answer as it is stored, and what a response to a callback held."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runtime.answer import PartKind


@dataclass(frozen=True)
class Part:
    """A piece of an answer, see answer.AnswerPart. `data` also holds what became of it meanwhile."""

    seq: int
    number: int
    text: str
    kind: PartKind = "text"
    data: Mapping[str, Any] = field(default_factory=dict)
    bounces: int = 0
    """How often parts of its answer were said not to have arrived."""


class Carried(NamedTuple):
    """What a response holds. `says_more`: it also tells where the parts are that are not in it. `shown`: it
    is more than text, and `text` says the same in words."""

    text: str
    parts: Sequence[Part]
    says_more: bool = False
    shown: Mapping[str, Any] | None = None


class Response(NamedTuple):
    """As it was recorded."""

    text: str
    shown: Mapping[str, Any] | None = None


def recorded(text: str, shown: str | None) -> Response:
    return Response(text, json.loads(shown) if shown else None)
