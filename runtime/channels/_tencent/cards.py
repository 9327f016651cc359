"""Template cards of WeCom, on which a person taps what they choose: of apps and of bots alike.

https://developer.work.weixin.qq.com/document/path/101032
"""

from collections.abc import Mapping
from typing import Any

from runtime.channels import ChoiceLimits
from runtime.channels._text.printable import clean
from runtime.choices import Choices

LIMITS = ChoiceLimits(most=6, text=10, value=1024, question=112, in_bytes=False)
"""Buttons of 10 characters; the question is a card's title or the text below it."""
TITLE = 26
"""Characters."""


def buttons(choices: Choices, task: str) -> dict[str, Any]:
    """`task`: names the card, once for each."""
    return {
        "card_type": "button_interaction",
        **_question(choices.question),
        "button_list": [{"text": clean(one.text), "style": 1, "key": one.value} for one in choices.options],
        "task_id": task,
    }


def settled(choices: Choices | None, value: str, task: str) -> dict[str, Any]:
    """The same card when one was chosen: it says which, and there is nothing left to tap."""
    found = choices.with_value(value) if choices else None
    words = f"✓ {clean(found.text)}" if found else "✓"
    question = clean(choices.question) if choices and found else ""
    shown = {"main_title": {"title": words}, **({"sub_title_text": question} if question else {})}
    return {"card_type": "text_notice", **shown, "task_id": task}


def _question(question: str) -> Mapping[str, Any]:
    text = clean(question)
    return {"main_title": {"title": text}} if len(text) <= TITLE else {"sub_title_text": text}
