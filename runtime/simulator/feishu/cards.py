"""Cards of one bot, as a person sees them: JSON 2.0 in messages, and their CardKit entities.

https://open.feishu.cn/document/cardkit-v1/card-element/content
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LARGEST = 30 * 1024
STREAMING = 600.0
"""Seconds after which a card streams no more by itself."""


@dataclass
class Card:
    told: dict[str, Any]
    began: float
    id: str = ""
    """Of its entity."""
    sequence: int = 0
    versions: list[tuple[float, str]] = field(default_factory=list)

    @property
    def is_streaming(self) -> bool:
        return self.told.get("config", {}).get("streaming_mode") is True

    @property
    def elements(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.told["body"]["elements"]
        return found

    @property
    def text(self) -> str:
        return "\n".join(one["content"] for one in self.elements if one["tag"] == "markdown")

    @property
    def buttons(self) -> dict[str, Any]:
        """What each sends, by its words."""
        return {
            one["text"]["content"]: one["behaviors"][0]["value"]
            for one in self.elements
            if one["tag"] == "button"
        }

    def show(self, at: float) -> None:
        if not self.versions or self.versions[-1][1] != self.text:
            self.versions.append((at, self.text))


def card_of(content: str, at: float) -> Card | None:
    """None for what is no card that is taken."""
    told = json.loads(content)
    elements = told.get("body", {}).get("elements")
    if told.get("schema") != "2.0" or not isinstance(elements, list) or len(content.encode()) > LARGEST:
        return None
    if told.get("config", {}).get("update_multi") is not True:
        return None
    for one in elements:
        is_text = one.get("tag") == "markdown" and one.get("content")
        is_button = one.get("tag") == "button" and one.get("text", {}).get("content") and one.get("behaviors")
        if not (is_text or is_button):
            return None
    card = Card(told, at)
    card.show(at)
    return card


class Kit:
    """CardKit: what is done to a card by its entity's id."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.entities: dict[str, Card] = {}

    def convert(self, card: Card) -> str:
        if not card.id:
            card.id = f"73554391974282{len(self.entities):05d}"
            self.entities[card.id] = card
        return card.id

    def write(self, id: str, element: str, told: dict[str, Any]) -> int:
        card = self.entities.get(id)
        if card is None:
            return 200740
        if code := self._in_order(card, told):
            return code
        if not card.is_streaming:
            return 300309
        if self._clock() - card.began > STREAMING:
            return 200850
        found = next((one for one in card.elements if one.get("element_id") == element), None)
        if found is None or found["tag"] != "markdown" or not told.get("content"):
            return 300310
        if len(told["content"].encode()) > LARGEST:
            return 200860
        found["content"] = told["content"]
        card.show(self._clock())
        return 0

    def settings(self, id: str, told: dict[str, Any]) -> int:
        card = self.entities.get(id)
        if card is None:
            return 200740
        if code := self._in_order(card, told):
            return code
        card.told["config"] |= json.loads(told["settings"])["config"]
        return 0

    def _in_order(self, card: Card, told: dict[str, Any]) -> int:
        sequence = told.get("sequence")
        if type(sequence) is not int or not 0 < sequence < 2**31:
            return 10002
        if sequence <= card.sequence:
            return 300317
        card.sequence = sequence
        return 0
