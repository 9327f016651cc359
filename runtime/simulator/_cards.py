"""Cards with buttons, as a person sees them, and their tap."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")


@dataclass
class Card:
    """`chat`: where it is. What it shows changes once somebody tapped it."""

    chat: str
    told: dict[str, Any]
    settled: list[str] = field(default_factory=list)
    """What it was changed to."""

    @property
    def buttons(self) -> Mapping[str, str]:
        """What each says, by its words."""
        return {one["text"]: one["key"] for one in self.told.get("button_list", ())}


class Cards:
    """Of one account."""

    def __init__(self) -> None:
        self.shown: dict[str, Card] = {}
        """By the name of the task."""

    def take(self, chat: str, told: object) -> str | None:
        """What a phone shows of it; None for one that is refused."""
        if not isinstance(told, dict) or not _is_card(told) or told["task_id"] in self.shown:
            return None
        self.shown[told["task_id"]] = Card(chat, told)
        return words(told)

    @property
    def newest(self) -> Card:
        return next(reversed(self.shown.values()))

    def tapped(self, chat: str, label: str, saying: str = "") -> tuple[str, Card, str]:
        """The newest card with that button and these words: its task, itself, and the button's key. Raises
        LookupError."""
        for task, card in reversed(self.shown.items()):
            if (
                card.chat == chat
                and not card.settled
                and label in card.buttons
                and saying in words(card.told)
            ):
                return task, card, card.buttons[label]
        raise LookupError(f"nothing to tap says {label}")


def words(told: Mapping[str, Any]) -> str:
    title = told.get("main_title", {}).get("title", "")
    buttons = [one["text"] for one in told.get("button_list", ())]
    return "\n".join(filter(None, (title, told.get("sub_title_text", ""), *buttons)))


def _is_card(told: dict[str, Any]) -> bool:
    buttons, task = told.get("button_list", []), told.get("task_id", "")
    keys = [one.get("key", "") for one in buttons]
    return (
        told.get("card_type") == "button_interaction"
        and bool(words(told))
        and 0 < len(buttons) <= 6
        and len(set(keys)) == len(keys)
        and all(0 < len(key.encode()) <= 1024 for key in keys)
        and all(one.get("text") for one in buttons)
        and 0 < len(task.encode()) <= 128
        and all(sign.isascii() and (sign.isalnum() or sign in "_-@") for sign in task)
        and bool(json.dumps(told))
    )
