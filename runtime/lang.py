"""A sentence in the languages we speak.

Whoever writes a sentence writes it in Chinese and English, as two constants. What changes is a value and
never part of the pattern: `Text("没有「{name}」。", "There is no {name!r}.").fill(name=name)`.
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence or label, in Chinese and English."""

    zh: str
    en: str

    def to(self, lang: str) -> str:
        """The sentence in one language; anything but "zh" reads English."""
        return self.zh if lang == "zh" else self.en

    def fill(self, /, **values: object) -> "Text":
        """The same sentence with its {placeholders} filled in. A value may be a Text itself."""
        return Text(*(_filled(self.to(lang), values, lang) for lang in ("zh", "en")))

    def each(self, change: Callable[[str], str]) -> "Text":
        """The same sentence changed alike in every language."""
        return Text(change(self.zh), change(self.en))

    def bare(self) -> "Text":
        """Without the full stop, to go on within another sentence."""
        return self.each(lambda sentence: sentence.rstrip("。. "))

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


NOTHING = Text("", "")
"""No sentence at all."""


def as_it_is(words: str) -> Text:
    """What reads alike in every language: a name, what a person wrote, what a platform said."""
    return Text(words, words)


def listed(words: Iterable[str]) -> Text:
    """Names one after another."""
    names = list(words)
    return Text("、".join(names), ", ".join(names))


def joined(texts: Iterable[Text], between: Text = NOTHING) -> Text:
    """Sentences one after another, with what stands between two of them."""
    some = list(texts)
    return Text(*(between.to(lang).join(text.to(lang) for text in some) for lang in ("zh", "en")))


def _filled(pattern: str, values: dict[str, object], lang: str) -> str:
    return pattern.format(**{name: _said(value, lang) for name, value in values.items()})


def _said(value: object, lang: str) -> object:
    if isinstance(value, Text):
        return value.to(lang)
    return value if isinstance(value, str | int | float) else str(value)
