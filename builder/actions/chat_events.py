"""What Gradio's events in a chat mean: asked again, asked otherwise, taken back, liked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from builder.actions.asking import START, Asker
from builder.actions.chats import kept_of, turn_at
from builder.actions.kept_chat import PLAYED, plain_text
from builder.actions.sent_files import files_in, text_of
from builder.studio import Studio
from runtime.errors import HongyanError
from runtime.trying.kept_chat import KeptChat, Turn

Asked = tuple[str, Sequence[Any], str]
"""What is asked: the text, its files, and after which turn."""


def again(studio: Studio, who: Asker, place: Any) -> Asked | None:
    """The question at that place once more; its answers stay, as another way."""
    found = _found(studio, who, place)
    return None if found is None else (*question(found[1]), found[1].up or START)


def otherwise(studio: Studio, who: Asker, place: Any, text: str) -> Asked | None:
    """Asked in other words; what came after it stays, as another way."""
    found = _found(studio, who, place)
    if found is None:
        return None
    files = files_in(found[1].said[0])
    return text_of(text, files), files, found[1].up or START


def back(studio: Studio, who: Asker) -> tuple[Asker, tuple[str, Sequence[Any]]]:
    """The chat before its last question, and that question, to be written again."""
    path = _path(studio, who)
    if not path:
        return who, ("", [])
    return replace(who, tip=path[-1].up or START), question(path[-1])


def before(studio: Studio, who: Asker, number: Any) -> Asker:
    """Where that question was asked, 0: the first, -1: the last; where the chat stands, if there is none."""
    turn = _numbered(studio, who, number)
    return who if turn is None else replace(who, tip=turn.up or START)


def asked_then(studio: Studio, who: Asker, number: Any) -> tuple[str, Sequence[Any]]:
    """That question of the chat, to be written otherwise; nothing where there is none."""
    turn = _numbered(studio, who, number)
    return ("", []) if turn is None else question(turn)


def liked(studio: Studio, who: Asker, place: Any, verdict: Any) -> dict[str, Any]:
    """Keep what is thought of an answer: {turn, good}, where a note can be added."""
    found = _found(studio, who, place)
    if found is None:
        return {"turn": "", "good": None}
    good = verdict if isinstance(verdict, bool) else None
    try:
        kept_of(studio, who.by, who.agent).rate(who.chat, found[1].id, good, "")
    except HongyanError as e:
        return {"turn": "", "good": None, "failed": e.text.by_language()}
    return {"turn": found[1].id, "good": good}


def question(turn: Turn) -> tuple[str, Sequence[Any]]:
    """The text and the files of what was asked."""
    asked = turn.said[0]
    metadata = asked.get("metadata") or {}
    if metadata.get("id") == PLAYED:
        return str(metadata.get("log", "")), []
    files = files_in(asked)
    return text_of(plain_text(asked["content"]), files), [one for one in files if "hash" in one]


def _path(studio: Studio, who: Asker) -> list[Turn]:
    try:
        return kept_of(studio, who.by, who.agent).find(who.chat).path(who.tip)
    except HongyanError:
        return []


def _numbered(studio: Studio, who: Asker, number: Any) -> Turn | None:
    path = _path(studio, who)
    is_one = isinstance(number, int) and not isinstance(number, bool)
    return path[number] if is_one and -len(path) <= number < len(path) else None


def _found(studio: Studio, who: Asker, place: Any) -> tuple[KeptChat, Turn] | None:
    try:
        chat = kept_of(studio, who.by, who.agent).find(who.chat)
    except HongyanError:
        return None
    turn = turn_at(chat, who.tip, place)
    return None if turn is None else (chat, turn)
