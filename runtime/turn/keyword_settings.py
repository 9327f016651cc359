"""Answers that are ready."""

from typing import Annotated, Literal

from pydantic import Field

from runtime.lang import Text
from runtime.schema import Strict, setting

Match = Literal["exact", "contains"]
MATCHES: dict[Match, Text] = {
    "exact": Text("整句就是这个词", "The message is the word"),
    "contains": Text("话里有这个词", "The message contains the word"),
}
Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]


class Keyword(Strict):
    """An answer that is ready: who says one of the words gets it at once, and no model is asked."""

    words: list[Word] = setting(
        title=Text("关键词", "Keywords"),
        hint=Text("一条里有几个都行，说中一个就算", "Several may stand in one; any of them counts"),
        min_length=1,
        max_length=20,
    )
    match: Match = setting(
        "exact",
        title=Text("怎样算说到", "When it counts"),
        hint=Text("不分大小写和全角半角", "Upper and lower case, and wide letters, are the same"),
        choices=lambda: {match: text for match, text in MATCHES.items()},
    )
    text: str = setting(
        title=Text("回答", "Answer"),
        hint=Text("不问模型，直接这样说", "Said as it stands; no model is asked"),
        widget="area",
        min_length=1,
        max_length=5000,
    )
