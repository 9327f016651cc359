"""What a person may choose from: a Markdown list of links at the end of an answer.

    要办什么？
    - [查订单](menu:orders)
    - [退货](menu:return)

Who taps one says its value. It stays part of the answer's text wherever that goes (journal, store, API),
until a surface shows it as what it has for it: buttons, a menu, or lines with numbers.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from runtime.message import Message

MOST = 10
"""That an owner offers."""
MOST_READ = 30
"""…and a model: what a surface cannot show so many of goes as lines with numbers."""
LONGEST_TEXT = 60
"""Characters of one, as a person reads it…"""
LONGEST_VALUE = 200
"""…and of what it says."""
ITEM = re.compile(
    r"\s{0,8}(?:[-*+•·]|\d{1,2}[.)、])\s{1,4}\[((?:\\.|[^\[\]\\\n]){1,200})\]\(menu:([^()\s]{1,2400})\)\s*"
)
"""A character of a value is up to 12 signs in a link."""
SIGN = re.compile(r"[\\\[\]]")
ESCAPED = re.compile(r"\\(.)")
CJK = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
NUMBER = re.compile(r"(\d{1,2})[.、)）]?")
PLAIN = "!$&'*+,-./:;=?@_~"


@dataclass(frozen=True)
class Choice:
    """`text`: what a person reads; `value`: what choosing it says."""

    text: str
    value: str


@dataclass(frozen=True)
class Choices:
    question: str
    options: Sequence[Choice] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        return {"question": self.question, "options": [vars(one) for one in self.options]}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Choices":
        """As `to_json` made it."""
        return cls(str(data["question"]), tuple(Choice(one["text"], one["value"]) for one in data["options"]))

    def said_by(self, typed: str) -> Choice | None:
        """The one that is meant by a number or its words."""
        said = unicodedata.normalize("NFKC", typed).strip()
        if found := NUMBER.fullmatch(said):
            at = int(found[1]) - 1
            return self.options[at] if 0 <= at < len(self.options) else None
        return next((one for one in self.options if said in (one.text, one.value)), None)

    def with_value(self, value: str) -> Choice | None:
        return next((one for one in self.options if one.value == value), None)


def written(options: Sequence[Choice]) -> str:
    """As the end of an answer; "" for none."""
    return "".join(f"\n- [{_escaped(one.text)}](menu:{quote(one.value, PLAIN)})" for one in options[:MOST])


def read(markdown: str) -> tuple[str, list[Choice]]:
    """What stands before the choices, and these; of an answer that does not end in some all and none."""
    lines = markdown.rstrip().split("\n")
    found: list[Choice] = []
    while lines and len(found) <= MOST_READ and (item := ITEM.fullmatch(lines[-1])):
        one = _choice(item)
        if not one.text or not one.value or len(one.text) > LONGEST_TEXT or len(one.value) > LONGEST_VALUE:
            break
        found.insert(0, one)
        lines.pop()
    if not 0 < len(found) <= MOST_READ:
        return markdown, []
    return "\n".join(lines).rstrip(), found


def items(markdown: str) -> Iterator[Choice]:
    """All that stand anywhere in it, also before other text."""
    for line in markdown.split("\n"):
        if "](menu:" in line and (item := ITEM.fullmatch(line)):
            yield _choice(item)


def disguises(choice: Choice) -> bool:
    """Whether it says something else than what a person reads."""
    return choice.text.casefold() != " ".join(choice.value.split()).casefold()


def is_disguised(message: Message) -> bool:
    """Whether it says what its person did not read when they chose it: no word of their own."""
    label = message.data.get("choice")
    return label is not None and (not isinstance(label, str) or disguises(Choice(label, message.text)))


def are_chinese(question: str, options: Sequence[Choice]) -> bool:
    """Choices in which there are no letters, such as times of day, are in the question's language."""
    words = "".join(one.text for one in options)
    return bool(CJK.search(words if any(map(str.isalpha, words)) else question))


def numbered(question: str, options: Sequence[Choice]) -> str:
    """Lines for a surface that has nothing better, and how to choose there."""
    lines = [f"{n}. {one.text}" for n, one in enumerate(options, 1)]
    hint = "（回复数字选择）" if are_chinese(question, options) else "(Reply with a number)"
    return "\n".join([*lines, "", hint])


def _choice(item: re.Match[str]) -> Choice:
    return Choice(" ".join(ESCAPED.sub(r"\1", item[1]).split()), unquote(item[2]).strip())


def _escaped(text: str) -> str:
    return SIGN.sub(r"\\\g<0>", " ".join(text.split())[:LONGEST_TEXT])
