"""What somebody answers to the question how satisfied they were becomes their score, while nothing else was
said since."""

from dataclasses import replace
from typing import Any

from runtime.choices import Choices, is_disguised
from runtime.gateway.context import Context
from runtime.gateway.score_words import (
    LATE,
    LEFT_ALONE,
    LONGEST_NOTE,
    NOTED,
    STOPPED,
    TAPPED,
    THANKS,
    Said,
    read,
    shows,
    wish,
)
from runtime.gateway.surfaces import Surface
from runtime.message import Message
from runtime.store.messages.offered import OfferedRows
from runtime.store.messages.score_asking import AGAIN, ASKS, LANGUAGE
from runtime.store.messages.scores import SCORED, Question, ScoreRows, valid

DAY = 86_400.0
"""Seconds in which what is typed is about the question; a tap is as long as nobody is asked anew."""


class Scored:
    """Raises StoreFailed."""

    def __init__(self, context: Context) -> None:
        self._rows, self._clock = ScoreRows(context.messages.database), context.clock
        self._offered = OfferedRows(context.messages.database)

    async def understood(self, surface: Surface, message: Message) -> Message:
        """As a score, where it is one; the event of it otherwise looks like no message of anybody's."""
        if not surface.is_for_people or message.overheard:
            return message
        tap, said = tapped(message), None
        if tap is None and (message.kind != "text" or (said := read(message.text)) is None):
            return message
        if not await self._is_read(surface, message, tap):
            return message
        asked = await self._rows.question(surface.id, message.sender)
        if tap is not None:
            is_over = asked is None or self._clock() - asked.at > AGAIN
            return _event(message, Said(tap), None if is_over else asked, is_tap=True)
        assert said
        if asked is None or not asked.is_newest or self._clock() - asked.at > DAY:
            return message
        if said.score is None and not asked.score:
            return message
        return _event(message, said, asked)

    async def _is_read(self, surface: Surface, message: Message, tap: int | None) -> bool:
        """Whether they read what they say: what an answer offers may stand behind any words."""
        if tap is None:
            return not is_disguised(message)
        if isinstance(label := message.data.get("choice"), str):
            return shows(tap, label)
        data = await self._offered.with_value(surface.id, message.sender, message.text)
        found = Choices.of(data).with_value(message.text) if data else None
        return found is None or shows(tap, found.text)


def _event(message: Message, said: Said, asked: Question | None, *, is_tap: bool = False) -> Message:
    score = said.score if said.score is not None or asked is None else asked.score
    data: dict[str, Any] = {"event": SCORED, "of": asked.mark if asked else "", "score": score, "typed": True}
    data[LANGUAGE] = asked.language if asked else ""
    if is_tap:
        data["tapped"] = message.data
    words = message.text if said.score == 0 else said.note  # what they wish is looked up by its words
    return replace(message, kind="event", text=words[:LONGEST_NOTE], data=data)


def tapped(message: Message) -> int | None:
    """The score of a tap, or of a choice that was typed; these are of the newest question."""
    is_told = message.data.get("event") == "menu" or "choice" in message.data
    found = TAPPED.fullmatch(message.text) if is_told else None
    return int(found[1]) if found else None


def original(message: Message) -> Message | None:
    """The tap that a score came by."""
    data = message.data.get("tapped")
    if message.data.get("event") != SCORED or not isinstance(data, dict):
        return None
    text = f"{ASKS} {message.data['score']}"
    return replace(message, text=text, kind="event" if "event" in data else "text", data=data)


def told(surface: Surface, message: Message) -> str:
    """What whoever said so is answered; "" for what is no score."""
    if message.data.get("event") != SCORED or not message.data.get("typed"):
        return ""
    language = message.data.get(LANGUAGE) or surface.agent.language
    score = message.data.get("score")
    if not message.data.get("of"):
        return LATE.to(language)
    if not valid(score):
        return (LEFT_ALONE if wish(message.text) == "nothing" else STOPPED).to(language)
    return NOTED.to(language) if message.text else THANKS.fill(score=score).to(language)
