"""What Gradio's events in a chat mean: asked again, asked otherwise, taken back, liked."""

from dataclasses import replace
from typing import Any

from builder.actions.asking import START, Asker
from builder.actions.chats import kept_of, turn_at
from builder.actions.kept_chat import PLAYED, plain_text
from builder.actions.sent_files import files_in, text_of
from builder.studio import Studio
from runtime.errors import HongyanError
from runtime.trying.kept_chat import KeptChat, Turn

Going = tuple[str, Any, Any, str | None]
"""What is asked next: the text, the box, files, and after which turn; None: where the chat stands."""
NOTHING: Going = ("", "", [], None)


def again(studio: Studio, who: Asker, place: Any) -> Going:
    """The question at that place once more; its answers stay, as another way."""
    found = _found(studio, who, place)
    if found is None:
        return NOTHING
    turn = found[1]
    return (*_question(turn), turn.up or START)


def otherwise(studio: Studio, who: Asker, place: Any, text: str) -> Going:
    """Asked in other words; what came after it stays, as another way."""
    found = _found(studio, who, place)
    if found is None:
        return NOTHING
    turn = found[1]
    files = files_in(turn.said[0])
    return text_of(text, files), "", files, turn.up or START


def back(studio: Studio, who: Asker) -> tuple[Asker, str]:
    """The chat before its last question, and that question, to be written again."""
    try:
        chat = kept_of(studio, who.by, who.agent).find(who.chat)
    except HongyanError:
        return who, ""
    path = chat.path(who.tip)
    if not path:
        return who, ""
    return replace(who, tip=path[-1].up or START), _question(path[-1])[0]


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


def _found(studio: Studio, who: Asker, place: Any) -> tuple[KeptChat, Turn] | None:
    try:
        chat = kept_of(studio, who.by, who.agent).find(who.chat)
    except HongyanError:
        return None
    turn = turn_at(chat, who.tip, place)
    return None if turn is None else (chat, turn)


def _question(turn: Turn) -> tuple[str, Any, Any]:
    asked = turn.said[0]
    metadata = asked.get("metadata") or {}
    if metadata.get("id") == PLAYED:
        return str(metadata.get("log", "")), "", []
    files = files_in(asked)
    return text_of(plain_text(asked["content"]), files), "", files
