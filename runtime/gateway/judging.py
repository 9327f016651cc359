"""A thumb that somebody types is what they think of the answer before it, where its owner wants to know."""

import re
from dataclasses import replace

from runtime.choices import is_disguised
from runtime.gateway.context import Context
from runtime.gateway.score_words import wish
from runtime.gateway.scored import Scored, told
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.message import Message
from runtime.store.messages.own_history import OwnHistory
from runtime.store.messages.ratings import answer_mark
from runtime.store.messages.scores import SCORED
from runtime.store.messages.wished import WISH

DAY = 86_400.0
"""Seconds after an answer in which a thumb is about it: later it is something that somebody says."""
LONGEST_NOTE = 500
GOOD, BAD = ("👍", "[强]", "/:strong", "[ThumbsUp]"), ("👎", "[弱]", "/:weak", "[ThumbsDown]")
"""As it is typed, and as surfaces write their own of the two."""
TONES = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
NOTED = re.compile(
    rf"\s*({'|'.join(map(re.escape, (*GOOD, *BAD)))})\s*(?:[:：]\s*(.*))?", re.DOTALL | re.IGNORECASE
)
"""Alone, or with a colon and a note behind it."""
TYPED = "typed"
"""In the data of a judgement that came as words, so that it is answered with some."""
THANKS = Text("谢谢，已经记下。", "Thank you, that is noted.")


class Judging:
    """Raises StoreFailed."""

    def __init__(self, context: Context) -> None:
        self._history, self._clock = OwnHistory(context.messages.database), context.clock
        self._scored = Scored(context)

    async def understood(self, surface: Surface, message: Message) -> Message:
        """As a score of the conversation, or a judgement of the newest answer that this person got, where it
        is one; marked where it says what they want unasked."""
        message = await self._meant(surface, message)
        return marked(message) if surface.is_for_people else message

    async def _meant(self, surface: Surface, message: Message) -> Message:
        message = await self._scored.understood(surface, message)
        if not surface.publication.judged or not surface.is_for_people:
            return message
        if message.kind == "event" and isinstance(on := message.data.get("on"), str):
            return await self._named(surface, message, on)
        if message.kind != "text" or is_disguised(message):
            return message
        found = NOTED.fullmatch(TONES.sub("", message.text[: LONGEST_NOTE + 100]))
        if found is None:
            return message
        newest = await self._history.newest_answered(surface.id, message.sender, self._clock() - DAY)
        if newest is None:
            return message
        seq, key = newest
        good = found[1].lower() in {one.lower() for one in GOOD}
        mark = answer_mark(surface.id, message.sender, key, seq)
        data = {"event": "rated", "of": mark, "verdict": "good" if good else "bad", TYPED: True}
        note = (found[2] or "").strip()[:LONGEST_NOTE]
        return replace(message, kind="event", text=note, data=data)

    async def _named(self, surface: Surface, message: Message, on: str) -> Message:
        """What was sent so, as the answer that it is of; of what nobody knows it says nothing."""
        found = await self._history.sent_as(surface.id, message.sender, on)
        mark = answer_mark(surface.id, message.sender, found[1], found[0]) if found else ""
        return replace(message, data={**message.data, "of": mark})


def thanks(surface: Surface, message: Message) -> str:
    """To whoever judged in words; "" to others, who see it where they tapped."""
    if message.data.get("event") == SCORED:
        return told(surface, message)
    return THANKS.to(surface.agent.language) if message.data.get(TYPED) is True else ""


def marked(message: Message) -> Message:
    """What is tapped or chosen is the agent's word, and what is said in a group is nobody's wish."""
    is_said = message.kind == "text" and "choice" not in message.data
    is_answer = message.data.get("event") == SCORED and message.data.get("score") == 0
    if message.overheard or not (is_said or is_answer):
        return message
    found = wish(message.text)
    return replace(message, data={**message.data, WISH: found}) if found else message
