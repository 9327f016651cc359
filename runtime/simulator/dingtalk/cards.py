"""AI cards of one robot, as a person sees them.

https://open.dingtalk.com/document/development/create-and-deliver-cards
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

STATES = {"1": "processing", "2": "writing", "3": "finished", "4": "executing", "5": "failed"}
MOST = 32 * 1024
"""Bytes of a card's text."""


@dataclass
class Card:
    """`chat`: where it was put; "" for one that is nowhere yet. `versions`: when, and the text."""

    track: str
    template: str
    chat: str = ""
    state: str = "1"
    text: str = ""
    final: bool = False
    versions: list[tuple[float, str]] = field(default_factory=list)


class Cards:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.made: dict[str, Card] = {}
        """By the name that their maker gave them."""

    def create(self, told: dict[str, Any]) -> str:
        """A code of the refusal; "" for none."""
        track, template = told.get("outTrackId"), told.get("cardTemplateId")
        shown = told.get("cardData", {}).get("cardParamMap")
        if not isinstance(track, str) or not 0 < len(track) <= 64 or not isinstance(shown, dict):
            return "param.error"
        if not isinstance(template, str) or not template.endswith(".schema"):
            return "param.templateNotExist"
        if any(not isinstance(value, str) for value in shown.values()):
            return "param.error"
        if track in self.made:
            return "param.outTrackIdExist"
        self.made[track] = Card(track, template, state=str(shown.get("flowStatus", "1")))
        return ""

    def deliver(self, told: dict[str, Any], members: set[str], groups: set[str]) -> str:
        card = self.made.get(str(told.get("outTrackId")))
        space, _, where = str(told.get("openSpaceId", "")).removeprefix("dtv1.card//").partition(".")
        group, alone = told.get("imGroupOpenDeliverModel"), told.get("imRobotOpenDeliverModel")
        if card is None:
            return "param.cardNotExist"
        in_group = space == "IM_GROUP" and where in groups and isinstance(group, dict)
        if not (in_group or (space == "IM_ROBOT" and where in members and isinstance(alone, dict))):
            return "param.spaceError"
        card.chat = where
        return ""

    def update(self, told: dict[str, Any]) -> str:
        card = self.made.get(str(told.get("outTrackId")))
        shown = told.get("cardData", {}).get("cardParamMap")
        if card is None or not isinstance(shown, dict):
            return "param.cardNotExist"
        if any(not isinstance(value, str) for value in shown.values()):
            return "param.error"
        if (state := shown.get("flowStatus")) is not None:
            if state not in STATES:
                return "param.error"
            card.state = state
        if card.state in ("3", "5") and "msgContent" in shown:
            self._show(card, shown["msgContent"])
        return ""

    def stream(self, told: dict[str, Any]) -> str:
        card = self.made.get(str(told.get("outTrackId")))
        if card is None or not card.chat:
            return "param.cardNotExist"
        text = told.get("content")
        if told.get("key") != "msgContent" or not isinstance(text, str) or not told.get("guid"):
            return "param.error"
        if card.final or card.state != "2" or len(text.encode()) > MOST:
            return "param.stateError"
        self._show(card, text if told.get("isFull") else card.text + text)
        card.final = told.get("isFinalize") is True
        return ""

    def _show(self, card: Card, text: str) -> None:
        if text != card.text:
            card.text = text
            card.versions.append((self._clock(), text))
