"""Tool calls while their pieces come in, from servers that number them, name them, or do neither."""

import itertools
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime import wellformed
from runtime.models.completion import ToolCall
from runtime.models.reading.said import MOST_CALLS, CallPiece

MOST_LOOKS = 200
"""Times that it is looked whether a call's arguments are there: each reads all of them."""


@dataclass
class _Call:
    id: str = ""
    names: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    looks: int = 0


class CallPieces:
    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._places: dict[int, _Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def add(self, pieces: Sequence[CallPiece]) -> int:
        """Take the next pieces, of at most MOST_CALLS calls. How many characters they have."""
        size = 0
        now: list[_Call] = []
        for piece in pieces:
            call = self._of(piece, now)
            if call is None:
                continue
            now.append(call)
            call.id = call.id or piece.id
            if piece.name:
                call.names.append(piece.name)
            if piece.whole:
                call.arguments = [piece.arguments]
            elif piece.arguments and not (piece.name and _is_said(piece, call)):
                call.arguments.append(piece.arguments)
            call.more |= piece.more
            size += len(piece.arguments) + len(piece.name) + len(piece.id)
        return size

    def finished(self, known: Collection[str]) -> tuple[ToolCall, ...]:
        """The calls, whole and well-formed. `known`: names of the offered tools."""
        taken: set[str] = set()
        done = []
        for i, call in enumerate(self._calls):
            id = wellformed.text(call.id)
            if not id or id in taken:
                numbers = itertools.count(i)
                id = next(free for n in numbers if (free := f"call_{n}") not in taken)
            taken.add(id)
            name = wellformed.text(_name(call.names, known))
            done.append(ToolCall(id, name, _arguments(call.arguments), wellformed.data(call.more)))
        return tuple(done)

    def _of(self, piece: CallPiece, now: Sequence[_Call]) -> _Call | None:
        """The call that a piece is of. `now`: those that pieces before it in the same list are of."""
        call = self._known(piece)
        if call is None or _begins(piece, call, beside=any(one is call for one in now)):
            if not (piece.name or piece.id or piece.arguments) or len(self._calls) >= MOST_CALLS:
                return None
            call = _Call()
            self._calls.append(call)
        if piece.index is not None:
            self._places[piece.index] = call
        return call

    def _known(self, piece: CallPiece) -> _Call | None:
        """By its number, else by its id; neither a number nor an id: it goes on with the last one."""
        if piece.index is not None:
            return self._places.get(piece.index)
        if piece.id:
            return next((one for one in reversed(self._calls) if one.id == piece.id), None)
        return self._calls[-1] if self._calls else None


def _begins(piece: CallPiece, call: _Call, *, beside: bool) -> bool:
    """Whether another call begins, although its number or id is that of one before: some servers give every
    call of a round the same (Gemini's, as OpenAI's), or none. `beside`: both are in one list."""
    if piece.id and call.id and piece.id != call.id:
        return not _goes_on(call, piece)
    if not piece.name:
        return False
    is_whole = _is_whole(call)
    if beside and (is_whole or not call.arguments):
        return True
    if not is_whole:
        return False
    if piece.name not in call.names:
        return True
    if piece.index is None and not piece.id:
        return True
    # Who repeats name and id may also say it all again: another call has arguments of its own.
    again = piece.id or "".join(call.arguments).strip() in ("{}", piece.arguments.strip())
    return bool(piece.arguments) and not again


def _is_said(piece: CallPiece, call: _Call) -> bool:
    """All of it again; were it added, what follows could not be told from it."""
    return call.arguments == [piece.arguments] and _is_whole(call)


def _goes_on(call: _Call, piece: CallPiece) -> bool:
    """Some servers make up a new id for each piece: without a name it goes on with an unfinished call."""
    return not piece.name and bool(piece.arguments) and not _is_whole(call)


def _is_whole(call: _Call) -> bool:
    """Its arguments so far are JSON to their end. Looked at so often, not with each of endless pieces."""
    if not call.arguments or not call.arguments[-1].rstrip().endswith("}") or call.looks >= MOST_LOOKS:
        return False
    call.looks += 1
    return _is_object("".join(call.arguments))


def _name(pieces: Sequence[str], known: Collection[str]) -> str:
    """As it was offered, also where the model put its namespace or a mark beside it: functions.add:0 ."""
    name = _joined(pieces, known)
    parts = [] if name in known else [part for part in re.findall(r"[\w-]+", name) if part in known]
    return parts[0] if len(parts) == 1 else name


def _joined(pieces: Sequence[str], known: Collection[str]) -> str:
    """Of pieces of a name, or of a name that each piece repeats."""
    joined = "".join(pieces)
    if joined in known or len(set(pieces)) < 2:
        return joined if joined in known else (pieces[0] if pieces else "")
    if pieces[-1] in known or all(piece.startswith(before) for before, piece in itertools.pairwise(pieces)):
        return pieces[-1]
    return pieces[0] if pieces[0] in known else joined


def _arguments(pieces: Sequence[str]) -> str:
    """JSON text, as it was meant: of pieces, or of a whole that was repeated, begun anew or packed twice."""
    joined = "".join(pieces).strip()
    if not joined or joined in ("null", "None"):
        return "{}"
    ways = [joined, joined.removeprefix("{}"), *pieces[-1:], *pieces[:1], _unfenced(joined), _once(joined)]
    for way in ways:
        found = _object(way)
        packed = isinstance(found, str)
        found = _object(found) if packed else found
        if isinstance(found, dict):
            return _dumped(found) if packed else wellformed.text(way)
    return wellformed.text(joined)


def _unfenced(text: str) -> str:
    if not text.startswith("```"):
        return text
    return text.partition("\n")[2].strip().removesuffix("```").strip()


def _once(text: str) -> str:
    """The object that is all of it, when only itself or a model's mark follows."""
    try:
        end = json.JSONDecoder().raw_decode(text)[1] if text.startswith("{") else 0
    except (ValueError, RecursionError):
        return ""
    rest = text[end:].strip()
    return (
        text[:end]
        if rest == text[:end] or re.fullmatch(r"(?:</?[|｜]?[\w▁:]{1,40}[|｜]?>\s*)+", rest)
        else ""
    )


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_object(text: str) -> bool:
    return isinstance(_object(text), dict)


def _object(text: str) -> Any:
    try:
        return wellformed.load(text)
    except ValueError:
        return None
